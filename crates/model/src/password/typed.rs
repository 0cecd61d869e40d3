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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_does_not_show_in_logs() {
        let typed: Password = "secret".parse().unwrap();
        assert_eq!(format!("{typed:?}"), "Password(…)");
    }
}
