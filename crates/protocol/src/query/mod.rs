//! AWS Query: the operation in `Action=`, members in dotted names, replies in XML.
//!
//! Smithy, "AWS Query protocol". sts and iam speak it.

mod call;
mod reply;

pub use call::Call;
pub use reply::{CONTENT_TYPE, error_reply, xml_reply};
