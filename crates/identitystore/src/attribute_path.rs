//! `AttributePath`: path of an attribute of a user or a group.
//!
//! AWS: up to three words between full stops, or the name of an extension (three words between
//! colons) and up to three words after it. Paths cannot address items of lists.

use std::str::FromStr;

/// Well-formed path. The attribute need not exist.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AttributePath {
    /// Words of the path. The name of an extension is one word.
    words: Vec<String>,
}

impl AttributePath {
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }
}

impl FromStr for AttributePath {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !(1..=255).contains(&text.chars().count()) {
            return Err("have length between 1 and 255");
        }
        let words: Vec<String> = text.split('.').map(str::to_owned).collect();
        let is_word = |word: &str| !word.is_empty() && word.chars().all(char::is_alphabetic);
        let (first, rest) = words.split_first().ok_or(FORM)?;
        let extension: Vec<&str> = first.split(':').collect();
        let rest_max = match extension.len() {
            1 => 2,
            3 => 3,
            _ => return Err(FORM),
        };
        let well_formed = extension.into_iter().chain(rest.iter().map(String::as_str)).all(is_word);
        if well_formed && rest.len() <= rest_max { Ok(Self { words }) } else { Err(FORM) }
    }
}

impl std::fmt::Display for AttributePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words.join("."))
    }
}

const FORM: &str = "be words between full stops, such as name.givenName";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_has_up_to_three_words_and_an_extension_three_more() {
        for text in [
            "userName",
            "name.givenName",
            "a.b.c",
            "aws:identitystore:enterprise",
            "aws:identitystore:enterprise.a.b.c",
            "größe",
        ] {
            assert!(text.parse::<AttributePath>().is_ok(), "{text}");
        }
        for text in [
            "",
            ".",
            "a.",
            ".a",
            "a..b",
            "a.b.c.d",
            "a:b",
            "a:b:c:d",
            "a:b:c.d.e.f.g",
            "a.b:c:d",
            "emails[0].value",
            "name.given name",
            "a1",
            "::",
            "a\0",
        ] {
            assert!(text.parse::<AttributePath>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_prints_as_it_was(text in "(\\p{L}{1,4}:\\p{L}{1,4}:)?\\p{L}{1,4}(\\.\\p{L}{1,4}){0,2}") {
            let path: AttributePath = text.parse().unwrap();
            prop_assert_eq!(path.to_string(), text);
        }

        #[test]
        fn any_text_is_read_or_refused_and_never_changed(text in any::<String>()) {
            if let Ok(path) = text.parse::<AttributePath>() {
                prop_assert_eq!(path.to_string(), text);
            }
        }
    }
}
