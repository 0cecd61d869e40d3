//! Reply types that several operations share.

use std::fmt;

use model::Fault;
pub use model::shown_user::seconds;
use model::tag::Tag;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// A moment in milliseconds since 1970. JSON has it in seconds.
// AWS: timestamps of awsJson are numbers with a fraction.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Moment(pub i64);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(seconds(self.0))
    }
}

/// Writes a value as the text that it displays, for `serialize_with`.
pub fn as_text<T: fmt::Display, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Reply without members: `{}`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct NoReply {}

/// Reply that a protocol can serialize.
///
/// Every `Serialize` type implements it. A reply with parts that are already JSON implements it
/// itself.
pub trait WriteReply {
    /// Appends the JSON of the whole reply.
    fn write_json(&self, json: &mut Vec<u8>) -> Result<(), Fault>;

    /// Returns the reply as a tree, for protocols other than JSON.
    fn to_value(&self) -> Result<Value, Fault> {
        let mut json = Vec::new();
        self.write_json(&mut json)?;
        serde_json::from_slice(&json).map_err(|why| Fault::broken_at("reading a reply back", why))
    }
}

impl<T: Serialize> WriteReply for T {
    fn write_json(&self, json: &mut Vec<u8>) -> Result<(), Fault> {
        serde_json::to_writer(json, self).map_err(|why| Fault::broken_at("writing a reply", why))
    }

    fn to_value(&self) -> Result<Value, Fault> {
        serde_json::to_value(self).map_err(|why| Fault::broken_at("writing a reply", why))
    }
}

/// AWS: `Tag`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TagReply {
    pub key: String,
    pub value: String,
}

impl From<&Tag> for TagReply {
    fn from(tag: &Tag) -> Self {
        Self { key: tag.key.to_string(), value: tag.value.to_string() }
    }
}
