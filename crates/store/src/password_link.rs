//! Links that let a person set a password.
//!
//! The column `email_key` has the mailbox, letter by letter ([`EmailAddress::mailbox`](model::attribute::EmailAddress::mailbox)).
//! INVARIANT: the secret of a link is stored as a hash. `user_password::replace` deletes the links of its user.

use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::password::{Guarantor, LinkPurpose, PasswordLink, Voucher};
use model::token::TokenHash;

use crate::row::{text, text_or_null};
use crate::{Read, Row, Tx, column};

/// The columns and the table of a link, which [`link`] reads.
macro_rules! select_link {
    ($rest:literal) => {
        concat!(
            "SELECT identity_store_id, user_id, purpose, secret_hash, email_key, guarantor, voucher,
                password_revision, created_at_ms, expires_at_ms
            FROM password_link ",
            $rest
        )
    };
}

/// Adds a link. It replaces the former one of its user and purpose.
pub fn put(tx: &mut Tx<'_>, link: &PasswordLink) -> Result<(), Fault> {
    let sql = "INSERT INTO password_link (identity_store_id, user_id, purpose, secret_hash, email_key, guarantor,
            voucher, created_at_ms, expires_at_ms, password_revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (identity_store_id, user_id, purpose) DO UPDATE
            SET secret_hash = $4, email_key = $5, guarantor = $6, voucher = $7, created_at_ms = $8,
                expires_at_ms = $9, password_revision = $10";
    let (guarantor, voucher) = match &link.guarantor {
        Guarantor::Person => ("PERSON", None),
        Guarantor::Caller(voucher) => ("CALLER", voucher.as_ref()),
    };
    let values = [
        text(&link.identity_store_id),
        text(&link.user_id),
        text(link.purpose.as_str()),
        link.secret_hash.as_slice().into(),
        text_or_null(link.mailbox.as_ref()),
        text(guarantor),
        column::voucher(voucher)?,
        link.created_at_ms.into(),
        link.expires_at_ms.into(),
        link.password_revision.into(),
    ];
    tx.write(sql, &values)
}

/// Finds the link with this secret that has not expired.
pub fn find(
    read: &mut Read<'_>,
    secret_hash: &TokenHash,
    now_ms: i64,
) -> Result<Option<PasswordLink>, Fault> {
    let sql = select_link!("WHERE secret_hash = $1 AND expires_at_ms > $2");
    read.query_one(sql, &[secret_hash.as_slice().into(), now_ms.into()], link)
}

/// Finds the link of a user that has not expired.
pub fn find_of_user(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    purpose: LinkPurpose,
    now_ms: i64,
) -> Result<Option<PasswordLink>, Fault> {
    let sql = select_link!(
        "WHERE identity_store_id = $1 AND user_id = $2 AND purpose = $3 AND expires_at_ms > $4"
    );
    let values = [text(store_id), text(user_id), text(purpose.as_str()), now_ms.into()];
    read.query_one(sql, &values, link)
}

/// Makes the caller who reads the message with a link the one who answers for it. The link proves no address any more.
pub fn revouch(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    purpose: LinkPurpose,
    voucher: &Voucher,
) -> Result<(), Fault> {
    let sql = "UPDATE password_link SET email_key = NULL, guarantor = 'CALLER', voucher = $4
        WHERE identity_store_id = $1 AND user_id = $2 AND purpose = $3";
    let voucher = column::voucher(Some(voucher))?;
    tx.write(sql, &[text(store_id), text(user_id), text(purpose.as_str()), voucher])
}

/// Deletes the link with this secret. Deleting a missing one succeeds.
pub fn delete(tx: &mut Tx<'_>, secret_hash: &TokenHash) -> Result<(), Fault> {
    let sql = "DELETE FROM password_link WHERE secret_hash = $1";
    tx.write(sql, &[secret_hash.as_slice().into()])
}

/// Deletes the links of a user, since the password is another.
pub(crate) fn delete_all(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<(), Fault> {
    let sql = "DELETE FROM password_link WHERE identity_store_id = $1 AND user_id = $2";
    tx.write(sql, &[text(store_id), text(user_id)])
}

/// Deletes up to `limit` links that expired before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM password_link WHERE secret_hash IN (
            SELECT secret_hash FROM password_link
            WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}

fn link(row: &Row) -> Result<PasswordLink, Fault> {
    let guarantor = match row.text("guarantor")? {
        "PERSON" => Guarantor::Person,
        "CALLER" => Guarantor::Caller(column::parse_voucher(row)?),
        _ => return Err(Fault::broken("a link has no known guarantor")),
    };
    Ok(PasswordLink {
        identity_store_id: row.parse("identity_store_id")?,
        user_id: row.parse("user_id")?,
        purpose: row.parse("purpose")?,
        secret_hash: row.byte_array("secret_hash")?,
        mailbox: row.text_or_null("email_key")?.map(str::to_owned),
        guarantor,
        password_revision: row.integer_or_null("password_revision")?,
        created_at_ms: row.integer("created_at_ms")?,
        expires_at_ms: row.integer("expires_at_ms")?,
    })
}
