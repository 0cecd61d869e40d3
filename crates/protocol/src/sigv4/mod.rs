//! AWS Signature Version 4: who signed a request, and whether the signature holds.
//!
//! IAM User Guide, "AWS Signature Version 4 for API requests"; Amazon S3 API Reference,
//! "Authenticating Requests (AWS Signature Version 4)". Pure: the caller supplies the secret of a key
//! id and the time. A request is verified in these steps:
//!
//! 1. [`Signed::find`] takes the signature from the `Authorization` header or the query string;
//! 2. the caller finds the secret for [`Signed::key_id`] and [`Signed::session_token`], and derives
//!    a [`SigningKey`] from it;
//! 3. [`Signed::verify`] accepts a request with its whole body, or, where bodies stream,
//!    [`Signed::verify_head`] accepts all but the body and returns the [`SignedBody`] through which
//!    the body must pass.

mod body;
mod body_fault;
mod canonical;
pub mod chunked;
mod claimed;
mod credential;
mod detached;
mod find;
mod header_form;
mod hex;
mod parts;
mod query;
mod query_form;
mod signed;
mod signer;
mod signing_key;
mod verify;

pub use body::SignedBody;
pub use body_fault::BodyFault;
pub use canonical::{PathForm, canonical_request};
pub use claimed::claimed_key_id;
pub use credential::Credential;
pub use detached::DetachedSignature;
pub use parts::{ALGORITHM, Parts};
pub use query_form::EXPIRES_SECONDS_MAX;
pub use signed::Signed;
pub use signer::{BodyToSign, Signer};
pub use signing_key::SigningKey;
