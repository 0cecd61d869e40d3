//! A name that people read to decide, as a request gives it.

use std::str::FromStr;

use crate::invisible::{is_blank, is_invisible};

/// A name of which people see every character, so that none pretends to be another by something
/// unseen in it.
///
/// Names that are stored may be older than the rule, so the type of a stored name does not have it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Legible<T>(pub T);

impl<T: FromStr<Err = &'static str>> FromStr for Legible<T> {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.parse().map(Self)?;
        if is_blank(text) {
            return Err("hold a visible character");
        }
        if text.chars().any(is_invisible) {
            return Err("hold no invisible characters");
        }
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::ClientName;

    #[test]
    fn a_name_with_something_unseen_is_not_legible() {
        for c in
            ['\u{3164}', '\u{2800}', '\u{fe0f}', '\u{34f}', '\u{fffc}', '\u{1d159}', '\u{115f}']
        {
            for text in [format!("aws{c}cli"), format!("aws-cli{c}"), c.to_string()] {
                assert!(text.parse::<ClientName>().is_ok(), "{text:?}");
                assert!(text.parse::<Legible<ClientName>>().is_err(), "{text:?}");
            }
        }
        for text in ["botocore-client-my session", "Zürichs Konsole 🦀", "東京", "नीला"]
        {
            assert_eq!(text.parse::<Legible<ClientName>>().unwrap().0.as_str(), text);
        }
    }
}
