//! Number and hash of a digest, recorded outside the database.

use std::fmt::{self, Write};
use std::str::FromStr;

use model::Fault;

/// Number and hash of a digest, recorded outside the database. Verification against it detects a
/// log that was truncated after it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Head {
    pub number: i64,
    pub hash: [u8; 32],
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, hex(&self.hash))
    }
}

impl FromStr for Head {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (number, hex) = text.split_once(':')?;
            let number = number.parse().ok().filter(|number| *number > 0)?;
            Some(Self { number, hash: bytes(hex)? })
        };
        read().ok_or_else(|| {
            Fault::invalid("The head", "be a digest's number, a colon, and its hash in hexadecimal")
        })
    }
}

/// Writes bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8; 32]) -> String {
    let mut text = String::with_capacity(64);
    for byte in bytes {
        // Writing to a String cannot fail.
        write!(text, "{byte:02x}").ok();
    }
    text
}

/// Reads what [`hex`] wrote.
pub(super) fn bytes(hex: &str) -> Option<[u8; 32]> {
    let is_plain = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut bytes = [0; 32];
    for (place, byte) in bytes.iter_mut().enumerate() {
        let digits = hex.get(place * 2..place * 2 + 2).filter(|_| is_plain)?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(bytes)
}
