//! Users of identity stores.
//!
//! `revision` counts every change that a reply of the API shows.

use model::assignment::AssignmentPrincipal;
use model::attribute::{EmailAddress, email_key};
use model::external_id::ExternalId;
use model::ids::{IdentityStoreId, UserId};
use model::instance::Instance;
use model::shown_user::ShownUser;
use model::user::{User, UserStatus, user_name_key};
use model::{Fault, IdentityStoreEntity};

use crate::external_id::{copy, parse_copy};
use crate::row::{text, text_or_null};
use crate::{Read, Row, Tx, Value, account_assignment, session, user_password};

/// The columns that [`user`] reads.
macro_rules! select_user {
    ($rest:literal) => {
        concat!(
            "SELECT id, identity_store_id, user_name, display_name, attributes, external_ids,
                status, revision, credentials_not_before_ms, created_at_ms, created_by,
                updated_at_ms, updated_by
            FROM identity_user ",
            $rest
        )
    };
}

/// Adds a user whose name and address are new to the store.
// INVARIANT: uniqueness is asked of the database with ON CONFLICT; only then is it asked of what.
pub fn insert(tx: &mut Tx<'_>, user: &User) -> Result<(), Fault> {
    let sql = "INSERT INTO identity_user (identity_store_id, id, user_name, user_name_key,
            display_name, email_key, attributes, external_ids, status, revision,
            credentials_not_before_ms, updated_at_ms, updated_by, shown, created_at_ms, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT DO NOTHING";
    let mut values = written(user)?;
    values.extend([user.created_at_ms.into(), text(&user.created_by)]);
    if tx.execute(sql, &values)? == 1 {
        return Ok(());
    }
    require_unique(tx, user)?;
    Err(Fault::broken("a new user has the id of another"))
}

/// Writes the names and attributes of a user anew, as the revision after the one that was read.
pub fn update(tx: &mut Tx<'_>, changed: User) -> Result<User, Fault> {
    require_unique(tx, &changed)?;
    rewrite(tx, changed)
}

/// Lets a user sign in, or does not. Sessions and role credentials of a disabled one end, and are
/// not good again later.
pub fn set_status(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    id: &UserId,
    status: UserStatus,
) -> Result<(), Fault> {
    tx.change_authority();
    let mut user = require(tx, store_id, id)?;
    match status {
        UserStatus::Enabled => {}
        UserStatus::Disabled => {
            session::end_all_of_user(tx, store_id, id)?;
            user.credentials_not_before_ms = tx.now_ms();
        }
    }
    user.status = status;
    user.updated_at_ms = tx.now_ms();
    user.updated_by = tx.caller_arn();
    rewrite(tx, user).map(drop)
}

/// Says what providers outside call the user. The rows that are looked up are not written here.
pub(crate) fn set_external_ids(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    id: &UserId,
    external_ids: &[ExternalId],
) -> Result<(), Fault> {
    let mut user = require(tx, store_id, id)?;
    user.external_ids = external_ids.to_vec();
    user.updated_at_ms = tx.now_ms();
    user.updated_by = tx.caller_arn();
    rewrite(tx, user).map(drop)
}

/// INVARIANT: every column is written with the copy that is shown of it, so both say the same.
fn rewrite(tx: &mut Tx<'_>, mut user: User) -> Result<User, Fault> {
    let sql = "UPDATE identity_user
        SET user_name = $3, user_name_key = $4, display_name = $5, email_key = $6,
            attributes = $7, external_ids = $8, status = $9, revision = $10,
            credentials_not_before_ms = $11, updated_at_ms = $12, updated_by = $13, shown = $14
        WHERE identity_store_id = $1 AND id = $2 AND revision + 1 = $10";
    user.revision += 1;
    match tx.execute(sql, &written(&user)?)? {
        1 => Ok(user),
        _ => Err(Fault::StaleRevision),
    }
}

/// Takes a user away, with everything that is theirs: memberships, assignments, password, sessions.
pub fn delete(tx: &mut Tx<'_>, instance: &Instance, id: &UserId) -> Result<(), Fault> {
    tx.change_authority();
    let store_id = &instance.identity_store_id;
    account_assignment::delete_of_principal(
        tx,
        &instance.id,
        &AssignmentPrincipal::User(id.clone()),
    )?;
    session::end_all_of_user(tx, store_id, id)?;
    user_password::delete(tx, store_id, id)?;
    let sql = "DELETE FROM identity_user WHERE identity_store_id = $1 AND id = $2";
    tx.execute(sql, &[text(store_id), text(id)]).map(|_| ())
}

/// The user, if there is one of this id.
pub fn find(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    id: &UserId,
) -> Result<Option<User>, Fault> {
    let sql = select_user!("WHERE identity_store_id = $1 AND id = $2");
    read.query_one(sql, &[text(store_id), text(id)], user)
}

/// The user, or the fault that there is none.
pub fn require(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    id: &UserId,
) -> Result<User, Fault> {
    find(read, store_id, id)?.ok_or_else(|| Fault::not_found(IdentityStoreEntity::User, id))
}

/// The same user, as replies show one: the JSON of a [`ShownUser`] without extensions.
pub fn require_shown(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    id: &UserId,
) -> Result<String, Fault> {
    let sql = "SELECT shown FROM identity_user WHERE identity_store_id = $1 AND id = $2";
    let shown = |row: &Row| row.text(0).map(str::to_owned);
    let found = read.query_one(sql, &[text(store_id), text(id)], shown)?;
    found.ok_or_else(|| Fault::not_found(IdentityStoreEntity::User, id))
}

/// The user of this name, in any case.
pub fn find_by_name(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    name: &str,
) -> Result<Option<User>, Fault> {
    let sql = select_user!("WHERE identity_store_id = $1 AND user_name_key = $2");
    read.query_one(sql, &[text(store_id), text(&user_name_key(name))], user)
}

/// The user with this e-mail address, in any case.
pub fn find_by_email(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    email: &str,
) -> Result<Option<User>, Fault> {
    let sql = select_user!("WHERE identity_store_id = $1 AND email_key = $2");
    read.query_one(sql, &[text(store_id), text(&email_key(email))], user)
}

/// Users by name, at most `limit` after the one whose name has the key `after`.
pub fn list(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    after: &str,
    limit: i64,
) -> Result<Vec<User>, Fault> {
    let sql = select_user!(
        "WHERE identity_store_id = $1 AND user_name_key > $2 ORDER BY user_name_key LIMIT $3"
    );
    read.query(sql, &[text(store_id), text(after), limit.into()], user)
}

/// A user in a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListedUser {
    /// Where the user stands in the list.
    pub user_name_key: String,
    /// The JSON of a [`ShownUser`] without extensions.
    pub shown: String,
}

/// The same users as [`list`] has, as replies show them.
pub fn list_shown(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    after: &str,
    limit: i64,
) -> Result<Vec<ListedUser>, Fault> {
    let sql = "SELECT user_name_key, shown FROM identity_user
        WHERE identity_store_id = $1 AND user_name_key > $2 ORDER BY user_name_key LIMIT $3";
    read.query(sql, &[text(store_id), text(after), limit.into()], |row| {
        Ok(ListedUser { user_name_key: row.text(0)?.to_owned(), shown: row.text(1)?.to_owned() })
    })
}

/// The fault that another user has the name or the address.
fn require_unique(read: &mut Read<'_>, user: &User) -> Result<(), Fault> {
    let taken = |field| Err(Fault::not_unique(IdentityStoreEntity::User, field));
    let sql = "SELECT id FROM identity_user
        WHERE identity_store_id = $1 AND user_name_key = $2 AND id <> $3";
    let values = [text(&user.identity_store_id), text(&user.user_name.key()), text(&user.id)];
    if read.query_one(sql, &values, |_| Ok(()))?.is_some() {
        return taken("UserName");
    }
    let Some(email) = user.email() else { return Ok(()) };
    let sql = "SELECT id FROM identity_user
        WHERE identity_store_id = $1 AND email_key = $2 AND id <> $3";
    let values = [text(&user.identity_store_id), text(&email.key()), text(&user.id)];
    match read.query_one(sql, &values, |_| Ok(()))? {
        Some(()) => taken("e-mail address"),
        None => Ok(()),
    }
}

/// What inserting and rewriting both write, in the order of `$1` to `$14`.
fn written(user: &User) -> Result<Vec<Value>, Fault> {
    let attributes = serde_json::to_string(&user.attributes).map_err(Fault::broken)?;
    let shown = serde_json::to_string(&ShownUser::new(user.clone(), false));
    let email_key = user.email().map(EmailAddress::key);
    Ok(vec![
        text(&user.identity_store_id),
        text(&user.id),
        text(&user.user_name),
        text(&user.user_name.key()),
        text(&user.display_name),
        text_or_null(email_key.as_ref()),
        Value::Text(attributes),
        copy(&user.external_ids)?,
        text(user.status.as_str()),
        user.revision.into(),
        user.credentials_not_before_ms.into(),
        user.updated_at_ms.into(),
        text(&user.updated_by),
        Value::Text(shown.map_err(Fault::broken)?),
    ])
}

fn user(row: &Row) -> Result<User, Fault> {
    let attributes = serde_json::from_str(row.text(4)?);
    Ok(User {
        id: row.parse(0)?,
        identity_store_id: row.parse(1)?,
        user_name: row.parse(2)?,
        display_name: row.parse(3)?,
        // INVARIANT: the error of the JSON may quote it, and it is about a person; it stays here.
        attributes: attributes.map_err(|_| Fault::broken("attributes of a user are unreadable"))?,
        external_ids: parse_copy(row, 5)?,
        status: row.parse(6)?,
        revision: row.integer(7)?,
        credentials_not_before_ms: row.integer(8)?,
        created_at_ms: row.integer(9)?,
        created_by: row.text(10)?.to_owned(),
        updated_at_ms: row.integer(11)?,
        updated_by: row.text(12)?.to_owned(),
    })
}
