//! Settings of instances.

use model::Fault;
use model::ids::{IdentityStoreId, InstanceId};
use model::setting::Setting;

use crate::row::text;
use crate::{Read, Row, Tx, column};

/// Finds a setting of an instance; the default if it was never set.
pub fn find<T: Setting>(read: &mut Read<'_>, instance_id: &InstanceId) -> Result<T, Fault> {
    let sql = "SELECT value FROM instance_setting WHERE instance_id = $1 AND name = $2";
    let found = read.query_one(sql, &[text(instance_id), text(T::NAME)], setting)?;
    Ok(found.unwrap_or_default())
}

/// Finds a setting of the instance of an identity store; the default if it was never set.
pub fn find_of_store<T: Setting>(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
) -> Result<T, Fault> {
    let sql = "SELECT t.value FROM instance i
        JOIN instance_setting t ON t.instance_id = i.id AND t.name = $2
        WHERE i.identity_store_id = $1";
    let found = read.query_one(sql, &[text(store_id), text(T::NAME)], setting)?;
    Ok(found.unwrap_or_default())
}

/// Sets a setting of an instance.
pub fn put<T: Setting>(
    tx: &mut Tx<'_>,
    instance_id: &InstanceId,
    setting: &T,
) -> Result<(), Fault> {
    // AUTHORITY: unchanged, because no answer that rests on a setting is remembered.
    let sql = "INSERT INTO instance_setting (instance_id, name, value) VALUES ($1, $2, $3)
        ON CONFLICT (instance_id, name) DO UPDATE SET value = $3";
    let value = column::json(setting, "writing a setting of an instance")?;
    tx.execute(sql, &[text(instance_id), text(T::NAME), value]).map(drop)
}

/// Reads a setting that a statement has joined as `setting`; the default if it was never set.
pub(crate) fn joined<T: Setting>(row: &Row) -> Result<T, Fault> {
    if row.is_null("setting")? {
        return Ok(T::default());
    }
    column::parse_json(row, "setting", "reading a setting of an instance")
}

fn setting<T: Setting>(row: &Row) -> Result<T, Fault> {
    column::parse_json(row, "value", "reading a setting of an instance")
}
