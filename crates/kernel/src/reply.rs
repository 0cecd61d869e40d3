//! Forms that replies of several operations share.

use model::Fault;
use model::tag::Tag;
use serde::Serialize;
use serde_json::Value;

pub use model::shown_user::seconds;

/// A reply without members: `{}`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct NoReply {}

/// A reply that a protocol can write.
///
/// Whatever serializes is one. A reply with parts that are JSON already writes itself.
pub trait WriteReply {
    /// Appends the JSON of the whole reply.
    fn write_json(&self, json: &mut Vec<u8>) -> Result<(), Fault>;

    /// The reply as a tree, for protocols that are not JSON.
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

/// A tag.
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
