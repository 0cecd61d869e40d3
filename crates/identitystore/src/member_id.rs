//! `MemberId`: who is a member of a group. So far only users are.

use model::Fault;
use model::ids::UserId;
use protocol::Fields;
use serde::Serialize;

/// A member as replies name it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MemberIdReply {
    pub user_id: String,
}

/// The user in `MemberId`.
pub(super) fn read(fields: &Fields<'_>) -> Result<UserId, Fault> {
    let member = fields.object("MemberId")?.ok_or_else(|| fields.missing("MemberId"))?;
    member.required("UserId")
}
