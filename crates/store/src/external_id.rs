//! External ids: names of users and groups at other identity providers.
//!
//! INVARIANT: look-ups and uniqueness rest on the rows of `identity_external_id`. The
//! `external_ids` column of a user or group is a copy for readers, and is written together with the
//! rows.

use model::external_id::ExternalId;
use model::ids::{GroupId, IdentityStoreId, UserId};
use model::{Entity, Fault, IdentityStoreEntity};

use crate::row::text;
use crate::{Read, Tx, Value, column, user};

/// Finds the user with an external id.
pub fn find_user(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    external_id: &ExternalId,
) -> Result<Option<UserId>, Fault> {
    let sql = "SELECT user_id FROM identity_external_id
        WHERE identity_store_id = $1 AND principal_type = 'USER' AND issuer = $2
            AND external_id = $3";
    read.query_one(sql, &name(store_id, external_id), |row| row.parse("user_id"))
}

/// Finds the group with an external id.
pub fn find_group(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    external_id: &ExternalId,
) -> Result<Option<GroupId>, Fault> {
    let sql = "SELECT group_id FROM identity_external_id
        WHERE identity_store_id = $1 AND principal_type = 'GROUP' AND issuer = $2
            AND external_id = $3";
    read.query_one(sql, &name(store_id, external_id), |row| row.parse("group_id"))
}

/// Replaces the external ids of a user.
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

/// Replaces the external ids of a group.
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
        SET external_ids = $3, updated_at_ms = $4, updated_by = $5, revision = revision + 1,
            likeness_revision =
                CASE WHEN likeness_revision = revision THEN revision + 1 ELSE likeness_revision END
        WHERE identity_store_id = $1 AND id = $2";
    let (now, by) = (tx.now_ms(), tx.caller_arn());
    let values = [
        text(store_id),
        text(group_id),
        column::external_ids(external_ids)?,
        now.into(),
        text(&by),
    ];
    tx.write(sql, &values)
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
