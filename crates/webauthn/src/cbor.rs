//! CBOR as authenticators write it: definite lengths, no tags, no floats, few levels. RFC 8949; CTAP2 §6, "Message Encoding".
//!
//! Strangers send it. Nothing is allocated before its bytes are there, and nesting is bounded.

/// Maximum number of levels of a value. An attestation statement has three.
const DEPTH_MAX: usize = 8;

/// Value of CBOR that borrows from its bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Value<'a> {
    Integer(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Array(Vec<Value<'a>>),
    /// Keys and values. No key is there twice.
    Map(Vec<(Value<'a>, Value<'a>)>),
    /// False, true, null or undefined.
    Simple(u8),
}

impl<'a> Value<'a> {
    pub(crate) fn bytes(&self) -> Option<&'a [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    pub(crate) fn text(&self) -> Option<&'a str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(crate) fn integer(&self) -> Option<i64> {
        if let Self::Integer(integer) = self { Some(*integer) } else { None }
    }

    /// Finds the member of a map under a number.
    pub(crate) fn at(&self, key: i64) -> Option<&Self> {
        self.member(&Self::Integer(key))
    }

    /// Finds the member of a map under a name.
    pub(crate) fn named(&self, key: &str) -> Option<&Self> {
        let Self::Map(members) = self else { return None };
        members.iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    fn member(&self, key: &Self) -> Option<&Self> {
        let Self::Map(members) = self else { return None };
        members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

/// Reads the value at the start of `bytes`. Returns it with the bytes behind it.
pub(crate) fn read(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let mut reader = Reader { rest: bytes };
    let value = reader.value(DEPTH_MAX)?;
    Some((value, reader.rest))
}

/// Reads the value that all of `bytes` is.
pub(crate) fn read_all(bytes: &[u8]) -> Option<Value<'_>> {
    read(bytes).filter(|(_, rest)| rest.is_empty()).map(|(value, _)| value)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        let depth = depth.checked_sub(1)?;
        let first = *self.take(1)?.first()?;
        let (major, low) = (first >> 5, first & 0x1F);
        if major == 7 {
            // RFC 8949 §3.3: 20 to 23 are false, true, null and undefined. Floats are above.
            return (20..=23).contains(&low).then_some(Value::Simple(low));
        }
        let argument = self.argument(low)?;
        match major {
            0 => i64::try_from(argument).ok().map(Value::Integer),
            // RFC 8949 §3.1: a negative number is -1 less the argument.
            1 => i64::try_from(argument).ok().map(|argument| Value::Integer(-1 - argument)),
            2 => self.take(usize::try_from(argument).ok()?).map(Value::Bytes),
            3 => {
                let text = self.take(usize::try_from(argument).ok()?)?;
                std::str::from_utf8(text).ok().map(Value::Text)
            }
            4 => (0..argument).map(|_| self.value(depth)).collect::<Option<_>>().map(Value::Array),
            5 => self.map(argument, depth),
            _ => None,
        }
    }

    /// Reads the number behind the first byte. Lengths that end later are not of authenticators.
    fn argument(&mut self, low: u8) -> Option<u64> {
        let count = match low {
            0..=23 => return Some(low.into()),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return None,
        };
        let bytes = self.take(count)?;
        Some(bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }

    fn map(&mut self, count: u64, depth: usize) -> Option<Value<'a>> {
        let mut members: Vec<(Value<'a>, Value<'a>)> = Vec::new();
        for _ in 0..count {
            let key = self.value(depth)?;
            if members.iter().any(|(known, _)| *known == key) {
                return None;
            }
            let value = self.value(depth)?;
            members.push((key, value));
        }
        Some(Value::Map(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_read_as_the_standard_writes_them() {
        // RFC 8949, appendix A.
        assert_eq!(read_all(&[0x18, 0x64]), Some(Value::Integer(100)));
        assert_eq!(read_all(&[0x39, 0x03, 0xE7]), Some(Value::Integer(-1000)));
        assert_eq!(read_all(&[0x44, 1, 2, 3, 4]), Some(Value::Bytes(&[1, 2, 3, 4])));
        assert_eq!(read_all(b"\x64IETF"), Some(Value::Text("IETF")));
        assert_eq!(read_all(&[0xF5]), Some(Value::Simple(21)));
        let map = read_all(&[0xA2, 0x61, b'a', 0x01, 0x61, b'b', 0x82, 0x02, 0x03]).unwrap();
        assert_eq!(map.named("a"), Some(&Value::Integer(1)));
        assert_eq!(map.named("b"), Some(&Value::Array(vec![Value::Integer(2), Value::Integer(3)])));
        assert_eq!(map.at(1), None);
        assert_eq!(read(&[0x01, 0x02]), Some((Value::Integer(1), [0x02].as_slice())));
    }

    #[test]
    fn what_authenticators_do_not_write_is_refused() {
        for bytes in [
            [].as_slice(),
            &[0x18],                         // cut off
            &[0x42, 0x01],                   // cut off
            &[0x5F, 0x41, 0x01, 0xFF],       // no length
            &[0xC0, 0x00],                   // a tag
            &[0xF9, 0x00, 0x00],             // a float
            &[0x62, 0xFF, 0xFE],             // not UTF-8
            &[0xA2, 0x01, 0x01, 0x01, 0x02], // a key twice
            &[0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            &[0x9B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            &[0x5B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            &[0x01, 0x01], // more behind it
        ] {
            assert_eq!(read_all(bytes), None, "{bytes:02x?}");
        }
        assert_eq!(read_all(&[0x81; 10_000]), None);
    }

    proptest! {
        #[test]
        fn no_bytes_do_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some((_, rest)) = read(&bytes) {
                prop_assert!(rest.len() < bytes.len());
            }
        }
    }
}
