//! Registered credential: the public key of an authenticator, and what is known of it.

use serde::{Deserialize, Serialize};

use crate::attestation::Attestation;
use crate::base64url::{Bytes, encode};
use crate::public_key::PublicKey;
use crate::relying_party::{read, write};
use crate::{Refusal, UserHandle};

/// Registered credential. Its JSON is a format of the database: members may be added.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Credential {
    pub(crate) id: Bytes,
    /// The person, as the authenticator knows them.
    pub user_handle: UserHandle,
    pub(crate) public_key: PublicKey,
    /// Number of signatures that the authenticator had counted.
    pub(crate) counter: u32,
    /// True if the credential may be copied to other devices.
    pub(crate) is_backup_eligible: bool,
    /// How browsers reach the authenticator, as they said.
    #[serde(default)]
    pub(crate) transports: Vec<String>,
    pub(crate) attestation: Attestation,
}

impl Credential {
    /// Reads the credential from the database. `counter` is the last one, which is kept beside it.
    pub fn read(json: &str, counter: u32) -> Result<Self, Refusal> {
        let credential: Self = read(json)?;
        Ok(Self { counter, ..credential })
    }

    /// Writes the credential for the database.
    pub fn write(&self) -> Result<String, Refusal> {
        write(self)
    }

    /// Id of the credential, which the authenticator chose, in base64url.
    #[must_use]
    pub fn id(&self) -> String {
        encode(&self.id.0)
    }

    /// Number of signatures that the authenticator has counted, or 0 if it does not count.
    #[must_use]
    pub fn counter(&self) -> u32 {
        self.counter
    }

    /// Format of the attestation statement (§8): `none` if there was no statement.
    #[must_use]
    pub fn attestation_format(&self) -> &str {
        &self.attestation.format
    }
}
