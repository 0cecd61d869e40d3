//! Authenticator data: what an authenticator signs beside the client data. Web Authentication Level 2 §6.1.

use crate::Refusal;
use crate::cbor::{self, Value};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
/// Level 3 §6.1.3: the credential may be copied to other devices.
const BACKUP_ELIGIBLE: u8 = 0x08;
/// Level 3 §6.1.3: the credential was copied.
const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;
const EXTENDED: u8 = 0x80;

/// Maximum length of the id of a credential. §7.1 step 17 in Level 3.
const ID_BYTES_MAX: usize = 1023;

/// What an authenticator signs beside the client data.
#[derive(Debug)]
pub(crate) struct AuthenticatorData<'a> {
    pub(crate) rp_id_hash: &'a [u8],
    flags: u8,
    pub(crate) counter: u32,
    pub(crate) attested: Option<AttestedCredential<'a>>,
}

/// Credential that was made. §6.5.1.
#[derive(Debug)]
pub(crate) struct AttestedCredential<'a> {
    /// Make of the authenticator, or zeros.
    pub(crate) aaguid: &'a [u8],
    pub(crate) id: &'a [u8],
    /// `COSE_Key`.
    pub(crate) public_key: Value<'a>,
}

impl<'a> AuthenticatorData<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        Self::parse(bytes).ok_or(Refusal::Unreadable)
    }

    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (rp_id_hash, rest) = bytes.split_at_checked(32)?;
        let (flags, rest) = rest.split_first()?;
        let (counter, mut rest) = rest.split_first_chunk::<4>()?;
        let has = |flag| flags & flag != 0;
        let mut attested = None;
        if has(ATTESTED) {
            let (aaguid, behind) = rest.split_at_checked(16)?;
            let (length, behind) = behind.split_first_chunk::<2>()?;
            let length = usize::from(u16::from_be_bytes(*length));
            (1..=ID_BYTES_MAX).contains(&length).then_some(())?;
            let (id, behind) = behind.split_at_checked(length)?;
            let (public_key, behind) = cbor::read(behind)?;
            attested = Some(AttestedCredential { aaguid, id, public_key });
            rest = behind;
        }
        if has(EXTENDED) {
            let (extensions, behind) = cbor::read(rest)?;
            matches!(extensions, Value::Map(_)).then_some(())?;
            rest = behind;
        }
        // A credential that was copied is one that may be.
        let is_consistent = has(BACKUP_ELIGIBLE) || !has(BACKED_UP);
        (rest.is_empty() && is_consistent).then_some(())?;
        let counter = u32::from_be_bytes(*counter);
        Some(Self { rp_id_hash, flags: *flags, counter, attested })
    }

    pub(crate) fn is_user_present(&self) -> bool {
        self.flags & USER_PRESENT != 0
    }

    pub(crate) fn is_user_verified(&self) -> bool {
        self.flags & USER_VERIFIED != 0
    }

    pub(crate) fn is_backup_eligible(&self) -> bool {
        self.flags & BACKUP_ELIGIBLE != 0
    }
}
