//! The person, as authenticators know them. Web Authentication Level 2 §5.4.3.

use serde::{Deserialize, Serialize};

use crate::base64url::Bytes;

/// Random number that stands for a person on their authenticators. It says nothing about them (§14.6.1).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct UserHandle(pub(crate) Bytes);

impl UserHandle {
    #[must_use]
    pub fn new(random: [u8; 16]) -> Self {
        Self(Bytes(random.to_vec()))
    }
}
