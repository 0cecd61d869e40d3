//! What every answer of an authenticator has, whichever ceremony it ends. Strangers send answers.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Refusal;
use crate::base64url::Bytes;

/// Maximum length of an answer. An attestation with its certificates has a few thousand bytes.
pub const ANSWER_BYTES_MAX: usize = 32 * 1024;

/// `PublicKeyCredential` as the script of the page writes it, Level 3 §5.1 (`toJSON`).
#[derive(Debug, Deserialize)]
pub(crate) struct Answer<T> {
    id: Bytes,
    #[serde(rename = "rawId")]
    raw_id: Bytes,
    #[serde(rename = "type")]
    kind: String,
    pub(crate) response: T,
}

impl<T: DeserializeOwned> Answer<T> {
    pub(crate) fn read(text: &str) -> Result<Self, Refusal> {
        if text.len() > ANSWER_BYTES_MAX {
            return Err(Refusal::Unreadable);
        }
        let answer: Self = serde_json::from_str(text).map_err(|_| Refusal::Unreadable)?;
        let is_whole = answer.kind == "public-key" && answer.id == answer.raw_id;
        if is_whole { Ok(answer) } else { Err(Refusal::Unreadable) }
    }

    /// Id of the credential.
    pub(crate) fn credential_id(&self) -> &[u8] {
        &self.id.0
    }
}
