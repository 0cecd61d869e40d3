//! The notice that tells a person what an administrator did.

use kernel::reply::Moment;
use mail::notice::Notice;
use model::AuditEvent;
use serde::Serialize;

/// The notice that tells a person what an administrator did.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NoticeReply {
    /// Message that tells the person, if they have an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// When the message goes out, if the address had too many messages lately for it to go at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_due_at: Option<Moment>,
}

impl NoticeReply {
    /// Adds the message to the event of what the administrator did.
    pub(super) fn told(&self, event: AuditEvent) -> AuditEvent {
        match &self.message_id {
            Some(id) => event.answered("messageId", id),
            None => event,
        }
    }
}

impl From<Option<Notice>> for NoticeReply {
    fn from(notice: Option<Notice>) -> Self {
        notice.map_or_else(Self::default, |notice| Self {
            message_id: Some(notice.message_id.to_string()),
            message_due_at: notice.later_ms.map(Moment),
        })
    }
}
