//! How a text with rules of its own is declared.

/// Declares a text type: `from_str` is the only way in, and the rule is a function from the text to
/// `Ok(())` or the end of the sentence "<field> must …".
macro_rules! text_newtype {
    ($(#[$doc:meta])* $name:ident, $rule:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        pub struct $name(String);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let rule: fn(&str) -> Result<(), &'static str> = $rule;
                rule(text).map(|()| Self(text.to_owned()))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

pub(crate) use text_newtype;

/// Reads these text types from JSON, under their own rules: a bad row cannot become a value.
macro_rules! read_from_json {
    ($($name:ident),+) => {
        $(impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl serde::de::Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a string")
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Text)
            }
        })+
    };
}

pub(crate) use read_from_json;

/// Whether a character is a letter, a mark, a symbol, a number or punctuation: the classes
/// `\p{L}\p{M}\p{S}\p{N}\p{P}` of AWS's patterns.
pub(crate) fn is_visible(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_graphic();
    }
    // The standard library keeps the table of all other classes (controls, formats, unassigned and
    // private characters, separators) for `escape_debug`, which turns exactly those into `\u{…}`. It
    // escapes a mark as well, but only as the first character of a text.
    let mut bytes = [b'a'; 5];
    let length = bytes.get_mut(1..).map_or(0, |rest| c.encode_utf8(rest).len());
    let text = bytes.get(..=length).and_then(|bytes| std::str::from_utf8(bytes).ok());
    text.is_some_and(|text| text.escape_debug().count() == 2)
}

/// The form in which two texts are the same one without regard to case.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Letter by letter, or a sigma would depend on its neighbours; there and back again, because
    // some letters (ß, ſ, ẞ) have partners in one direction only.
    let lower = text.chars().flat_map(char::to_lowercase);
    lower.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// The longest text that is unique in its store. An entry of an index of PostgreSQL holds 2,704
/// bytes; a thousand letters of most alphabets have fewer.
const UNIQUE_BYTES_MAX: usize = 2_048;

/// Whether a text that is unique without regard to case fits into an index.
pub(crate) fn is_indexable(text: &str) -> Result<(), &'static str> {
    // Folding makes no text three times as long.
    if text.len() > UNIQUE_BYTES_MAX / 3 && fold(text).len() > UNIQUE_BYTES_MAX {
        return Err("have at most 2048 bytes in UTF-8");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_marks_symbols_numbers_and_punctuation_are_visible() {
        let visible =
            ['a', '~', '!', 'ä', 'ß', '漢', '\u{301}', '\u{fe0f}', '₤', '½', 'Ⅷ', '«', '🦀'];
        for c in visible {
            assert!(is_visible(c), "{c:?}");
        }
    }

    #[test]
    fn separators_controls_formats_and_unassigned_characters_are_not_visible() {
        let invisible = [
            '\0',
            '\t',
            '\n',
            ' ',
            '\u{7f}',
            '\u{85}',
            '\u{a0}',
            '\u{ad}',
            '\u{200b}',
            '\u{202e}',
            '\u{2028}',
            '\u{3000}',
            '\u{feff}',
            '\u{378}',
            '\u{e000}',
            '\u{fffe}',
            '\u{e0041}',
            '\u{10ffff}',
        ];
        for c in invisible {
            assert!(!is_visible(c), "{c:?}");
        }
    }

    #[test]
    fn texts_that_differ_in_case_alone_fold_to_one() {
        for (one, other) in
            [("Straße", "STRASSE"), ("ΟΔΟΣ", "οδος"), ("ſ", "S"), ("ẞ", "ß"), ("Éa", "éA")]
        {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
    }

    #[test]
    fn folding_makes_no_text_three_times_as_long() {
        for c in '\0'..=char::MAX {
            assert!(fold(&c.to_string()).len() <= 3 * c.len_utf8(), "{c:?}");
        }
    }

    #[test]
    fn what_is_unique_fits_into_an_index() {
        for text in ["a".repeat(1024), "ä".repeat(1024), "東".repeat(682), "ΐ".repeat(300)] {
            assert_eq!(is_indexable(&text), Ok(()), "{text}");
        }
        for text in ["東".repeat(683), "🦀".repeat(513), "ΐ".repeat(1024)] {
            assert!(is_indexable(&text).is_err(), "{text}");
        }
    }
}
