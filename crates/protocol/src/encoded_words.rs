//! Header values with encoded words: text beyond ASCII in a header of ASCII.
//!
//! RFC 2047 §2 to §6; S3 User Guide, "Working with object metadata".

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// RFC 2047 §2: what separates the words of a value.
const SPACE: [char; 2] = [' ', '\t'];

/// The text of a header value. A value that is not UTF-8 is ISO-8859-1.
///
/// A word that only looks encoded, or whose character set is not known, stays as it is.
// AWS: bytes that are not UTF-8 in an encoded word become U+FFFD, and no value is refused.
#[must_use]
pub fn decode(value: &[u8]) -> String {
    let text = std::str::from_utf8(value).map_or_else(|_| latin1(value), str::to_owned);
    let (mut decoded, mut rest) = (String::with_capacity(text.len()), text.as_str());
    // RFC 2047 §6.2: space between two encoded words is not part of the text. Some writers cut a character in two.
    let mut run: Option<Vec<u8>> = None;
    while !rest.is_empty() {
        let after = rest.trim_start_matches(SPACE);
        let gap = rest.strip_suffix(after).unwrap_or_default();
        let end = after.find(SPACE).unwrap_or(after.len());
        let (word, next) = after.split_at_checked(end).unwrap_or((after, ""));
        rest = next;
        match (encoded_word(word), &mut run) {
            (Some(bytes), Some(run)) => run.extend(bytes),
            (Some(bytes), None) => {
                decoded.push_str(gap);
                run = Some(bytes);
            }
            (None, _) => {
                end_run(&mut decoded, &mut run);
                decoded.push_str(gap);
                decoded.push_str(word);
            }
        }
    }
    end_run(&mut decoded, &mut run);
    decoded
}

fn end_run(decoded: &mut String, run: &mut Option<Vec<u8>>) {
    decoded.push_str(&String::from_utf8_lossy(&run.take().unwrap_or_default()));
}

/// The text of an encoded word in UTF-8, for instance of `=?UTF-8?Q?=C3=A4?=`.
fn encoded_word(word: &str) -> Option<Vec<u8>> {
    let inner = word.strip_prefix("=?")?.strip_suffix("?=")?;
    let (charset, rest) = inner.split_once('?')?;
    let (encoding, text) = rest.split_once('?')?;
    let bytes = match encoding {
        "B" | "b" => STANDARD.decode(text).ok()?,
        "Q" | "q" => quoted(text)?,
        _ => return None,
    };
    // RFC 2231 §5: a language may follow the name of the character set.
    let charset = charset.split('*').next().unwrap_or_default();
    let is = |name: &str| charset.eq_ignore_ascii_case(name);
    if is("UTF-8") || is("US-ASCII") {
        Some(bytes)
    } else if is("ISO-8859-1") {
        Some(latin1(&bytes).into_bytes())
    } else {
        None
    }
}

/// Decodes the encoding `Q`. RFC 2047 §4.2.
fn quoted(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'_' => b' ',
            b'=' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? << 4 | digit()?).ok()?
            }
            b'?' => return None,
            other => other,
        });
    }
    Some(bytes)
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(value: &str) -> String {
        decode(value.as_bytes())
    }

    // The first six are answers of AWS.
    #[test]
    fn encoded_words_are_decoded() {
        for (value, text) in [
            ("=?UTF-8?Q?actually-ascii?=", "actually-ascii"),
            ("=?UTF-8?B?YWJj?=", "abc"),
            ("=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?=", "ÄMÄZÕÑ S3"),
            (
                "=?UTF-8?Q?test=5F=E2=80=94=5Ffile%E2%80%94=5F=C3=A9=5F2=3F.pdf?=",
                "test_\u{2014}_file%E2%80%94_é_2?.pdf",
            ),
            ("=?UTF-8?B?AAECAw==?=", "\0\u{1}\u{2}\u{3}"),
            ("=?UTF-8?B?77+977+9?=", "\u{FFFD}\u{FFFD}"),
            ("=?utf-8*de?q?=c3=a4?=", "ä"),
            ("=?ISO-8859-1?Q?=E4?=", "ä"),
            ("=?UTF-8?B?/w==?=", "\u{FFFD}"),
            ("=?UTF-8?Q?=3D=3F=3D?=", "=?="),
            ("=?UTF-8?Q??=", ""),
            ("a =?UTF-8?B?YWJj?= b", "a abc b"),
            ("=?UTF-8?Q?=C3=84?= \t=?UTF-8?Q?=C3=96?=", "ÄÖ"),
            ("=?UTF-8?Q?=C3?= =?UTF-8?Q?=84?= x", "Ä x"),
        ] {
            assert_eq!(decoded(value), text, "{value}");
        }
    }

    #[test]
    fn a_word_that_only_looks_encoded_stays() {
        for value in [
            "",
            "=?=",
            "=?",
            "?=",
            "=??=",
            "=???=",
            "=?UTF-8?=",
            "=?UTF-8?B?=GGG?=",
            "=?UTF-8?X?abc?=",
            "=?UTF-8?Q?=4?=",
            "=?UTF-8?Q?=G0?=",
            "=?UTF-8?Q?a?b?=",
            "=?KOI8-R?Q?=C1?=",
            "=?UTF-8?Q?a b?=",
            "x=?UTF-8?B?YWJj?=",
            "a  b",
        ] {
            assert_eq!(decoded(value), value);
        }
    }

    #[test]
    fn a_value_that_is_not_encoded_is_utf8_or_iso_8859_1() {
        assert_eq!(decoded("Hällo"), "Hällo");
        assert_eq!(decode(b"H\xe4llo"), "Hällo");
    }

    proptest! {
        #[test]
        fn any_value_is_text(value in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(decode(&value).len() <= 3 * value.len());
        }

        #[test]
        fn any_words_are_text(value in "(=\\?|\\?=|UTF-8|\\?[BQ]\\?|=[0-9A-F]{2}|[ a=?_/+]){0,12}") {
            prop_assert!(decoded(&value).len() <= 3 * value.len());
        }

        #[test]
        fn what_was_encoded_is_read_back(text in "\\PC{0,40}") {
            let word = format!("=?UTF-8?B?{}?=", STANDARD.encode(&text));
            prop_assert_eq!(decoded(&word), text);
        }
    }
}
