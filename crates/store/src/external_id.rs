//! What providers outside call users and groups.
//!
//! INVARIANT: the rows of `identity_external_id` are what is looked up and what is unique. The
//! `external_ids` column of the user or group is a copy for its readers, and changes only with them.

use model::external_id::ExternalId;
use model::ids::{GroupId, IdentityStoreId, UserId};
use model::{Entity, Fault, IdentityStoreEntity};

use crate::row::{text, text_or_null};
use crate::{Read, Row, Tx, Value, user};

/// The user that a provider calls so.
pub fn find_user(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    external_id: &ExternalId,
) -> Result<Option<UserId>, Fault> {
    let sql = "SELECT user_id FROM identity_external_id
        WHERE identity_store_id = $1 AND principal_type = 'USER' AND issuer = $2
            AND external_id = $3";
    read.query_one(sql, &name(store_id, external_id), |row| row.parse(0))
}

/// The group that a provider calls so.
pub fn find_group(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    external_id: &ExternalId,
) -> Result<Option<GroupId>, Fault> {
    let sql = "SELECT group_id FROM identity_external_id
        WHERE identity_store_id = $1 AND principal_type = 'GROUP' AND issuer = $2
            AND external_id = $3";
    read.query_one(sql, &name(store_id, external_id), |row| row.parse(0))
}

/// Says what a user is called outside, in place of what was said before.
pub fn replace_of_user(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    external_ids: &[ExternalId],
) -> Result<(), Fault> {
    let sql = "DELETE FROM identity_external_id WHERE identity_store_id = $1 AND user_id = $2";
    tx.execute(sql, &[text(store_id), text(user_id)])?;
    let sql = "INSERT INTO identity_external_id
            (identity_store_id, principal_type, issuer, external_id, user_id)
        VALUES ($1, 'USER', $2, $3, $4)
        ON CONFLICT DO NOTHING";
    insert_all(
        tx,
        sql,
        Entity::IdentityStore(IdentityStoreEntity::User),
        store_id,
        &text(user_id),
        external_ids,
    )?;
    user::set_external_ids(tx, store_id, user_id, external_ids)
}

/// Says what a group is called outside, in place of what was said before.
pub fn replace_of_group(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    group_id: &GroupId,
    external_ids: &[ExternalId],
) -> Result<(), Fault> {
    let sql = "DELETE FROM identity_external_id WHERE identity_store_id = $1 AND group_id = $2";
    tx.execute(sql, &[text(store_id), text(group_id)])?;
    let sql = "INSERT INTO identity_external_id
            (identity_store_id, principal_type, issuer, external_id, group_id)
        VALUES ($1, 'GROUP', $2, $3, $4)
        ON CONFLICT DO NOTHING";
    insert_all(
        tx,
        sql,
        Entity::IdentityStore(IdentityStoreEntity::Group),
        store_id,
        &text(group_id),
        external_ids,
    )?;
    let sql = "UPDATE identity_group
        SET external_ids = $3, updated_at_ms = $4, updated_by = $5, revision = revision + 1
        WHERE identity_store_id = $1 AND id = $2";
    let (now, by) = (tx.now_ms(), tx.caller_arn());
    let values = [text(store_id), text(group_id), copy(external_ids)?, now.into(), text(&by)];
    tx.execute(sql, &values).map(|_| ())
}

fn insert_all(
    tx: &mut Tx<'_>,
    sql: &'static str,
    entity: Entity,
    store_id: &IdentityStoreId,
    principal_id: &Value,
    external_ids: &[ExternalId],
) -> Result<(), Fault> {
    for external_id in external_ids {
        let [store, issuer, id] = name(store_id, external_id);
        if tx.execute(sql, &[store, issuer, id, principal_id.clone()])? != 1 {
            return Err(Fault::NotUnique { entity, field: "ExternalId" });
        }
    }
    Ok(())
}

fn name(store_id: &IdentityStoreId, external_id: &ExternalId) -> [Value; 3] {
    [text(store_id), text(&external_id.issuer), text(&external_id.id)]
}

/// The copy for readers: JSON, or NULL for none.
pub(crate) fn copy(external_ids: &[ExternalId]) -> Result<Value, Fault> {
    if external_ids.is_empty() {
        return Ok(Value::Null);
    }
    let json = serde_json::to_string(external_ids).map_err(Fault::broken)?;
    Ok(text_or_null(Some(&json)))
}

/// The copy as it was written.
pub(crate) fn parse_copy(row: &Row, column: usize) -> Result<Vec<ExternalId>, Fault> {
    let Some(json) = row.text_or_null(column)? else { return Ok(Vec::new()) };
    serde_json::from_str(json).map_err(|_| Fault::broken("external ids of a row are not readable"))
}
