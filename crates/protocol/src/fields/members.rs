//! The members of a JSON request, each with a name of its own.
//!
//! RFC 8259 §4 does not define the meaning of two members with one name. A proxy that checks the first and a
//! server that obeys the last would see two requests, so a second member is refused.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The error of a second member, as `serde_json` reports it.
pub(super) const TWICE: &str = "a member occurs twice";

/// Reads a JSON object.
// INVARIANT: recursion is bounded by the depth that `Fields::from_json` checks first.
pub(super) fn read(json: &[u8]) -> Result<Map<String, Value>, serde_json::Error> {
    match serde_json::from_slice(json)? {
        Member(Value::Object(members)) => Ok(members),
        Member(_) => Err(Error::custom("not an object")),
    }
}

/// A value in whose objects each name occurs once.
struct Member(Value);

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MemberVisitor).map(Self)
    }
}

struct MemberVisitor;

impl<'de> Visitor<'de> for MemberVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Member(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((name, Member(value))) = members.next_entry::<String, Member>()? {
            if map.insert(name, value).is_some() {
                return Err(A::Error::custom(TWICE));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_second_member_is_refused_at_every_depth() {
        for json in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":{"b":1,"b":2}}"#,
            r#"{"a":[{"b":1,"c":2,"b":3}]}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"a":null,"a":1}"#,
        ] {
            assert!(read(json.as_bytes()).unwrap_err().to_string().starts_with(TWICE), "{json}");
        }
        assert!(read(br#"{"a":{"a":{"a":1}},"A":[{"a":1},{"a":1}]}"#).is_ok());
    }

    proptest! {
        #[test]
        fn other_text_is_read_as_serde_json_reads_it(text in "[\\[\\]{},:\"ab0-9.eE+\\- nulltrefs]{0,40}") {
            for text in [text.clone(), format!("{{{text}}}")] {
                let theirs: Option<Map<String, Value>> = serde_json::from_str(&text).ok();
                match read(text.as_bytes()) {
                    Ok(ours) => prop_assert_eq!(Some(ours), theirs),
                    Err(why) => prop_assert!(theirs.is_none() || why.to_string().starts_with(TWICE)),
                }
            }
        }
    }
}
