//! Requests for one-time passwords that wait for an administrator's confirmation.

use model::Fault;
use model::ids::{IdentityStoreId, PasswordResetRequestId, UserId};
use model::password::{PasswordResetRequest, Voucher};

use crate::row::text;
use crate::{Read, Row, Tx, column};

/// The columns and the table of a request, which [`request`] reads.
macro_rules! select_request {
    ($rest:literal) => {
        concat!(
            "SELECT identity_store_id, id, user_id, requested_by, created_at_ms, expires_at_ms,
                confirmed_by, voucher
            FROM password_reset_request ",
            $rest
        )
    };
}

/// Adds a request without a confirmation. It replaces the requester's earlier one for the user.
pub fn put(tx: &mut Tx<'_>, request: &PasswordResetRequest) -> Result<(), Fault> {
    let sql = "INSERT INTO password_reset_request
            (identity_store_id, id, user_id, requested_by, created_at_ms, expires_at_ms)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (identity_store_id, user_id, requested_by) DO UPDATE
            SET id = $2, created_at_ms = $5, expires_at_ms = $6, confirmed_by = NULL,
                voucher = NULL";
    let values = [
        text(&request.identity_store_id),
        text(&request.id),
        text(&request.user_id),
        text(&request.requested_by),
        request.created_at_ms.into(),
        request.expires_at_ms.into(),
    ];
    tx.write(sql, &values)
}

/// Finds a request that has not expired.
pub fn find(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    id: &PasswordResetRequestId,
    now_ms: i64,
) -> Result<Option<PasswordResetRequest>, Fault> {
    let sql = select_request!("WHERE identity_store_id = $1 AND id = $2 AND expires_at_ms > $3");
    read.query_one(sql, &[text(store_id), text(id), now_ms.into()], request)
}

/// Finds the confirmed request of a requester for a user, if it has not expired.
pub fn find_confirmed(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    requested_by: &str,
    now_ms: i64,
) -> Result<Option<PasswordResetRequest>, Fault> {
    let sql = select_request!(
        "WHERE identity_store_id = $1 AND user_id = $2 AND requested_by = $3 AND expires_at_ms > $4
            AND confirmed_by IS NOT NULL"
    );
    let values = [text(store_id), text(user_id), text(requested_by), now_ms.into()];
    read.query_one(sql, &values, request)
}

/// Lists the requests that have not expired, by id: at most `limit` after `after`.
pub fn list(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    now_ms: i64,
    after: &str,
    limit: i64,
) -> Result<Vec<PasswordResetRequest>, Fault> {
    let sql = select_request!(
        "WHERE identity_store_id = $1 AND expires_at_ms > $2 AND id > $3
        ORDER BY id
        LIMIT $4"
    );
    read.query(sql, &[text(store_id), now_ms.into(), text(after), limit.into()], request)
}

/// Confirms a request, in place of an earlier confirmation.
pub fn confirm(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    id: &PasswordResetRequestId,
    confirmed_by: &str,
    voucher: &Voucher,
) -> Result<(), Fault> {
    let sql = "UPDATE password_reset_request SET confirmed_by = $3, voucher = $4
        WHERE identity_store_id = $1 AND id = $2";
    let voucher = column::voucher(Some(voucher))?;
    tx.write(sql, &[text(store_id), text(id), text(confirmed_by), voucher])
}

/// Deletes a request. Returns whether it existed.
pub fn delete(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    id: &PasswordResetRequestId,
) -> Result<bool, Fault> {
    let sql = "DELETE FROM password_reset_request WHERE identity_store_id = $1 AND id = $2";
    Ok(tx.execute(sql, &[text(store_id), text(id)])? == 1)
}

/// Deletes up to `limit` requests that expired before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM password_reset_request WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id FROM password_reset_request
            WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}

fn request(row: &Row) -> Result<PasswordResetRequest, Fault> {
    Ok(PasswordResetRequest {
        identity_store_id: row.parse("identity_store_id")?,
        id: row.parse("id")?,
        user_id: row.parse("user_id")?,
        requested_by: row.text("requested_by")?.to_owned(),
        created_at_ms: row.integer("created_at_ms")?,
        expires_at_ms: row.integer("expires_at_ms")?,
        confirmed_by: row.text_or_null("confirmed_by")?.map(str::to_owned),
        voucher: column::parse_voucher(row)?,
    })
}
