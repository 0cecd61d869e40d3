//! Attestation object: a new credential, and what the authenticator says of its make. Web Authentication Level 2 §6.5.
//!
//! No attestation is asked for, and none decides. What comes is kept. Statements by the key itself are checked (§8.2); those
//! that certificates make are kept as not verified, because a chain of certificates that nobody asks about proves nothing.

use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::authenticator_data::AuthenticatorData;
use crate::base64url::Bytes;
use crate::cbor::{self, Value};
use crate::public_key::PublicKey;

/// Maximum length of the name of a format. §8.1.
const FORMAT_BYTES_MAX: usize = 32;

/// What an authenticator said of its make.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Attestation {
    /// Format of the statement (§8), `none` without one.
    pub(crate) format: String,
    /// Make of the authenticator (§6.5.1); zeros if it does not say.
    pub(crate) aaguid: Bytes,
    pub(crate) is_verified: bool,
}

pub(crate) struct AttestationObject<'a> {
    format: &'a str,
    statement: Value<'a>,
    data: &'a [u8],
}

impl<'a> AttestationObject<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        Self::parse(bytes).ok_or(Refusal::Unreadable)
    }

    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let object = cbor::read_all(bytes)?;
        let format = object.named("fmt")?.text()?;
        let statement = object.named("attStmt")?.clone();
        let data = object.named("authData")?.bytes()?;
        let is_bounded = (1..=FORMAT_BYTES_MAX).contains(&format.len())
            && format.bytes().all(|byte| byte.is_ascii_graphic());
        let is_map = matches!(statement, Value::Map(_));
        (is_bounded && is_map).then_some(Self { format, statement, data })
    }

    pub(crate) fn data(&self) -> Result<AuthenticatorData<'a>, Refusal> {
        AuthenticatorData::read(self.data)
    }

    /// Checks the statement as far as the key itself made it: §7.1 step 19.
    pub(crate) fn check(
        &self,
        (aaguid, key): (&[u8], &PublicKey),
        client_data_hash: &[u8; 32],
    ) -> Result<Attestation, Refusal> {
        let is_verified = match self.format {
            // §8.7: without a statement.
            "none" if self.statement != Value::Map(Vec::new()) => {
                return Err(Refusal::WrongAttestation);
            }
            // §8.2: without certificates it is self attestation.
            "packed" if self.statement.named("x5c").is_none() => {
                let statement = |name| self.statement.named(name);
                let algorithm = statement("alg").and_then(Value::integer);
                let signature = statement("sig").and_then(Value::bytes).unwrap_or_default();
                let message = [self.data, client_data_hash].concat();
                if algorithm != Some(key.algorithm()) || !key.is_signed(&message, signature) {
                    return Err(Refusal::WrongAttestation);
                }
                true
            }
            _ => false,
        };
        let (format, aaguid) = (self.format.to_owned(), Bytes(aaguid.to_vec()));
        Ok(Attestation { format, aaguid, is_verified })
    }
}
