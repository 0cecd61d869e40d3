//! Percent-encoding, RFC 3986 §2.1, and the form encoding of HTML that adds `+` for a space.

use std::borrow::Cow;

const HEX_UPPER: &[u8; 16] = b"0123456789ABCDEF";

/// Decodes a text; `None` if an escape is broken or the bytes are not UTF-8.
#[must_use]
pub fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let (escaped, after) = escape(rest)?;
            bytes.push(escaped);
            rest = after;
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// Decodes a text of a form, where `+` stands for a space (WHATWG URL, §5.1); else as [`decode`].
#[must_use]
pub fn decode_form(text: &str) -> Option<Cow<'_, str>> {
    if text.contains('+') {
        return decode(&text.replace('+', " ")).map(|text| Cow::Owned(text.into_owned()));
    }
    decode(text)
}

/// Encodes a text: escapes every character but the unreserved ones of RFC 3986 §2.3.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    encode_into(&mut encoded, text, b"");
    encoded
}

/// Appends `text`, encoded; unreserved characters and those in `keep` are not escaped.
pub fn encode_into(to: &mut String, text: &str, keep: &[u8]) {
    for &byte in text.as_bytes() {
        if is_unreserved(byte) || keep.contains(&byte) {
            to.push(char::from(byte));
        } else {
            escape_into(to, byte);
        }
    }
}

/// Appends an encoded text in its normal form, which all its spellings share.
///
/// The normal form has no escape of an unreserved character, upper-case digits in every other escape,
/// and an escape for every other character except those in `keep`.
pub(crate) fn normalize_into(to: &mut String, text: &str, keep: &[u8]) {
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let (byte, escaped, after) = match escape(rest) {
            Some((byte, after)) => (byte, true, after),
            None => (byte, false, after),
        };
        if is_unreserved(byte) || (!escaped && keep.contains(&byte)) {
            to.push(char::from(byte));
        } else {
            escape_into(to, byte);
        }
        rest = after;
    }
}

/// Appends an encoded text of a form in its normal form, as [`normalize_into`]; `+` is a space.
pub(crate) fn normalize_form_into(to: &mut String, text: &str) {
    for (number, word) in text.split('+').enumerate() {
        to.push_str(if number == 0 { "" } else { "%20" });
        normalize_into(to, word, b"");
    }
}

/// Tells whether all characters are unreserved. [`normalize_into`] does not change such a text.
pub(crate) fn is_normal(text: &str) -> bool {
    text.bytes().all(is_unreserved)
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// The byte of an escape at the beginning, and the rest behind it.
fn escape(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let ([b'%', high, low], rest) = bytes.split_first_chunk::<3>()? else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some((digit(*high)? << 4 | digit(*low)?, rest))
}

fn escape_into(to: &mut String, byte: u8) {
    to.push('%');
    for digit in [byte >> 4, byte & 15] {
        to.extend(HEX_UPPER.get(usize::from(digit)).map(|&digit| char::from(digit)));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn broken_escapes_and_bytes_that_are_no_text_are_refused() {
        for text in ["%", "%4", "%zz", "%+1", "a%2", "%ff", "%C3%28"] {
            assert_eq!(decode(text), None, "{text}");
        }
        assert_eq!(decode("%C3%a4%2b+").as_deref(), Some("ä++"));
        assert_eq!(decode_form("%C3%a4%2b+").as_deref(), Some("ä+ "));
    }

    #[test]
    fn all_spellings_of_a_text_have_one_normal_form() {
        for text in ["a%7Eb%2f%3D", "a~b%2F=", "%61%7e%62%2f%3d"] {
            let mut normal = String::new();
            normalize_into(&mut normal, text, b"/");
            assert_eq!(normal, "a~b%2F%3D", "{text}");
        }
        let mut broken = String::new();
        normalize_into(&mut broken, "100%/%4", b"/");
        assert_eq!(broken, "100%25/%254");
    }

    #[test]
    fn a_plus_of_a_form_is_a_space() {
        for text in ["a+b%2Bc", "a%20b%2bc", "%61+b%2B%63"] {
            let mut normal = String::new();
            normalize_form_into(&mut normal, text);
            assert_eq!(normal, "a%20b%2Bc", "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_itself(text: String) {
            let encoded = encode(&text);
            let decoded = decode_form(&encoded);
            prop_assert_eq!(decoded.as_deref(), Some(text.as_str()));
            let mut normal = String::new();
            normalize_into(&mut normal, &encoded, b"");
            prop_assert_eq!(normal, encoded);
        }
    }
}
