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
            Err("have no character U+0000, U+FFFE or U+FFFF")
        }
    }
}

/// Tells whether a key may hold the character.
// AWS: a key may hold control characters, which a listing has as references (decision 0021). No database
// keeps U+0000 in a text. U+FFFE and U+FFFF are no characters (XML 1.0 §2.2).
#[must_use]
pub fn is_listable(character: char) -> bool {
    !matches!(character, '\0' | '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_opaque_text() {
        for key in
            ["../../etc/passwd", "a//b", ".", "%2e%2e", "/", "ä \t\n𝄞", "C:\\x", "a\rb\u{1}\u{1b}"]
        {
            assert_eq!(key.parse::<ObjectKey>().map(|key| key.to_string()), Ok(key.to_owned()));
        }
        assert!("ä".repeat(512).parse::<ObjectKey>().is_ok());
    }

    #[test]
    fn a_key_that_is_too_long_or_cannot_be_listed_is_refused() {
        for key in ["", "a\0b", "\u{FFFE}", "\u{FFFF}", &"ä".repeat(513)] {
            assert!(key.parse::<ObjectKey>().is_err(), "{key:?}");
        }
    }
}
