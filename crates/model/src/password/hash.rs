//! Hashes of passwords, and their cost.

use std::fmt;
use std::str::FromStr;

/// The cost of a hash.
// RFC 9106 §3.1, in the spelling of the PHC string format: `m=19456,t=2,p=1`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct HashCost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

/// Minimum memory of Argon2 for one lane (RFC 9106 §3.1).
const MEMORY_KIB_MIN: u64 = 8;

impl HashCost {
    /// The work of one hash in KiB: memory times passes. The time that a hash takes follows it.
    #[must_use]
    pub fn work(&self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }

    /// The cost of a second hash that raises the work of this one to that of `whole`. `None` if
    /// `whole` is not more work, or if the difference is too small for a hash.
    #[must_use]
    pub fn rest_of(&self, whole: Self) -> Option<Self> {
        let rest = whole.work().checked_sub(self.work())?;
        let memory_kib = rest.checked_div(u64::from(whole.passes))?;
        let memory_kib = u32::try_from(memory_kib).ok()?;
        let is_hash = u64::from(memory_kib) >= MEMORY_KIB_MIN;
        is_hash.then_some(Self { memory_kib, passes: whole.passes, lanes: 1 })
    }
}

impl FromStr for HashCost {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let mut parts = text.split(',');
            let mut number = |name| parts.next()?.strip_prefix(name)?.parse::<u32>().ok();
            let cost =
                Self { memory_kib: number("m=")?, passes: number("t=")?, lanes: number("p=")? };
            parts.next().is_none().then_some(cost)
        };
        read().ok_or("be the cost of a hash, m=<KiB>,t=<passes>,p=<lanes>")
    }
}

impl fmt::Display for HashCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { memory_kib, passes, lanes } = self;
        write!(f, "m={memory_kib},t={passes},p={lanes}")
    }
}

/// The hash of a password. The database has it sealed.
#[derive(Clone, Eq, PartialEq)]
pub struct PasswordHash {
    pub cost: HashCost,
    pub salt: [u8; 16],
    pub hash: [u8; 32],
}

// INVARIANT: a hash allows guessing offline, so it is written nowhere but sealed into its row.
impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordHash").field("cost", &self.cost).finish_non_exhaustive()
    }
}

/// A hash as its row has it: sealed under the key ring, so that its cost and salt without the key ring allow no guess.
#[derive(Clone, Eq, PartialEq)]
pub struct StoredHash {
    pub cost: HashCost,
    pub salt: [u8; 16],
    /// Sealed bytes. An earlier version stored the 32 bytes of the hash itself.
    pub hash: Vec<u8>,
}

impl StoredHash {
    /// Returns the hash, if an earlier version stored it unsealed.
    #[must_use]
    pub fn unsealed(&self) -> Option<PasswordHash> {
        let hash = self.hash.as_slice().try_into().ok()?;
        Some(PasswordHash { cost: self.cost, salt: self.salt, hash })
    }
}

impl fmt::Debug for StoredHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredHash").field("cost", &self.cost).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_reads_back_as_it_was_written() {
        let cost = HashCost { memory_kib: 19_456, passes: 2, lanes: 1 };
        assert_eq!(cost.to_string(), "m=19456,t=2,p=1");
        assert_eq!(cost.to_string().parse(), Ok(cost));
        for text in ["", "m=1,t=1", "m=1,t=1,p=1,", "m=-1,t=1,p=1"] {
            assert!(text.parse::<HashCost>().is_err(), "{text}");
        }
    }
}
