//! `PorticoAdmin.CreateMfaBypass`.

use kernel::identity_store::resources;
use kernel::reply::Moment;
use kernel::strength::vouch;
use kernel::{Ctx, Operation};
use mail::Content;
use mail::notice::{NOTICE_MS, Notice};
use mail::outbox::{self, Post};
use model::ids::{IdentityStoreId, UserId};
use model::mfa::MfaBypass;
use model::user::User;
use model::{AuditEvent, Fault, IdentityStoreEntity};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{Read, message, mfa_bypass, user};

use super::mfa_device::require_not_stronger;
use super::notice_reply::NoticeReply;
use super::one_user::OneUser;
use super::reset_user_password::require_enabled;

pub const OPERATION: Operation<CreateMfaBypassRequest, CreateMfaBypassReply> =
    Operation::writes("PorticoAdmin.CreateMfaBypass", "portico:CreateMfaBypass", create_mfa_bypass);

/// Validity of a bypass.
const BYPASS_MS: i64 = 60 * 60 * 1000;

#[derive(Debug)]
pub struct CreateMfaBypassRequest(pub OneUser);

impl FromFields for CreateMfaBypassRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        OneUser::from_fields(fields).map(Self)
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateMfaBypassReply {
    pub expires_at: Moment,
    #[serde(flatten)]
    pub notice: NoticeReply,
}

/// Lets a person who lost their devices sign in once without a second factor, within an hour, and tells them so.
///
/// INVARIANT: it makes nobody stronger who knows the person's password. Who gave it and the person are compared again when
/// it is used.
pub fn create_mfa_bypass(
    ctx: &Ctx<'_>,
    request: &CreateMfaBypassRequest,
) -> Result<CreateMfaBypassReply, Fault> {
    let OneUser { identity_store_id: store_id, user_id } = &request.0;
    let resources = resources(ctx, store_id, [user_id.arn()]);
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut read = ctx.read(&permit)?;
    require_not_stronger(ctx, &mut read, store_id, user_id)?;
    let person = require_person(&mut read, store_id, user_id)?;
    // INVARIANT: the person is told. A bypass of which no message can be posted is refused.
    let due_ms = match person.email() {
        Some(address) => outbox::find_due_ms(ctx, &mut read, store_id, address)?,
        None => ctx.now_ms(),
    };
    drop(read);
    let mut tx = ctx.begin(permit)?;
    require_not_stronger(ctx, &mut tx, store_id, user_id)?;
    let person = require_person(&mut tx, store_id, user_id)?;
    let expires_at_ms = tx.now_ms() + BYPASS_MS;
    let bypass = MfaBypass {
        identity_store_id: store_id.clone(),
        user_id: user_id.clone(),
        voucher: Some(vouch(ctx)),
        expires_at_ms,
    };
    mfa_bypass::put(&mut tx, &bypass)?;
    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("userId", user_id)
        .answered("expiresAtMs", expires_at_ms);
    let notice = if let Some(recipient) = person.email() {
        let content = Content::MfaBypass {
            display_name: person.display_name.to_string(),
            user_name: person.user_name.to_string(),
            until_ms: Some(expires_at_ms),
        };
        // One that waits tells of the former bypass, whose place this one takes.
        message::end_of_kind(&mut tx, store_id, user_id, content.kind())?;
        let post = Post {
            identity_store_id: store_id.clone(),
            user_id: Some(user_id.clone()),
            recipient: recipient.clone(),
            content,
            // The person is told also after its end.
            expires_at_ms: tx.now_ms() + NOTICE_MS,
        };
        let message_id = outbox::post_at(ctx, &mut tx, &post, due_ms)?;
        let later_ms = (due_ms > tx.now_ms()).then_some(due_ms);
        Some(Notice { message_id, later_ms })
    } else {
        None
    };
    let notice = NoticeReply::from(notice);
    tx.commit(&notice.told(event))?;
    Ok(CreateMfaBypassReply { expires_at: Moment(expires_at_ms), notice })
}

fn require_person(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<User, Fault> {
    require_enabled(read, store_id, user_id)?;
    let found = user::find(read, store_id, user_id)?;
    found.ok_or_else(|| Fault::not_found(IdentityStoreEntity::User, user_id))
}
