//! JSON as policy documents use it.
//!
//! RFC 8259 §4 does not define the meaning of two members with one name. A policy in which only the
//! last `Condition` counts would allow more than its reader sees, so a second member is refused.

use std::collections::BTreeMap;
use std::fmt;

use model::fault::Text;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Maximum length of a document in bytes. Inline policies are far shorter, and the longest bundled
/// policy has room to grow.
const DOCUMENT_BYTES_MAX: usize = 512 * 1024;

/// Maximum number of characters of a document that an error repeats.
const QUOTED_CHARACTERS_MAX: usize = 64;

/// A value of a document.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Null,
    Flag(bool),
    /// A whole number, in its shortest spelling.
    Whole(String),
    Fraction,
    Text(String),
    List(Vec<Node>),
    Map(Members),
}

/// The members of an object.
pub(crate) type Members = BTreeMap<String, Node>;

/// Reads a document. The error ends the sentence `<document> must …`.
// INVARIANT: recursion is bounded, because serde_json refuses nesting deeper than 128 levels.
pub(crate) fn read(document: &str) -> Result<Node, Text> {
    if document.len() > DOCUMENT_BYTES_MAX {
        return Err(format!("be no longer than {DOCUMENT_BYTES_MAX} bytes").into());
    }
    serde_json::from_str(document).map_err(|error| format!("be a JSON document: {error}").into())
}

/// Text of a document as errors repeat it: short, and without control characters.
pub(crate) fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED_CHARACTERS_MAX) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Node, E> {
        Ok(Node::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Whole(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Whole(number.to_string()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Fraction)
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut map = Members::new();
        while let Some((name, value)) = members.next_entry::<String, Node>()? {
            if map.contains_key(&name) {
                let name = quoted(&name);
                return Err(A::Error::custom(format!("{name} occurs twice in one object")));
            }
            map.insert(name, value);
        }
        Ok(Node::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_occurs_twice_is_refused() {
        let complaint = read(r#"{"Statement":{"Effect":"Deny","Effect":"Allow"}}"#).unwrap_err();
        assert_eq!(
            complaint,
            "be a JSON document: \"Effect\" occurs twice in one object at line 1 column 47"
        );
        // An escaped spelling is the same name.
        assert!(read("{\"A\":1,\"\\u0041\":2}").is_err());
    }

    #[test]
    fn deep_nesting_and_great_length_are_refused() {
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read(&format!("[{}]", " ".repeat(DOCUMENT_BYTES_MAX))).is_err());
    }

    #[test]
    fn what_is_repeated_is_short_and_printable() {
        assert_eq!(quoted("a\u{0}\n"), r#""a\0\n""#);
        assert_eq!(quoted(&"é".repeat(1000)).chars().count(), QUOTED_CHARACTERS_MAX + 3);
    }
}
