//! What an assertion asks the browser for. Web Authentication Level 2 §5.5; JSON as in Level 3 §5.1.10.

use serde::Serialize;

use crate::Credential;
use crate::base64url::Bytes;

/// Time that the browser waits, as long as the page is good.
pub(crate) const TIMEOUT_MS: u32 = 5 * 60 * 1000;

pub(crate) const PUBLIC_KEY: &str = "public-key";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestOptions<'a> {
    pub(crate) challenge: &'a Bytes,
    pub(crate) timeout: u32,
    pub(crate) rp_id: &'a str,
    pub(crate) allow_credentials: Vec<Descriptor<'a>>,
    pub(crate) user_verification: &'static str,
}

/// §5.8.3.
#[derive(Serialize)]
pub(crate) struct Descriptor<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a Bytes,
    /// How the browser reaches the authenticator.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    transports: &'a [String],
}

impl<'a> Descriptor<'a> {
    pub(crate) fn of(credential: &'a Credential) -> Self {
        Self { kind: PUBLIC_KEY, id: &credential.id, transports: &credential.transports }
    }
}
