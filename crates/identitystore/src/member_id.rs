//! `MemberId`: member of a group. Only users can be members.

use model::Fault;
use model::ids::UserId;
use protocol::Fields;
use serde::Serialize;

/// AWS: `MemberId`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MemberIdReply {
    pub user_id: String,
}

/// Reads the user id in `MemberId`.
pub(super) fn read(fields: &Fields<'_>) -> Result<UserId, Fault> {
    let member = fields.object("MemberId")?.ok_or_else(|| fields.missing("MemberId"))?;
    member.required("UserId")
}
