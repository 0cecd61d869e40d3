//! Columns of a digest's events: values by their places in a list, and random bytes as Base64.
//!
//! zstd finds repeated texts by itself. It cannot find that 16 random bytes are written as 36 characters.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

/// Values, each once, and the place in that list of the value of each event.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Dictionary<T> {
    of: Vec<T>,
    at: Vec<usize>,
}

impl<T: Clone + Ord> Dictionary<T> {
    pub(super) fn new(values: impl Iterator<Item = T>) -> Self {
        let (mut known, mut of, mut at) = (BTreeMap::new(), Vec::new(), Vec::new());
        for value in values {
            let place = *known.entry(value).or_insert_with_key(|value: &T| {
                of.push(value.clone());
                of.len() - 1
            });
            at.push(place);
        }
        Self { of, at }
    }

    /// Returns the value of an event.
    pub(super) fn get(&self, event: usize) -> Option<&T> {
        self.of.get(*self.at.get(event)?)
    }

    /// Tells whether there is a value for each of this number of events.
    pub(super) fn is_of(&self, events: usize) -> bool {
        self.at.len() == events
    }
}

/// Texts, or the bytes that all of them stand for.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub(super) enum Texts {
    /// Base64 of the bytes of all texts. Each has as many.
    Packed(String),
    Plain(Vec<String>),
}

impl Texts {
    /// Packs the texts if `pack` knows the bytes of each of them.
    pub(super) fn new<'a, const N: usize>(
        texts: impl Iterator<Item = &'a str> + Clone,
        pack: fn(&str) -> Option<[u8; N]>,
    ) -> Self {
        let packed: Option<Vec<[u8; N]>> = texts.clone().map(pack).collect();
        match packed {
            Some(packed) => Self::Packed(STANDARD_NO_PAD.encode(packed.concat())),
            None => Self::Plain(texts.map(str::to_owned).collect()),
        }
    }

    /// Returns the texts; `None` if there are not as many.
    pub(super) fn unpack<const N: usize>(
        &self,
        count: usize,
        unpack: impl Fn(usize, &[u8; N]) -> String,
    ) -> Option<Vec<String>> {
        match self {
            Self::Plain(texts) => (texts.len() == count).then(|| texts.clone()),
            Self::Packed(packed) => {
                let bytes = STANDARD_NO_PAD.decode(packed).ok()?;
                let (parts, rest) = bytes.as_chunks::<N>();
                let texts = parts.iter().enumerate().map(|(place, part)| unpack(place, part));
                (rest.is_empty() && parts.len() == count).then(|| texts.collect())
            }
        }
    }
}

/// Bytes of hexadecimal digits in lower case.
pub(super) fn unhex<const N: usize>(digits: impl Iterator<Item = u8> + Clone) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if digits.clone().count() != 2 * N {
        return None;
    }
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut values = digits.map(value);
    for byte in &mut bytes {
        *byte = values.next()?? << 4 | values.next()??;
    }
    Some(bytes)
}

/// Writes bytes as hexadecimal digits in lower case.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(digit).collect()
}

fn digit(value: u8) -> Option<char> {
    char::from_digit(value.into(), 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_once() {
        let dictionary = Dictionary::new(["a", "b", "a"].into_iter());
        assert_eq!(serde_json::to_string(&dictionary).unwrap(), r#"{"of":["a","b"],"at":[0,1,0]}"#);
        assert_eq!((dictionary.get(2), dictionary.get(3)), (Some(&"a"), None));
        assert!(dictionary.is_of(3) && !dictionary.is_of(2));
    }

    #[test]
    fn texts_that_are_no_bytes_stay() {
        let pack = |text: &str| unhex::<2>(text.bytes());
        let unpack = |_: usize, bytes: &[u8; 2]| hex(bytes);
        for (texts, is_packed) in
            [(["00ff", "a1b2"], true), (["00FF", "a1b2"], false), (["00ff", "a1b"], false)]
        {
            let packed = Texts::new(texts.into_iter(), pack);
            assert_eq!(matches!(packed, Texts::Packed(_)), is_packed);
            assert_eq!(packed.unpack(2, unpack).unwrap(), texts);
            assert_eq!(packed.unpack(3, unpack), None);
        }
        assert_eq!(Texts::Packed("AAAA".to_owned()).unpack(1, unpack), None);
        assert_eq!(Texts::Packed("?".to_owned()).unpack(1, unpack), None);
    }
}
