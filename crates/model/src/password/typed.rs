//! Passwords as people type them.

use std::fmt;
use std::str::FromStr;

/// A password as a person typed it. It is never shown or logged.
#[derive(Clone, Eq, PartialEq)]
pub struct Password(String);

impl Password {
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl FromStr for Password {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        (1..=1024)
            .contains(&text.len())
            .then(|| Self(text.to_owned()))
            .ok_or("have length between 1 and 1024")
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A new password that satisfies the rules on its characters and length.
#[derive(Clone, Eq, PartialEq)]
pub struct NewPassword(String);

impl NewPassword {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// AWS: the characters of the fourth class.
const SYMBOLS: &str = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/";

impl FromStr for NewPassword {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !(8..=64).contains(&text.chars().count()) {
            return Err("have between 8 and 64 characters");
        }
        if text.chars().any(char::is_control) {
            return Err("hold no control characters");
        }
        let has = |class: fn(char) -> bool| text.chars().any(class);
        if !has(|c| c.is_ascii_lowercase()) {
            return Err("hold a lower-case letter (a-z)");
        }
        if !has(|c| c.is_ascii_uppercase()) {
            return Err("hold an upper-case letter (A-Z)");
        }
        if !has(|c| c.is_ascii_digit()) {
            return Err("hold a digit (0-9)");
        }
        if !has(|c| SYMBOLS.contains(c)) {
            return Err("hold a symbol (~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/)");
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_of_all_four_classes_is_taken() {
        for text in ["aA1~aaaa", "Correct-Horse-9", &format!("aA1{}", "/".repeat(61)), "äöüA1 b?"]
        {
            assert!(text.parse::<NewPassword>().is_ok(), "{text}");
        }
    }

    #[test]
    fn a_password_against_a_rule_is_refused_with_the_rule() {
        for (text, rule) in [
            ("aA1~aaa", "have between 8 and 64 characters"),
            (&format!("aA1{}", "/".repeat(62)), "have between 8 and 64 characters"),
            ("AAAA1111!", "hold a lower-case letter (a-z)"),
            ("aaaa1111!", "hold an upper-case letter (A-Z)"),
            ("aaaaAAAA!", "hold a digit (0-9)"),
            ("aaaaAAAA1", "hold a symbol (~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/)"),
            ("aA1~aaa\n", "hold no control characters"),
        ] {
            assert_eq!(text.parse::<NewPassword>(), Err(rule), "{text:?}");
        }
    }

    #[test]
    fn what_people_typed_does_not_show_in_logs() {
        let typed: Password = "secret".parse().unwrap();
        let chosen: NewPassword = "aA1~aaaa".parse().unwrap();
        assert_eq!(format!("{typed:?} {chosen:?}"), "Password(…) NewPassword(…)");
    }
}
