//! Reply of an operation that sends a link to a person.

use kernel::reply::Moment;
use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LinkReply {
    pub expiration_time: Moment,
    /// Message that has the link.
    pub message_id: String,
    /// When the message goes out, if the address had too many messages lately for it to go at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_due_at: Option<Moment>,
}
