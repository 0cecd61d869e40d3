//! Passwords that are known from leaks, and their common variations.
//!
//! Lists of leaked passwords contain few that satisfy the password rules, because people take a
//! common word and add what the rules require. The base of a password is therefore looked up too:
//! without up to five characters at its ends, in lower case, and with letters in place of the
//! characters that substitute them.

mod filter;

use std::sync::LazyLock;

/// Common passwords in lower case, sorted by bytes.
static COMMON: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("../../data/common-passwords.txt").lines().collect());

/// Maximum number of characters that are stripped from each end: `Dragon2026!` becomes `dragon`.
const ADDED_MAX: usize = 5;

/// Tells whether a password is a common or leaked one or a variation of one.
///
/// It asks the filter up to 63 times, so it is wrong about one good password in a thousand at worst, and about one in
/// twenty thousand with a letter at each end.
pub(super) fn is_leaked(password: &str) -> bool {
    let small: Vec<char> = password.to_lowercase().chars().collect();
    let added_at_start = small.iter().take_while(|sign| !sign.is_alphabetic()).count();
    let added_at_end = small.iter().rev().take_while(|sign| !sign.is_alphabetic()).count();
    (0..=added_at_start.min(ADDED_MAX)).any(|start| {
        (0..=added_at_end.min(ADDED_MAX - start)).any(|end| {
            let core = small.get(start..small.len().saturating_sub(end)).unwrap_or_default();
            is_common(core)
        })
    })
}

/// Tells whether a word is common or leaked, as it is or with letters in place of other characters.
fn is_common(core: &[char]) -> bool {
    let as_it_is: String = core.iter().collect();
    // A one substitutes for two letters, so both are tried.
    ['i', 'l']
        .into_iter()
        .map(|one| core.iter().map(|sign| letter(*sign, one)).collect::<String>())
        .chain([as_it_is])
        .any(|word| {
            COMMON.binary_search(&word.as_str()).is_ok()
                || core.len() >= filter::CHARS_MIN && filter::has(&word)
        })
}

/// Returns the letter that a character substitutes.
fn letter(sign: char, one: char) -> char {
    match sign {
        '@' | '4' => 'a',
        '3' => 'e',
        '1' | '!' | '|' => one,
        '0' => 'o',
        '$' | '5' => 's',
        '7' | '+' => 't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_small() {
        assert!(COMMON.is_sorted());
        assert!(COMMON.iter().all(|word| word.len() >= 4 && *word == word.to_lowercase()));
        assert!((9_000..=10_000).contains(&COMMON.len()));
    }

    #[test]
    fn what_is_made_of_a_common_password_is_known() {
        for password in [
            "Password1!",
            "P@ssw0rd1!",
            "Pa$$w0rd",
            "Passw0rd!",
            "Qwerty123!",
            "Welcome2026!",
            "!Dragon-99",
            "Qwer1234!",
            "1q2w3e4r5T!",
            "L3tme!n99",
            "Il0veyou!",
            "Football#1",
        ] {
            assert!(is_leaked(password), "{password}");
        }
    }

    #[test]
    fn a_password_of_ones_own_is_not() {
        for password in [
            "Correct-Horse-9",
            "Tr4vel-by-Night",
            "Portico-2026!x",
            "aA1~aaaa",
            "kX9#mQ2$vL",
            "Password-of-mine-1",
            "Dragon~=~=~=9!",
            "12345-Abc!de",
            "",
        ] {
            assert!(!is_leaked(password), "{password}");
        }
    }
}
