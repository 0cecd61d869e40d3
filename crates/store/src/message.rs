//! Messages to people: the outbox, and the queue of what is to be sent.

use model::Fault;
use model::attribute::EmailAddress;
use model::ids::{IdentityStoreId, MessageId, UserId};
use model::message::{Message, MessageKind, MessageStatus};

use crate::row::{text, text_or_null};
use crate::{Read, Row, Tx};

/// The columns of a message, which [`message`] reads.
macro_rules! message_columns {
    () => {
        "identity_store_id, id, user_id, kind, recipient, status, content, reason, attempts, due_ms,
            requested_by, created_at_ms, updated_at_ms, expires_at_ms"
    };
}

/// Adds a message, and wakes who sends when the transaction is committed.
pub fn insert(tx: &mut Tx<'_>, message: &Message) -> Result<(), Fault> {
    tx.add_job();
    let sql = concat!(
        "INSERT INTO message (",
        message_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );
    let values = [
        text(&message.identity_store_id),
        text(&message.id),
        text_or_null(message.user_id.as_ref()),
        text(message.kind.as_str()),
        text(&message.recipient),
        text(message.status.as_str()),
        text_or_null(message.content.as_ref()),
        text_or_null(message.reason.as_ref()),
        message.attempts.into(),
        message.due_ms.into(),
        text(&message.requested_by),
        message.created_at_ms.into(),
        message.updated_at_ms.into(),
        message.expires_at_ms.into(),
    ];
    tx.execute(sql, &values).map(|_| ())
}

/// Finds a message.
pub fn find(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    id: &MessageId,
) -> Result<Option<Message>, Fault> {
    let sql = concat!(
        "SELECT ",
        message_columns!(),
        " FROM message WHERE identity_store_id = $1 AND id = $2"
    );
    read.query_one(sql, &[text(store_id), text(id)], message)
}

/// Lists messages, newest first: at most `limit` before the moment and id given.
pub fn list(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    before: (i64, &str),
    limit: i64,
) -> Result<Vec<Message>, Fault> {
    let sql = concat!(
        "SELECT ",
        message_columns!(),
        " FROM message
        WHERE identity_store_id = $1 AND (created_at_ms, id) < ($2, $3)
        ORDER BY created_at_ms DESC, id DESC
        LIMIT $4"
    );
    let values = [text(store_id), before.0.into(), text(before.1), limit.into()];
    read.query(sql, &values, message)
}

/// Lists messages of a status, newest first: at most `limit` before the moment and id given.
pub fn list_in_status(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    status: MessageStatus,
    before: (i64, &str),
    limit: i64,
) -> Result<Vec<Message>, Fault> {
    let sql = concat!(
        "SELECT ",
        message_columns!(),
        " FROM message
        WHERE identity_store_id = $1 AND status = $2 AND (created_at_ms, id) < ($3, $4)
        ORDER BY created_at_ms DESC, id DESC
        LIMIT $5"
    );
    let values =
        [text(store_id), text(status.as_str()), before.0.into(), text(before.1), limit.into()];
    read.query(sql, &values, message)
}

/// Tells whether a message of a kind was posted to a user since a moment.
pub fn is_posted_since(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    kind: MessageKind,
    since_ms: i64,
) -> Result<bool, Fault> {
    let sql = "SELECT created_at_ms FROM message
        WHERE identity_store_id = $1 AND user_id = $2 AND kind = $3 AND created_at_ms > $4 LIMIT 1";
    let values = [text(store_id), text(user_id), text(kind.as_str()), since_ms.into()];
    Ok(read.query_one(sql, &values, |row| row.integer("created_at_ms"))?.is_some())
}

/// Counts the messages of a store that wait, up to `count_max`.
pub fn count_waiting(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    count_max: i64,
) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) AS count FROM (SELECT id FROM message
            WHERE identity_store_id = $1 AND status = 'WAITING' LIMIT $2) AS waiting";
    let values = [text(store_id), count_max.into()];
    Ok(read.query_one(sql, &values, |row| row.integer("count"))?.unwrap_or(0))
}

/// Counts the messages to an address since a moment, up to `count_max`.
pub fn count_to(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    recipient: &EmailAddress,
    since_ms: i64,
    count_max: i64,
) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) AS count FROM (SELECT id FROM message
            WHERE identity_store_id = $1 AND recipient = $2 AND created_at_ms > $3
            LIMIT $4) AS recent";
    let values = [text(store_id), text(recipient), since_ms.into(), count_max.into()];
    Ok(read.query_one(sql, &values, |row| row.integer("count"))?.unwrap_or(0))
}

/// Tells when the next message is to be sent, if any waits.
pub fn next_due_ms(read: &mut Read<'_>) -> Result<Option<i64>, Fault> {
    let sql = "SELECT due_ms FROM message WHERE status = 'WAITING' ORDER BY due_ms LIMIT 1";
    read.query_one(sql, &[], |row| row.integer("due_ms"))
}

/// Takes the message that is due first, so that no other server takes it for `lease_ms`. On PostgreSQL those that another
/// server is taking are passed over, in a transaction of [`Db::begin_claim`](crate::Db::begin_claim).
pub fn claim(tx: &mut Tx<'_>, lease_ms: i64) -> Result<Option<Message>, Fault> {
    let sql = concat!(
        "WITH due AS MATERIALIZED (
            SELECT identity_store_id AS due_store_id, id AS due_id FROM message
            WHERE status = 'WAITING' AND due_ms <= $1
            ORDER BY due_ms
            LIMIT 1
            /* FOR UPDATE SKIP LOCKED */
        )
        UPDATE message SET attempts = attempts + 1, due_ms = $2, updated_at_ms = $1
        FROM due
        WHERE identity_store_id = due_store_id AND id = due_id
        RETURNING ",
        message_columns!()
    );
    let now_ms = tx.now_ms();
    tx.query_one(sql, &[now_ms.into(), (now_ms + lease_ms).into()], message)
}

/// Puts a claimed message off. Does nothing if it ended meanwhile, or was claimed again.
pub fn put_off(tx: &mut Tx<'_>, message: &Message, due_ms: i64, reason: &str) -> Result<(), Fault> {
    tx.add_job();
    let sql = "UPDATE message SET due_ms = $4, reason = $5, updated_at_ms = $6
        WHERE identity_store_id = $1 AND id = $2 AND attempts = $3 AND status = 'WAITING'";
    let values = [
        text(&message.identity_store_id),
        text(&message.id),
        message.attempts.into(),
        due_ms.into(),
        text(reason),
        tx.now_ms().into(),
    ];
    tx.execute(sql, &values).map(|_| ())
}

/// Notes that a claimed message was refused for good. Its content stays, to be handed over.
pub fn fail(tx: &mut Tx<'_>, message: &Message, reason: &str) -> Result<(), Fault> {
    let sql = "UPDATE message SET status = 'FAILED', reason = $4, updated_at_ms = $5
        WHERE identity_store_id = $1 AND id = $2 AND attempts = $3 AND status = 'WAITING'";
    let values = [
        text(&message.identity_store_id),
        text(&message.id),
        message.attempts.into(),
        text(reason),
        tx.now_ms().into(),
    ];
    tx.execute(sql, &values).map(|_| ())
}

/// Ends a message that still has its content, and deletes the content. Returns whether it had one.
pub fn end(
    tx: &mut Tx<'_>,
    message: &Message,
    status: MessageStatus,
    reason: Option<&str>,
) -> Result<bool, Fault> {
    let sql = "UPDATE message SET status = $3, content = NULL, reason = $4, updated_at_ms = $5
        WHERE identity_store_id = $1 AND id = $2 AND content IS NOT NULL";
    let values = [
        text(&message.identity_store_id),
        text(&message.id),
        text(status.as_str()),
        text_or_null(reason),
        tx.now_ms().into(),
    ];
    Ok(tx.execute(sql, &values)? == 1)
}

/// Ends the messages of a kind about a user, which another takes the place of.
pub fn end_of_kind(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    kind: MessageKind,
) -> Result<(), Fault> {
    let sql = "UPDATE message
        SET status = CASE WHEN status = 'WAITING' THEN 'ENDED' ELSE status END,
            content = NULL, reason = 'A later message took its place.', updated_at_ms = $4
        WHERE identity_store_id = $1 AND user_id = $2 AND kind = $3 AND content IS NOT NULL";
    let values = [text(store_id), text(user_id), text(kind.as_str()), tx.now_ms().into()];
    tx.execute(sql, &values).map(|_| ())
}

/// Ends the messages about the password of a user, which is another one or was used.
pub(crate) fn end_of_password(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<(), Fault> {
    let sql = "UPDATE message
        SET status = CASE WHEN status = 'WAITING' THEN 'ENDED' ELSE status END,
            content = NULL, reason = 'The password was used or replaced.', updated_at_ms = $3
        WHERE identity_store_id = $1 AND user_id = $2
            AND kind IN ('PASSWORD_RESET', 'INVITATION', 'FORGOT_PASSWORD', 'EMAIL_OTP') AND content IS NOT NULL";
    tx.execute(sql, &[text(store_id), text(user_id), tx.now_ms().into()]).map(|_| ())
}

/// Deletes a message. Returns whether it existed.
pub fn delete(tx: &mut Tx<'_>, store_id: &IdentityStoreId, id: &MessageId) -> Result<bool, Fault> {
    let sql = "DELETE FROM message WHERE identity_store_id = $1 AND id = $2";
    Ok(tx.execute(sql, &[text(store_id), text(id)])? == 1)
}

/// Ends up to `limit` messages whose subject expired before `before_ms`.
pub fn sweep_expired(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "UPDATE message
        SET status = CASE WHEN status = 'WAITING' THEN 'ENDED' ELSE status END,
            content = NULL, updated_at_ms = $3
        WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id FROM message
            WHERE content IS NOT NULL AND expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into(), tx.now_ms().into()])
}

/// Deletes up to `limit` messages without content that changed last before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM message WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id FROM message
            WHERE content IS NULL AND updated_at_ms < $1 ORDER BY updated_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}

fn message(row: &Row) -> Result<Message, Fault> {
    Ok(Message {
        identity_store_id: row.parse("identity_store_id")?,
        id: row.parse("id")?,
        user_id: row.parse_or_null("user_id")?,
        kind: row.parse("kind")?,
        recipient: row.parse("recipient")?,
        status: row.parse("status")?,
        content: row.text_or_null("content")?.map(str::to_owned),
        reason: row.text_or_null("reason")?.map(str::to_owned),
        attempts: row.integer("attempts")?,
        due_ms: row.integer("due_ms")?,
        requested_by: row.text("requested_by")?.to_owned(),
        created_at_ms: row.integer("created_at_ms")?,
        updated_at_ms: row.integer("updated_at_ms")?,
        expires_at_ms: row.integer("expires_at_ms")?,
    })
}
