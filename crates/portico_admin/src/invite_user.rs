//! `PorticoAdmin.InviteUser`.

use kernel::identity_store::{require_store, resources};
use kernel::reply::Moment;
use kernel::sessions::secret::Secret;
use kernel::strength::{is_stronger, vouch};
use kernel::{Ctx, Operation};
use mail::Content;
use mail::outbox::{self, Post};
use model::attribute::EmailAddress;
use model::ids::{IdentityStoreId, UserId};
use model::message::MessageKind;
use model::password::{Guarantor, LinkPurpose, PasswordKind, PasswordLink};
use model::user::User;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{Read, message, password_link, user_password};

use super::link_reply::LinkReply;
use super::one_user::OneUser;
use super::reset_user_password::{require_enabled, require_guaranteed_address};

pub const OPERATION: Operation<InviteUserRequest, LinkReply> =
    Operation::writes("PorticoAdmin.InviteUser", "portico:InviteUser", invite_user);

/// Validity of an invitation.
// AWS: 7 days.
const INVITATION_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Reason of a refusal. It ends the sentence "… because …".
const STRONGER: &str = "the person holds a role that you neither hold nor may assign. Ask an administrator who may to \
    invite the person, or invite people before they get roles";

#[derive(Debug)]
pub struct InviteUserRequest(pub OneUser);

impl FromFields for InviteUserRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        OneUser::from_fields(fields).map(Self)
    }
}

/// Sends a person without a password a link to choose one. A second invitation ends the first.
///
/// INVARIANT: the invitation makes its reader nobody stronger, as [`reset_user_password`] does not, because a caller who
/// may change the address of the person may read it. It is compared again when it is used.
///
/// [`reset_user_password`]: super::reset_user_password
pub fn invite_user(ctx: &Ctx<'_>, request: &InviteUserRequest) -> Result<LinkReply, Fault> {
    let OneUser { identity_store_id: store_id, user_id } = &request.0;
    let permit = ctx.authorize_all(OPERATION.action, &resources(ctx, store_id, [user_id.arn()]))?;
    let mut read = ctx.read(&permit)?;
    let (_, address, _) = require_invitable(ctx, &mut read, store_id, user_id)?;
    let due_ms = outbox::find_due_ms(ctx, &mut read, store_id, &address)?;
    drop(read);
    let mut tx = ctx.begin(permit)?;
    let (user, recipient, guarantor) = require_invitable(ctx, &mut tx, store_id, user_id)?;
    let guarantor = match guarantor {
        Guarantor::Person => Guarantor::Caller(Some(vouch(ctx))),
        // Who set the address may read what goes there.
        Guarantor::Caller(voucher) => Guarantor::Caller(voucher),
    };
    let secret = Secret::random(&*ctx.portico.random);
    let now_ms = tx.now_ms();
    let expires_at_ms = now_ms + INVITATION_MS;
    let link = PasswordLink {
        identity_store_id: store_id.clone(),
        user_id: user_id.clone(),
        purpose: LinkPurpose::Invitation,
        secret_hash: secret.hash(),
        mailbox: Some(recipient.mailbox().to_owned()),
        guarantor,
        password_revision: None,
        created_at_ms: now_ms,
        expires_at_ms,
    };
    password_link::put(&mut tx, &link)?;
    message::end_of_kind(&mut tx, store_id, user_id, MessageKind::Invitation)?;
    let content = Content::Invitation {
        display_name: user.display_name.to_string(),
        user_name: user.user_name.to_string(),
        secret: secret.reveal().to_owned(),
    };
    let (identity_store_id, user_id) = (store_id.clone(), Some(user_id.clone()));
    let post = Post { identity_store_id, user_id, recipient, content, expires_at_ms };
    let message_id = outbox::post_at(ctx, &mut tx, &post, due_ms)?;
    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("userId", &request.0.user_id)
        .answered("messageId", &message_id);
    tx.commit(&event)?;
    Ok(LinkReply {
        expiration_time: Moment(expires_at_ms),
        message_id: message_id.to_string(),
        message_due_at: (due_ms > now_ms).then_some(Moment(due_ms)),
    })
}

/// Checks that the caller may invite the user. Returns the user with the address.
fn require_invitable(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<(User, EmailAddress, Guarantor), Fault> {
    let instance = require_store(ctx, read, store_id)?;
    require_enabled(read, store_id, user_id)?;
    let found = require_guaranteed_address(ctx, read, store_id, user_id)?;
    let password = user_password::find(read, store_id, user_id)?;
    if password.is_some_and(|password| password.kind == PasswordKind::Chosen) {
        return Err(Fault::conflict(
            "The user has chosen a password already. ResetUserPassword gives them another.",
        ));
    }
    if is_stronger(ctx, read, &instance, user_id)? {
        return Err(read.permit().refusal(STRONGER));
    }
    Ok(found)
}
