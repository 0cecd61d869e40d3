//! The rules of a new password, one by one, so that pages can show which of them it meets.

use std::fmt;

/// Maximum number of characters.
// AWS: 8 to 64.
pub const CHARS_MAX: i64 = 64;

/// The characters of the fourth class.
// AWS: the list of the documentation.
pub const SYMBOLS: &str = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/";

/// A rule on the characters of a password.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CharacterRule {
    /// Minimum and maximum number of characters.
    Length {
        min: u8,
    },
    Lowercase,
    Uppercase,
    Digit,
    Symbol,
    NoControl,
}

impl CharacterRule {
    /// Returns all rules, for a minimum length.
    #[must_use]
    pub fn all(min: u8) -> [Self; 6] {
        let classes = [Self::Lowercase, Self::Uppercase, Self::Digit, Self::Symbol];
        let [lower, upper, digit, symbol] = classes;
        [Self::Length { min }, lower, upper, digit, symbol, Self::NoControl]
    }

    /// Tells whether a password meets the rule.
    #[must_use]
    pub fn is_met(self, password: &str) -> bool {
        let has = |class: fn(char) -> bool| password.chars().any(class);
        match self {
            Self::Length { min } => {
                let count = i64::try_from(password.chars().count()).unwrap_or(i64::MAX);
                (i64::from(min)..=CHARS_MAX).contains(&count)
            }
            Self::Lowercase => has(|c| c.is_ascii_lowercase()),
            Self::Uppercase => has(|c| c.is_ascii_uppercase()),
            Self::Digit => has(|c| c.is_ascii_digit()),
            Self::Symbol => has(|c| SYMBOLS.contains(c)),
            Self::NoControl => !has(char::is_control),
        }
    }
}

/// The rule, as the end of the sentence "The password must …".
impl fmt::Display for CharacterRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { min } => write!(f, "have between {min} and {CHARS_MAX} characters"),
            Self::Lowercase => f.write_str("hold a lower-case letter (a-z)"),
            Self::Uppercase => f.write_str("hold an upper-case letter (A-Z)"),
            Self::Digit => f.write_str("hold a digit (0-9)"),
            Self::Symbol => write!(f, "hold a symbol ({SYMBOLS})"),
            Self::NoControl => f.write_str("hold no control characters"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(password: &str) -> Vec<CharacterRule> {
        let rules = CharacterRule::all(8).into_iter();
        rules.filter(|rule| !rule.is_met(password)).collect()
    }

    #[test]
    fn a_password_of_all_four_classes_meets_every_rule() {
        for text in ["aA1~aaaa", "Correct-Horse-9", &format!("aA1{}", "/".repeat(61)), "äöüA1 b?"]
        {
            assert_eq!(broken(text), [], "{text}");
        }
    }

    #[test]
    fn each_rule_is_judged_by_itself() {
        for (text, rule) in [
            ("aA1~aaa", CharacterRule::Length { min: 8 }),
            (&format!("aA1{}", "/".repeat(62)), CharacterRule::Length { min: 8 }),
            ("AAAA1111!", CharacterRule::Lowercase),
            ("aaaa1111!", CharacterRule::Uppercase),
            ("aaaaAAAA!", CharacterRule::Digit),
            ("aaaaAAAA1", CharacterRule::Symbol),
            ("aA1~aaaa\n", CharacterRule::NoControl),
        ] {
            assert_eq!(broken(text), [rule], "{text:?}");
        }
        assert_eq!(broken("").len(), 5);
        assert_eq!(broken("aA1~aaaa"), []);
        assert!(!CharacterRule::Length { min: 12 }.is_met("aA1~aaaa"));
    }
}
