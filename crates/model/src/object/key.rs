//! The keys of objects.

use crate::text_type::text_type;

/// Maximum length of a key, in bytes of UTF-8.
pub const KEY_BYTES_MAX: usize = 1024;

text_type! {
    /// The name of an object in its bucket: opaque text, never a path in a file system.
    ObjectKey, |text| {
        if text.is_empty() || text.len() > KEY_BYTES_MAX {
            Err("be 1 to 1,024 bytes long")
        } else if text.chars().all(is_listable) {
            Ok(())
        } else {
            Err("consist of characters that XML 1.0 can carry")
        }
    }
}

/// Tells whether a listing can return the character unchanged.
// XML 1.0 §2.2 (Char) and §2.11: a reader turns a carriage return into a line feed. S3 accepts such
// keys and writes listings that no reader understands; Portico refuses them.
#[must_use]
pub fn is_listable(character: char) -> bool {
    match character {
        '\t' | '\n' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        other => other >= ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_opaque_text() {
        for key in ["../../etc/passwd", "a//b", ".", "%2e%2e", "/", "ä \t\n𝄞", "C:\\x"] {
            assert_eq!(key.parse::<ObjectKey>().map(|key| key.to_string()), Ok(key.to_owned()));
        }
        assert!("ä".repeat(512).parse::<ObjectKey>().is_ok());
    }

    #[test]
    fn a_key_that_is_too_long_or_cannot_be_listed_is_refused() {
        for key in ["", "a\0b", "a\rb", "\u{1b}", "\u{FFFF}", &"ä".repeat(513)] {
            assert!(key.parse::<ObjectKey>().is_err(), "{key:?}");
        }
    }
}
