//! Forms that replies of several operations share.

use model::Fault;
pub use model::shown_user::seconds;
use model::tag::Tag;
use serde::Serialize;

/// A reply without members: `{}`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct NoReply {}

/// A reply that writes itself, because parts of it are JSON already.
pub trait WriteJson {
    /// Adds the JSON of the whole reply.
    fn write_json(&self, reply: &mut Vec<u8>) -> Result<(), Fault>;
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
