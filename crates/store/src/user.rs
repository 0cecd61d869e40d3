//! Users of identity stores.
//!
//! `revision` counts every change that a reply of the API shows.

use model::attribute::{EmailAddress, email_key};
use model::external_id::ExternalId;
use model::ids::{IdentityStoreId, UserId};
use model::likeness::Likeness;
use model::shown_user::ShownUser;
use model::user::{User, UserStatus, user_name_key};
use model::{Fault, IdentityStoreEntity};
use serde::de::IgnoredAny;

use crate::likeness::Claim;
use crate::removed_principal::not_removed;
use crate::row::{text, text_or_null};
use crate::user_likeness::{claims, likenesses};
pub use crate::user_removal::delete;
use crate::{Read, Row, Tx, Value, column, removed_principal, session, trusted_browser};

/// Selects the columns of a user, which [`user`] reads.
macro_rules! select_user {
    ($($rest:tt)+) => {
        concat!(
            "SELECT id, identity_store_id, user_name, display_name, attributes, external_ids,
                status, revision, credentials_not_before_ms, created_at_ms, created_by,
                updated_at_ms, updated_by
            FROM identity_user ",
            $($rest)+
        )
    };
}

pub(crate) use select_user;

/// Version of the JSON in `identity_user.shown`, which is stored beside every copy.
///
/// INVARIANT: increment it with every change of the JSON of a [`ShownUser`]. Lists then build
/// replies from the columns until [`renew_shown`] has rewritten the copies.
const SHOWN_VERSION: i64 = 1;

/// Adds a user with a name and an address that are new to the identity store.
// INVARIANT: the database decides on uniqueness by ON CONFLICT. Only a conflict is then looked
// into.
pub fn insert(tx: &mut Tx<'_>, user: &User) -> Result<(), Fault> {
    let sql = "INSERT INTO identity_user (identity_store_id, id, user_name, user_name_key,
            display_name, email_key, attributes, external_ids, status, revision,
            credentials_not_before_ms, updated_at_ms, updated_by, shown, shown_version,
            user_name_likeness, email_likeness, likeness_version, likeness_revision,
            created_at_ms, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $10, $19, $20)
        ON CONFLICT DO NOTHING";
    let claims = likenesses(user).map(|likeness| Claim::unique(likeness.as_ref()));
    let mut values = written(user, &claims)?;
    values.extend([user.created_at_ms.into(), text(&user.created_by)]);
    if tx.execute(sql, &values)? == 1 {
        return Ok(());
    }
    require_unique(tx, user, None)?;
    Err(Fault::broken("a new user has the id of another"))
}

/// Updates the names and attributes of a user, as the revision after the one that was read.
pub fn update(tx: &mut Tx<'_>, changed: User) -> Result<User, Fault> {
    let before = find(tx, &changed.identity_store_id, &changed.id)?;
    require_unique(tx, &changed, before.as_ref())?;
    rewrite(tx, changed)
}

/// Enables or disables a user. Disabling ends the sessions and role credentials of the user for
/// good.
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
            trusted_browser::delete_all_of_user(tx, store_id, id)?;
            // A mark, as in `revocation`: it rises even if the clock was set back.
            user.credentials_not_before_ms = tx.now_ms().max(user.credentials_not_before_ms + 1);
        }
    }
    user.status = status;
    user.updated_at_ms = tx.now_ms();
    user.updated_by = tx.caller_arn();
    rewrite(tx, user).map(drop)
}

/// Replaces the copy of the external ids of a user. The rows of `identity_external_id` are written
/// by `external_id`.
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

/// Writes a user as the revision after the one that was read.
///
/// INVARIANT: the columns are always written together with the copy for replies.
// AUTHORITY: unchanged, because only `set_status` narrows it, and calls `change_authority`.
fn rewrite(tx: &mut Tx<'_>, mut user: User) -> Result<User, Fault> {
    let sql = "UPDATE identity_user
        SET user_name = $3, user_name_key = $4, display_name = $5, email_key = $6,
            attributes = $7, external_ids = $8, status = $9, revision = $10,
            credentials_not_before_ms = $11, updated_at_ms = $12, updated_by = $13, shown = $14,
            shown_version = $15, user_name_likeness = $16, email_likeness = $17,
            likeness_version = $18, likeness_revision = $10
        WHERE identity_store_id = $1 AND id = $2 AND revision + 1 = $10";
    user.revision += 1;
    let claims = claims(tx, &user)?;
    match tx.execute(sql, &written(&user, &claims)?)? {
        1 => Ok(user),
        _ => Err(Fault::StaleRevision),
    }
}

/// Finds the user with this id.
pub fn find(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    id: &UserId,
) -> Result<Option<User>, Fault> {
    let sql = select_user!(
        "WHERE identity_store_id = $1 AND id = $2 AND ",
        not_removed!("identity_user.id")
    );
    read.query_one(sql, &[text(store_id), text(id)], user)
}

/// Returns the user, or `NotFound`.
pub fn require(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    id: &UserId,
) -> Result<User, Fault> {
    find(read, store_id, id)?.ok_or_else(|| Fault::not_found(IdentityStoreEntity::User, id))
}

/// Returns the user in the form of replies, or `NotFound`: the JSON of a [`ShownUser`] without
/// extensions.
pub fn require_shown(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    id: &UserId,
) -> Result<String, Fault> {
    let sql = concat!(
        "SELECT shown_version, shown FROM identity_user
        WHERE identity_store_id = $1 AND id = $2 AND ",
        not_removed!("identity_user.id")
    );
    let shown = |row: &Row| Ok(current_shown(row)?.map(str::to_owned));
    match read.query_one(sql, &[text(store_id), text(id)], shown)? {
        Some(Some(shown)) => Ok(shown),
        Some(None) => require(read, store_id, id).and_then(shown_of),
        None => Err(Fault::not_found(IdentityStoreEntity::User, id)),
    }
}

/// Finds the user with this name, or with one that looks the same. The exact spelling,
/// without regard to case, has precedence.
pub fn find_by_name(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    name: &str,
) -> Result<Option<User>, Fault> {
    let sql = select_user!(
        "WHERE identity_store_id = $1 AND (user_name_key = $2
            OR (user_name_likeness = $3 AND likeness_revision = revision))
        ORDER BY CASE WHEN user_name_key = $2 THEN 0 ELSE 1 END LIMIT 1"
    );
    let likeness = Likeness::of(name);
    let values = [text(store_id), text(&user_name_key(name)), text(likeness.as_str())];
    read.query_one(sql, &values, user)
}

/// Finds the user with this e-mail address, or with one that looks the same. The exact spelling,
/// without regard to case, has precedence.
pub fn find_by_email(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    email: &str,
) -> Result<Option<User>, Fault> {
    let sql = select_user!(
        "WHERE identity_store_id = $1 AND (email_key = $2
            OR (email_likeness = $3 AND likeness_revision = revision))
        ORDER BY CASE WHEN email_key = $2 THEN 0 ELSE 1 END LIMIT 1"
    );
    let likeness = Likeness::of(email);
    let values = [text(store_id), text(&email_key(email)), text(likeness.as_str())];
    read.query_one(sql, &values, user)
}

/// Lists users by name: at most `limit` after the name key `after`.
pub fn list(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    after: &str,
    limit: i64,
) -> Result<Vec<User>, Fault> {
    let sql = select_user!(
        "WHERE identity_store_id = $1 AND user_name_key > $2 AND user_name_key < $3
        ORDER BY user_name_key LIMIT $4"
    );
    let values = [text(store_id), text(after), text(removed_principal::NAMES_END), limit.into()];
    read.query(sql, &values, user)
}

/// User in a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListedUser {
    /// Position of the user in the list.
    pub user_name_key: String,
    /// JSON of a [`ShownUser`] without extensions.
    pub shown: String,
}

/// Lists users in the form of replies, in the order of [`list`].
pub fn list_shown(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    after: &str,
    limit: i64,
) -> Result<Vec<ListedUser>, Fault> {
    let sql = "SELECT user_name_key, shown_version, shown FROM identity_user
        WHERE identity_store_id = $1 AND user_name_key > $2 AND user_name_key < $3
        ORDER BY user_name_key LIMIT $4";
    let values = [text(store_id), text(after), text(removed_principal::NAMES_END), limit.into()];
    let page = read.query(sql, &values, |row| {
        let user_name_key = row.text("user_name_key")?;
        let listed = |shown: &str| ListedUser {
            user_name_key: user_name_key.to_owned(),
            shown: shown.to_owned(),
        };
        Ok(current_shown(row)?.map(listed))
    })?;
    if let Some(page) = page.into_iter().collect() {
        return Ok(page);
    }
    // A copy has another form, so the page is built from the columns.
    let listed = |user: User| {
        let user_name_key = user.user_name.key();
        Ok(ListedUser { user_name_key, shown: shown_of(user)? })
    };
    list(read, store_id, after, limit)?.into_iter().map(listed).collect()
}

/// Rewrites up to `limit` copies of older forms. Returns their number. Revision and time of the
/// users stay.
pub fn renew_shown(tx: &mut Tx<'_>, limit: i64) -> Result<u64, Fault> {
    let old = select_user!("WHERE shown_version < $1 LIMIT $2");
    let users = tx.query(old, &[SHOWN_VERSION.into(), limit.into()], user)?;
    // AUTHORITY: unchanged, because only the copy for replies is written.
    let sql = "UPDATE identity_user SET shown = $3, shown_version = $4
        WHERE identity_store_id = $1 AND id = $2";
    let mut renewed = 0;
    for user in users {
        let (store_id, id) = (text(&user.identity_store_id), text(&user.id));
        let values = [store_id, id, Value::Text(shown_of(user)?), SHOWN_VERSION.into()];
        renewed += tx.execute(sql, &values)?;
    }
    Ok(renewed)
}

/// Reads the copy for replies, unless it has another form than this program writes.
fn current_shown(row: &Row) -> Result<Option<&str>, Fault> {
    match row.integer("shown_version")? {
        SHOWN_VERSION => {
            let shown = row.text("shown")?;
            // A copy that somebody else spoiled would spoil the reply that it is put into.
            if serde_json::from_str::<IgnoredAny>(shown).is_err() {
                tracing::error!(
                    "the stored reply of a user is not JSON, so the reply is made of the columns: run `portico check`"
                );
                return Ok(None);
            }
            Ok(Some(shown))
        }
        _ => Ok(None),
    }
}

/// Makes the copy for replies.
fn shown_of(user: User) -> Result<String, Fault> {
    serde_json::to_string(&ShownUser::new(user, false))
        .map_err(|why| Fault::broken_at("writing the copy of a user for replies", why))
}

/// Returns `NotUnique` if another user has the name or the address, or one that looks the same.
///
/// A user who looked like another already, before the change, may keep that name or address.
fn require_unique(read: &mut Read<'_>, user: &User, before: Option<&User>) -> Result<(), Fault> {
    let store_id = &user.identity_store_id;
    let [name, email] = likenesses(user);
    let [name_before, email_before] = before.map_or([None, None], likenesses);
    let new = |likeness: Option<Likeness>, before: Option<Likeness>| {
        text_or_null(
            likeness.filter(|new| before.as_ref() != Some(new)).as_ref().map(Likeness::as_str),
        )
    };
    let sql = "SELECT id FROM identity_user
        WHERE identity_store_id = $1 AND id <> $2
            AND (user_name_key = $3 OR user_name_likeness = $4)";
    let key = text(&user.user_name.key());
    let values = [text(store_id), text(&user.id), key, new(name, name_before)];
    if !read.query(sql, &values, |_| Ok(()))?.is_empty() {
        return Err(Fault::not_unique(IdentityStoreEntity::User, "UserName"));
    }
    let sql = "SELECT id FROM identity_user
        WHERE identity_store_id = $1 AND id <> $2 AND (email_key = $3 OR email_likeness = $4)";
    let key = text_or_null(user.email().map(EmailAddress::key).as_ref());
    let values = [text(store_id), text(&user.id), key, new(email, email_before)];
    if !read.query(sql, &values, |_| Ok(()))?.is_empty() {
        return Err(Fault::not_unique(IdentityStoreEntity::User, "e-mail address"));
    }
    Ok(())
}

/// Returns the values that INSERT and UPDATE share, in the order of `$1` to `$18`.
fn written(user: &User, claims: &[Claim; 2]) -> Result<Vec<Value>, Fault> {
    let email_key = user.email().map(EmailAddress::key);
    let [name, email] = claims;
    Ok(vec![
        text(&user.identity_store_id),
        text(&user.id),
        text(&user.user_name),
        text(&user.user_name.key()),
        text(&user.display_name),
        text_or_null(email_key.as_ref()),
        column::json(&user.attributes, "writing the attributes of a user")?,
        column::external_ids(&user.external_ids)?,
        text(user.status.as_str()),
        user.revision.into(),
        user.credentials_not_before_ms.into(),
        user.updated_at_ms.into(),
        text(&user.updated_by),
        Value::Text(shown_of(user.clone())?),
        SHOWN_VERSION.into(),
        name.value(),
        email.value(),
        Claim::version(claims).into(),
    ])
}

pub(crate) fn user(row: &Row) -> Result<User, Fault> {
    Ok(User {
        id: row.parse("id")?,
        identity_store_id: row.parse("identity_store_id")?,
        user_name: row.parse("user_name")?,
        display_name: row.parse("display_name")?,
        attributes: column::parse_json(row, "attributes", "reading the attributes of a user")?,
        external_ids: column::parse_external_ids(row)?,
        status: row.parse("status")?,
        revision: row.integer("revision")?,
        credentials_not_before_ms: row.integer("credentials_not_before_ms")?,
        created_at_ms: row.integer("created_at_ms")?,
        created_by: row.text("created_by")?.to_owned(),
        updated_at_ms: row.integer("updated_at_ms")?,
        updated_by: row.text("updated_by")?.to_owned(),
    })
}
