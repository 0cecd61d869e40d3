//! Maintenance of the written audit log: sealing, verification and export.

pub mod error;
pub mod export;
pub mod seal;
pub mod verify;

use model::Fault;

/// Number and hash of a digest, recorded outside the database. Verification against it detects a
/// log that was truncated after it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Head {
    pub number: i64,
    pub hash: [u8; 32],
}

impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:", self.number)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::str::FromStr for Head {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (number, hex) = text.split_once(':')?;
            let number = number.parse().ok().filter(|number| *number > 0)?;
            let plain = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
            let mut hash = [0; 32];
            for (place, byte) in hash.iter_mut().enumerate() {
                let digits = hex.get(place * 2..place * 2 + 2).filter(|_| plain)?;
                *byte = u8::from_str_radix(digits, 16).ok()?;
            }
            Some(Self { number, hash })
        };
        read().ok_or_else(|| {
            Fault::invalid("The head", "be a digest's number, a colon, and its hash in hexadecimal")
        })
    }
}
