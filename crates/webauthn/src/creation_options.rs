//! What a registration asks the browser for. Web Authentication Level 2 §5.4; JSON as in Level 3 §5.1.9.

use serde::Serialize;

use crate::base64url::Bytes;
use crate::request_options::{Descriptor, PUBLIC_KEY};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreationOptions<'a> {
    pub(crate) rp: Party<'a>,
    pub(crate) user: User<'a>,
    pub(crate) challenge: &'a Bytes,
    pub(crate) pub_key_cred_params: Vec<Parameters>,
    pub(crate) timeout: u32,
    pub(crate) exclude_credentials: Vec<Descriptor<'a>>,
    pub(crate) authenticator_selection: Selection,
    pub(crate) attestation: &'static str,
}

#[derive(Serialize)]
pub(crate) struct Party<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User<'a> {
    pub(crate) id: &'a Bytes,
    pub(crate) name: &'a str,
    pub(crate) display_name: &'a str,
}

#[derive(Serialize)]
pub(crate) struct Parameters {
    #[serde(rename = "type")]
    kind: &'static str,
    alg: i64,
}

impl Parameters {
    pub(crate) fn of(algorithm: i64) -> Self {
        Self { kind: PUBLIC_KEY, alg: algorithm }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Selection {
    pub(crate) resident_key: &'static str,
    pub(crate) require_resident_key: bool,
    pub(crate) user_verification: &'static str,
}
