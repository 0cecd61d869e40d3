//! User in replies.

use kernel::reply::WriteReply;
use model::Fault;
use model::shown_user::ShownUser;
use model::user::User;
use serde::Serialize;

/// The JSON of a user.
#[derive(Debug)]
pub struct ShownText(String);

impl ShownText {
    pub(super) fn new(user: User, with_extensions: bool) -> Result<Self, Fault> {
        let shown = ShownUser::new(user, with_extensions);
        serde_json::to_string(&shown)
            .map(Self)
            .map_err(|why| Fault::broken_at("writing a user", why))
    }

    /// Wraps the stored copy of a user.
    pub(super) fn kept(shown: String) -> Self {
        Self(shown)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<ShownText> for String {
    fn from(text: ShownText) -> Self {
        text.0
    }
}

impl WriteReply for ShownText {
    fn write_json(&self, reply: &mut Vec<u8>) -> Result<(), Fault> {
        reply.extend_from_slice(self.0.as_bytes());
        Ok(())
    }
}

/// Reply of `CreateUser` and `UpdateUser`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserRevisionReply {
    pub identity_store_id: String,
    pub user_id: String,
    pub user_arn: String,
    pub revision: String,
}

impl UserRevisionReply {
    pub(super) fn new(user: &User) -> Self {
        Self {
            identity_store_id: user.identity_store_id.to_string(),
            user_id: user.id.to_string(),
            user_arn: user.id.arn(),
            revision: user.revision.to_string(),
        }
    }
}
