//! The outbox: messages are posted in the transaction of the operation that asks for them, and opened to be sent or
//! handed over.

use kernel::Ctx;
use model::Fault;
use model::attribute::EmailAddress;
use model::ids::{IdentityStoreId, MessageId, UserId};
use model::message::{Message, MessageStatus};
use policy::Principal;
use store::{Read, Tx, message};

use crate::content::Content;
use crate::letter;
use crate::mailer::Mail;

/// Maximum number of messages of an identity store that wait.
pub const WAITING_MAX: i64 = 10_000;

/// Maximum number of messages to one address within an hour.
pub const HOURLY_MAX: i64 = 10;

const HOUR_MS: i64 = 60 * 60 * 1000;

/// A message to be posted.
#[derive(Clone, Debug)]
pub struct Post {
    pub identity_store_id: IdentityStoreId,
    pub user_id: Option<UserId>,
    pub recipient: EmailAddress,
    pub content: Content,
    /// End of what the message is about.
    pub expires_at_ms: i64,
}

/// Fails with `Quota` if the outbox is full, or the address had too many messages lately.
///
/// INVARIANT: it is asked before the transaction that posts. On PostgreSQL each post would change what others have
/// counted. So a few more than the maximum may be posted at the same moment.
pub fn require_room(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    recipient: &EmailAddress,
) -> Result<(), Fault> {
    if count_lately(ctx, read, store_id, recipient, HOURLY_MAX)? >= HOURLY_MAX {
        return Err(Fault::Quota { limit: hourly_limit().into() });
    }
    require_waiting_room(read, store_id)
}

/// Returns when a notice or a message that an administrator asks for may go: now, or in an hour if the address had too many messages
/// lately. Fails with `Quota` only if the outbox is full.
///
/// Strangers and the person make messages too, and none of them holds up what an administrator does.
pub fn find_due_ms(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    recipient: &EmailAddress,
) -> Result<i64, Fault> {
    require_waiting_room(read, store_id)?;
    let is_late = count_lately(ctx, read, store_id, recipient, HOURLY_MAX)? >= HOURLY_MAX;
    Ok(ctx.now_ms() + if is_late { HOUR_MS } else { 0 })
}

/// Counts the messages to an address within the last hour, up to `count_max`.
pub(crate) fn count_lately(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    recipient: &EmailAddress,
    count_max: i64,
) -> Result<i64, Fault> {
    message::count_to(read, store_id, recipient, ctx.now_ms() - HOUR_MS, count_max)
}

fn hourly_limit() -> String {
    format!("{HOURLY_MAX} messages an hour to one address")
}

fn require_waiting_room(read: &mut Read<'_>, store_id: &IdentityStoreId) -> Result<(), Fault> {
    if message::count_waiting(read, store_id, WAITING_MAX)? >= WAITING_MAX {
        let limit = format!(
            "{WAITING_MAX} messages in the outbox: see why they are not sent, or delete some"
        );
        return Err(Fault::Quota { limit: limit.into() });
    }
    Ok(())
}

/// Posts a message. It goes out after the commit, or not at all.
pub fn post(ctx: &Ctx<'_>, tx: &mut Tx<'_>, post: &Post) -> Result<MessageId, Fault> {
    let now_ms = tx.now_ms();
    post_at(ctx, tx, post, now_ms)
}

/// Posts a message that goes out at a moment of [`find_due_ms`], or is handed over before.
pub fn post_at(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    post: &Post,
    due_ms: i64,
) -> Result<MessageId, Fault> {
    let Post { identity_store_id, user_id, recipient, content, expires_at_ms } = post;
    let id = MessageId::random(&*ctx.portico.random);
    let now_ms = tx.now_ms();
    let posted = Message {
        identity_store_id: identity_store_id.clone(),
        content: Some(content.seal(ctx, identity_store_id, &id)?),
        id: id.clone(),
        user_id: user_id.clone(),
        kind: content.kind(),
        recipient: recipient.clone(),
        status: MessageStatus::Waiting,
        reason: (due_ms > now_ms).then(hourly_limit),
        attempts: 0,
        due_ms,
        requested_by: requester(ctx),
        created_at_ms: now_ms,
        updated_at_ms: now_ms,
        expires_at_ms: *expires_at_ms,
    };
    message::insert(tx, &posted)?;
    Ok(id)
}

/// Opens a message and composes its mail. Returns `None` if it can be neither sent nor handed over any more.
pub fn open(ctx: &Ctx<'_>, message: &Message) -> Result<Option<(Content, Mail)>, Fault> {
    let Some(content) = Content::open(&ctx.portico.keys, message)? else { return Ok(None) };
    if message.expires_at_ms <= ctx.now_ms() {
        return Ok(None);
    }
    let mail = letter::compose(&ctx.portico.settings.public_url, message, &content);
    Ok(Some((content, mail)))
}

/// The name under which the recipient is told who asked.
fn requester(ctx: &Ctx<'_>) -> String {
    match &ctx.caller.principal {
        Principal::Role(role) => role.session_name.clone(),
        Principal::Anonymous
        | Principal::Unproven(_)
        | Principal::NamedPerson(_)
        | Principal::Person(_)
        | Principal::Portico => String::new(),
    }
}
