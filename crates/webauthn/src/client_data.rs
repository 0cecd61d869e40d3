//! What both ceremonies demand of client data and authenticator data. Web Authentication Level 2 §7.1 and §7.2.

use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

use crate::authenticator_data::AuthenticatorData;
use crate::base64url::Bytes;
use crate::{Refusal, RelyingParty};

/// §5.8.1.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: Bytes,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    /// Level 3 §5.8.1: present only in a frame of another site.
    #[serde(default)]
    top_origin: Option<IgnoredAny>,
}

impl RelyingParty {
    /// Checks the client data of an answer: §7.1 steps 7 to 11, §7.2 steps 11 to 15. Returns its hash.
    pub(crate) fn check_client_data(
        &self,
        client_data: &[u8],
        kind: &str,
        challenge: &Bytes,
    ) -> Result<[u8; 32], Refusal> {
        let read: ClientData =
            serde_json::from_slice(client_data).map_err(|_| Refusal::Unreadable)?;
        if read.kind != kind {
            return Err(Refusal::WrongCeremony);
        }
        if read.challenge != *challenge {
            return Err(Refusal::WrongChallenge);
        }
        if read.origin != self.origin {
            return Err(Refusal::WrongOrigin);
        }
        // Pages are never shown in frames, so an answer that was made in one is not a person's own.
        if read.cross_origin || read.top_origin.is_some() {
            return Err(Refusal::CrossOrigin);
        }
        Ok(Sha256::digest(client_data).into())
    }

    /// Checks what both ceremonies demand of authenticator data: §7.1 steps 13 and 14, §7.2 steps 15 and 16.
    pub(crate) fn check_data(&self, data: &AuthenticatorData<'_>) -> Result<(), Refusal> {
        if data.rp_id_hash != Sha256::digest(&self.id).as_slice() {
            return Err(Refusal::WrongRelyingParty);
        }
        if data.is_user_present() { Ok(()) } else { Err(Refusal::UserNotPresent) }
    }
}
