//! Passwords of users, and the last few that each user chose.

use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::likeness::Likeness;
use model::password::{PasswordKind, PasswordPolicy, StoredHash, UserPassword, Voucher};
use model::user::user_name_key;

use crate::removed_principal::not_removed;
use crate::row::text;
use crate::{Read, Row, Tx, column, message, mfa_device, password_link, trusted_browser};

/// The columns of a password `p`, which [`password`] reads.
macro_rules! password_columns {
    () => {
        "p.cost, p.salt, p.hash, p.kind, p.expires_at_ms, p.revision, p.voucher"
    };
}

/// The columns and tables of a person `u` who signs in, which [`signer`] reads.
macro_rules! select_signer {
    ($($rest:tt)+) => {
        concat!(
            "SELECT ",
            password_columns!(),
            ", u.id, u.user_name, u.status
            FROM identity_user u
            LEFT JOIN user_password p
                ON p.identity_store_id = u.identity_store_id AND p.user_id = u.id ",
            $($rest)+
        )
    };
}

/// Number of remembered passwords, the current one included: as many as a policy may refuse.
pub const REMEMBERED_MAX: i64 = *PasswordPolicy::REUSES.end();

/// User with the data that signing in needs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signer {
    pub user_id: UserId,
    pub user_name: String,
    pub is_enabled: bool,
    pub password: Option<UserPassword>,
}

/// Finds the user with this name, or with one that looks the same. The exact spelling,
/// without regard to case, has precedence.
pub fn find_signer_by_name(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    name: &str,
) -> Result<Option<Signer>, Fault> {
    let sql = select_signer!(
        "WHERE u.identity_store_id = $1 AND (u.user_name_key = $2
            OR (u.user_name_likeness = $3 AND u.likeness_revision = u.revision))
        ORDER BY CASE WHEN u.user_name_key = $2 THEN 0 ELSE 1 END LIMIT 1"
    );
    let likeness = Likeness::of(name);
    let values = [text(store_id), text(&user_name_key(name)), text(likeness.as_str())];
    read.query_one(sql, &values, signer)
}

/// Finds the user with an id.
pub fn find_signer(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<Option<Signer>, Fault> {
    let sql =
        select_signer!("WHERE u.identity_store_id = $1 AND u.id = $2 AND ", not_removed!("u.id"));
    read.query_one(sql, &[text(store_id), text(user_id)], signer)
}

/// Finds the password of a user.
pub fn find(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<Option<UserPassword>, Fault> {
    let sql = concat!(
        "SELECT ",
        password_columns!(),
        " FROM user_password p WHERE p.identity_store_id = $1 AND p.user_id = $2"
    );
    read.query_one(sql, &[text(store_id), text(user_id)], password)
}

/// Replaces the password, as the next revision. A chosen password is remembered too. Links to set another end, and so do
/// messages about the former one. No browser is trusted any more: whoever knew the former password may have used one. No
/// passkey is enough alone after a one-time password, for the same reason.
pub fn replace(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    hash: &StoredHash,
    kind: &PasswordKind,
) -> Result<(), Fault> {
    let sql = "INSERT INTO user_password
            (identity_store_id, user_id, cost, salt, hash, kind, expires_at_ms, voucher, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
        ON CONFLICT (identity_store_id, user_id) DO UPDATE SET cost = $3, salt = $4, hash = $5,
            kind = $6, expires_at_ms = $7, voucher = $8, revision = user_password.revision + 1";
    let expires_at_ms = match kind {
        PasswordKind::OneTime { expires_at_ms, .. } => Some(*expires_at_ms),
        PasswordKind::Chosen | PasswordKind::Spent { .. } => None,
    };
    let values = [
        text(store_id),
        text(user_id),
        text(&hash.cost),
        hash.salt.as_slice().into(),
        hash.hash.as_slice().into(),
        text(kind.as_str()),
        expires_at_ms.into(),
        column::voucher(kind.voucher())?,
    ];
    tx.execute(sql, &values)?;
    password_link::delete_all(tx, store_id, user_id)?;
    message::end_of_password(tx, store_id, user_id)?;
    trusted_browser::delete_all_of_user(tx, store_id, user_id)?;
    match kind {
        PasswordKind::Chosen => remember(tx, store_id, user_id),
        PasswordKind::OneTime { .. } => mfa_device::require_password(tx, store_id, user_id),
        PasswordKind::Spent { .. } => Ok(()),
    }
}

/// Marks the one-time password of this revision as spent. Returns `false` if there is none. Its voucher
/// stays until the person has chosen another password.
pub fn spend(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    revision: i64,
) -> Result<bool, Fault> {
    let sql = "UPDATE user_password
        SET kind = 'SPENT', expires_at_ms = NULL, revision = revision + 1
        WHERE identity_store_id = $1 AND user_id = $2 AND revision = $3 AND kind = 'ONE_TIME'";
    message::end_of_password(tx, store_id, user_id)?;
    Ok(tx.execute(sql, &[text(store_id), text(user_id), revision.into()])? == 1)
}

/// Ends what the use of a one-time password lets its person do. Ending it twice succeeds.
pub fn end_spent(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    revision: i64,
) -> Result<(), Fault> {
    let sql = "UPDATE user_password SET revision = revision + 1
        WHERE identity_store_id = $1 AND user_id = $2 AND revision = $3 AND kind = 'SPENT'";
    tx.write(sql, &[text(store_id), text(user_id), revision.into()])
}

/// Makes who answers for the one-time password another: the caller who reads the message that has it.
pub fn revouch(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    voucher: &Voucher,
) -> Result<(), Fault> {
    let sql = "UPDATE user_password SET voucher = $3
        WHERE identity_store_id = $1 AND user_id = $2 AND kind = 'ONE_TIME'";
    tx.execute(sql, &[text(store_id), text(user_id), column::voucher(Some(voucher))?]).map(|_| ())
}

/// Replaces the hash of an unchanged password by one of another cost.
pub fn rehash(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    revision: i64,
    hash: &StoredHash,
) -> Result<(), Fault> {
    let sql = "UPDATE user_password SET cost = $4, salt = $5, hash = $6
        WHERE identity_store_id = $1 AND user_id = $2 AND revision = $3 AND kind = 'CHOSEN'";
    let values = [
        text(store_id),
        text(user_id),
        revision.into(),
        text(&hash.cost),
        hash.salt.as_slice().into(),
        hash.hash.as_slice().into(),
    ];
    tx.write(sql, &values)
}

/// Lists up to `limit` remembered passwords, newest first.
pub fn list_remembered(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    limit: u8,
) -> Result<Vec<StoredHash>, Fault> {
    let sql = "SELECT cost, salt, hash FROM past_password
        WHERE identity_store_id = $1 AND user_id = $2
        ORDER BY revision DESC
        LIMIT $3";
    read.query(sql, &[text(store_id), text(user_id), i64::from(limit).into()], hash)
}

/// Deletes the password of a user and the remembered ones.
pub fn delete(tx: &mut Tx<'_>, store_id: &IdentityStoreId, user_id: &UserId) -> Result<(), Fault> {
    let present = "DELETE FROM user_password WHERE identity_store_id = $1 AND user_id = $2";
    tx.execute(present, &[text(store_id), text(user_id)])?;
    let past = "DELETE FROM past_password WHERE identity_store_id = $1 AND user_id = $2";
    tx.write(past, &[text(store_id), text(user_id)])
}

fn remember(tx: &mut Tx<'_>, store_id: &IdentityStoreId, user_id: &UserId) -> Result<(), Fault> {
    let copy = "INSERT INTO past_password
            (identity_store_id, user_id, revision, cost, salt, hash)
        SELECT identity_store_id, user_id, revision, cost, salt, hash
        FROM user_password WHERE identity_store_id = $1 AND user_id = $2";
    tx.execute(copy, &[text(store_id), text(user_id)])?;
    let forget = "DELETE FROM past_password
        WHERE identity_store_id = $1 AND user_id = $2 AND revision NOT IN (
            SELECT revision FROM past_password
            WHERE identity_store_id = $1 AND user_id = $2
            ORDER BY revision DESC
            LIMIT $3)";
    tx.write(forget, &[text(store_id), text(user_id), REMEMBERED_MAX.into()])
}

fn signer(row: &Row) -> Result<Signer, Fault> {
    let is_enabled = match row.text("status")? {
        "ENABLED" => true,
        "DISABLED" => false,
        _ => return Err(Fault::broken("a user has no known status")),
    };
    let password = if row.is_null("kind")? { None } else { Some(password(row)?) };
    Ok(Signer {
        user_id: row.parse("id")?,
        user_name: row.text("user_name")?.to_owned(),
        is_enabled,
        password,
    })
}

fn password(row: &Row) -> Result<UserPassword, Fault> {
    let kind = match row.text("kind")? {
        "CHOSEN" => PasswordKind::Chosen,
        "ONE_TIME" => PasswordKind::OneTime {
            expires_at_ms: row.integer("expires_at_ms")?,
            voucher: column::parse_voucher(row)?,
        },
        "SPENT" => PasswordKind::Spent { voucher: column::parse_voucher(row)? },
        _ => return Err(Fault::broken("a password is of no known kind")),
    };
    Ok(UserPassword { hash: hash(row)?, kind, revision: row.integer("revision")? })
}

pub(crate) fn hash(row: &Row) -> Result<StoredHash, Fault> {
    Ok(StoredHash {
        cost: row.parse("cost")?,
        salt: row.byte_array("salt")?,
        hash: row.bytes("hash")?.to_owned(),
    })
}
