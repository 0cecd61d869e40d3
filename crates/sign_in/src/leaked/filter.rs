//! Filter of a million leaked passwords: whether a text is probably one of them.
//!
//! Graf and Lemire, "Xor Filters", ACM JEA 25 (2020), with fingerprints of 16 bits. An entry is always found. Another
//! text is found once in 65,536. `data/leaked-passwords.py` makes the file from lists that packages carry.

use sha2::{Digest, Sha256};

/// Fingerprints of 16 bits, little end first, in three thirds. 2.46 MB.
static TABLE: &[u8] = include_bytes!("../../data/leaked-passwords.xor16");

/// Minimum length of an entry. Shorter passwords are refused for their length.
pub(super) const CHARS_MIN: usize = 8;

/// Tells whether a text, in lower case, is probably among the leaked passwords.
pub(super) fn has(text: &str) -> bool {
    let digest = Sha256::digest(text.as_bytes());
    let mut words = digest.chunks_exact(4).filter_map(|word| word.first_chunk::<4>());
    let mut word = || words.next().map_or(0, |word| u64::from(u32::from_le_bytes(*word)));
    let third = TABLE.len() / 6;
    let places = [0, 1, 2].map(|number| {
        let place = word().wrapping_mul(third as u64) >> 32;
        number * third + usize::try_from(place).unwrap_or_default()
    });
    let expected = word() & 0xffff;
    let found = places.into_iter().filter_map(fingerprint).fold(0, |all, one| all ^ one);
    u64::from(found) == expected
}

fn fingerprint(place: usize) -> Option<u16> {
    let bytes = TABLE.get(place * 2..)?.first_chunk::<2>()?;
    Some(u16::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use model::random::random_text;
    use model::testing::Counted;

    use super::*;

    #[test]
    fn entries_of_each_list_are_found() {
        for entry in include_str!("../../data/leaked-sample.txt").lines() {
            assert!(has(entry), "{entry}");
        }
    }

    #[test]
    fn another_text_is_found_once_in_65536() {
        let random = Counted::new(1);
        let texts =
            (0..100_000).map(|_| random_text(&random, b"abcdefghjkmnpqrstuvwxyz23456789", 16));
        let found = texts.filter(|text| has(text)).count();
        assert!(found <= 10, "{found}");
    }

    #[test]
    fn the_file_is_small_and_of_whole_thirds() {
        assert_eq!(TABLE.len() % 6, 0);
        assert!(TABLE.len() < 2_500_000);
    }
}
