//! Access key ids: a four-letter prefix and 16 base32 characters that contain the account id.
//!
//! AWS: of the 80 bits the first is set, the next 40 are the account, the rest is random.

use model::Random;
use model::ids::AccountId;
use model::random::random_bytes;

/// RFC 4648 §6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Prefix of temporary keys.
// AWS: unique identifier prefixes; AKIA marks a long-term key.
const TEMPORARY: &str = "ASIA";

const ACCOUNT_SHIFT: u32 = 39;
const ACCOUNT_MASK: u128 = (1 << 40) - 1;

/// Makes a random key id of an account.
#[must_use]
pub fn random(account_id: &AccountId, random: &dyn Random) -> String {
    let account: u128 = account_id.as_str().parse().unwrap_or(0);
    let noise = u64::from_be_bytes(random_bytes(random));
    let low = u128::from(noise) & ((1 << ACCOUNT_SHIFT) - 1);
    let bits = (1 << 79) | (account & ACCOUNT_MASK) << ACCOUNT_SHIFT | low;
    let digits = (0..16_u32).rev().map(|place| (bits >> (place * 5)) & 31);
    let digits = digits.filter_map(|digit| BASE32.get(usize::try_from(digit).ok()?));
    TEMPORARY.chars().chain(digits.map(|&digit| char::from(digit))).collect()
}

/// Returns the account id that a key id of any kind contains.
#[must_use]
pub fn account_of(key_id: &str) -> Option<AccountId> {
    let digits = key_id.get(4..)?;
    if digits.len() != 16 || !matches!(key_id.get(..4), Some("ASIA" | "AKIA" | "AROA" | "AIDA")) {
        return None;
    }
    let mut bits = 0_u128;
    for digit in digits.bytes() {
        let value = BASE32.iter().position(|&known| known == digit)?;
        bits = bits << 5 | u128::try_from(value).ok()?;
    }
    let account = (bits >> ACCOUNT_SHIFT) & ACCOUNT_MASK;
    format!("{account:012}").parse().ok()
}

#[cfg(test)]
mod tests {
    use model::testing::Repeated;

    use super::*;

    #[test]
    fn the_account_can_be_read_back() {
        for account in ["123456789012", "999999999999", "100000000000"] {
            for noise in [0, 0x5A, 0xFF] {
                let account: AccountId = account.parse().unwrap();
                let key_id = random(&account, &Repeated(noise));
                assert!(key_id.starts_with("ASIA") && key_id.len() == 20, "{key_id}");
                assert_eq!(account_of(&key_id), Some(account));
            }
        }
    }

    #[test]
    fn a_key_of_aws_is_read_as_aws_reads_it() {
        // Example of GetAccessKeyInfo's layout in the AWS documentation: ASIAQNZGKIQY56JQ7WML.
        let account = account_of("ASIAQNZGKIQY56JQ7WML").map(|account| account.to_string());
        assert_eq!(account.as_deref(), Some("029608264753"));
        assert_eq!(account_of("ASIAQNZGKIQY56JQ7WM1"), None);
        assert_eq!(account_of("XXXXQNZGKIQY56JQ7WML"), None);
    }
}
