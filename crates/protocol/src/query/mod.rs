//! AWS Query: the operation in `Action=`, members in dotted names, replies in XML.
//!
//! Smithy, "AWS Query protocol". sts and iam speak it.

mod call;
mod reply;
mod service;

pub use call::Call;
pub use reply::{CONTENT_TYPE, error_reply, xml_reply};
pub use service::{IAM, STS, Service};
