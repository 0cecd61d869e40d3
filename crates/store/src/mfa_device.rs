//! Second factors of people.

use model::Fault;
use model::ids::{IdentityStoreId, MfaDeviceId, UserId};
use model::mfa::{MfaDevice, MfaDeviceName, MfaType};

use crate::row::{text, text_or_null};
use crate::{Read, Row, Tx, column, trusted_browser};

/// The columns of a device, which [`device`] reads.
macro_rules! device_columns {
    () => {
        "identity_store_id, user_id, id, mfa_type, name, sealed, credential_id, counter, drift_steps,
            created_at_ms, last_used_at_ms, voucher, needs_password"
    };
}

/// Adds a device. Fails with `Quota` if the person has as many of its type as are allowed.
///
/// INVARIANT: each device of a type has a slot of its own and there are only so many, so two nodes at the same moment
/// add no more either.
pub fn insert(tx: &mut Tx<'_>, device: &MfaDevice) -> Result<(), Fault> {
    let devices_max = device.mfa_type.devices_max();
    let taken = "SELECT slot FROM mfa_device
        WHERE identity_store_id = $1 AND user_id = $2 AND mfa_type = $3
        ORDER BY slot LIMIT $4";
    let owner = [
        text(&device.identity_store_id),
        text(&device.user_id),
        text(device.mfa_type.as_str()),
        devices_max.into(),
    ];
    let taken = tx.query(taken, &owner, |row| row.integer("slot"))?;
    let Some(slot) = (0..devices_max).find(|slot| !taken.contains(slot)) else {
        let what = match device.mfa_type {
            MfaType::Totp => "authenticator apps of a person",
            MfaType::Webauthn => "security keys and built-in authenticators of a person",
        };
        return Err(Fault::Quota { limit: format!("{devices_max} {what}").into() });
    };
    let sql = concat!(
        "INSERT INTO mfa_device (",
        device_columns!(),
        ", slot) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT DO NOTHING"
    );
    let values = [
        text(&device.identity_store_id),
        text(&device.user_id),
        text(&device.id),
        text(device.mfa_type.as_str()),
        text(&device.name),
        text(&device.sealed),
        text_or_null(device.credential_id.as_ref()),
        device.counter.into(),
        device.drift_steps.into(),
        device.created_at_ms.into(),
        device.last_used_at_ms.into(),
        column::voucher(device.voucher.as_ref())?,
        i64::from(device.needs_password).into(),
        slot.into(),
    ];
    if tx.execute(sql, &values)? == 1 { Ok(()) } else { Err(taken_fault(tx, device)) }
}

/// Why a device could not be added: its credential is another device's, or another transaction took its slot.
fn taken_fault(tx: &mut Tx<'_>, device: &MfaDevice) -> Fault {
    let Some(credential_id) = &device.credential_id else { return Fault::Contended };
    match find_by_credential(tx, &device.identity_store_id, credential_id) {
        Ok(None) => Fault::Contended,
        Ok(Some(_)) => Fault::conflict("This security key is registered already."),
        Err(fault) => fault,
    }
}

/// Finds a device of a person.
pub fn find(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    id: &MfaDeviceId,
) -> Result<Option<MfaDevice>, Fault> {
    let sql = concat!(
        "SELECT ",
        device_columns!(),
        " FROM mfa_device WHERE identity_store_id = $1 AND user_id = $2 AND id = $3"
    );
    read.query_one(sql, &[text(store_id), text(user_id), text(id)], device)
}

/// Finds the device with a WebAuthn credential.
pub fn find_by_credential(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    credential_id: &str,
) -> Result<Option<MfaDevice>, Fault> {
    let sql = concat!(
        "SELECT ",
        device_columns!(),
        " FROM mfa_device WHERE identity_store_id = $1 AND credential_id = $2"
    );
    read.query_one(sql, &[text(store_id), text(credential_id)], device)
}

/// Lists the devices of a person by id. There are eight at most.
pub fn list_of_user(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<Vec<MfaDevice>, Fault> {
    let sql = concat!(
        "SELECT ",
        device_columns!(),
        " FROM mfa_device WHERE identity_store_id = $1 AND user_id = $2
        ORDER BY id LIMIT 8"
    );
    read.query(sql, &[text(store_id), text(user_id)], device)
}

/// Lets no device of a person sign them in alone, until it was used behind their next password.
pub fn require_password(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<(), Fault> {
    let sql = "UPDATE mfa_device SET needs_password = 1
        WHERE identity_store_id = $1 AND user_id = $2";
    tx.write(sql, &[text(store_id), text(user_id)])
}

/// Moves the counter of a device forward. Returns false if it is there already, or beyond: then the code or the
/// assertion was used before.
///
/// INVARIANT: one conditional statement decides, so of two nodes at the same moment one gets false.
pub fn advance(
    tx: &mut Tx<'_>,
    device: &MfaDevice,
    counter: i64,
    drift_steps: i64,
) -> Result<bool, Fault> {
    let sql = "UPDATE mfa_device SET counter = $4, drift_steps = $5, last_used_at_ms = $6,
            needs_password = 0
        WHERE identity_store_id = $1 AND user_id = $2 AND id = $3 AND counter < $4";
    let values = [
        text(&device.identity_store_id),
        text(&device.user_id),
        text(&device.id),
        counter.into(),
        drift_steps.into(),
        tx.now_ms().into(),
    ];
    Ok(tx.execute(sql, &values)? == 1)
}

/// Notes the use of a security key that does not count. Returns false if it counts, or is gone.
pub fn note_use(tx: &mut Tx<'_>, device: &MfaDevice) -> Result<bool, Fault> {
    let sql = "UPDATE mfa_device SET last_used_at_ms = $4, needs_password = 0
        WHERE identity_store_id = $1 AND user_id = $2 AND id = $3 AND counter = 0";
    let values = [
        text(&device.identity_store_id),
        text(&device.user_id),
        text(&device.id),
        tx.now_ms().into(),
    ];
    Ok(tx.execute(sql, &values)? == 1)
}

/// Renames a device. Returns whether there is one.
pub fn rename(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    id: &MfaDeviceId,
    name: &MfaDeviceName,
) -> Result<bool, Fault> {
    let sql = "UPDATE mfa_device SET name = $4
        WHERE identity_store_id = $1 AND user_id = $2 AND id = $3";
    Ok(tx.execute(sql, &[text(store_id), text(user_id), text(id), text(name)])? == 1)
}

/// Deletes a device. Returns whether there was one. No browser of the person is trusted any more, because a lost device
/// may have gone with one.
pub fn delete(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    id: &MfaDeviceId,
) -> Result<bool, Fault> {
    trusted_browser::delete_all_of_user(tx, store_id, user_id)?;
    let sql = "DELETE FROM mfa_device
        WHERE identity_store_id = $1 AND user_id = $2 AND id = $3";
    Ok(tx.execute(sql, &[text(store_id), text(user_id), text(id)])? == 1)
}

fn device(row: &Row) -> Result<MfaDevice, Fault> {
    Ok(MfaDevice {
        identity_store_id: row.parse("identity_store_id")?,
        user_id: row.parse("user_id")?,
        id: row.parse("id")?,
        mfa_type: row.parse("mfa_type")?,
        name: row.parse("name")?,
        sealed: row.text("sealed")?.to_owned(),
        credential_id: row.text_or_null("credential_id")?.map(str::to_owned),
        counter: row.integer("counter")?,
        drift_steps: row.integer("drift_steps")?,
        created_at_ms: row.integer("created_at_ms")?,
        last_used_at_ms: row.integer_or_null("last_used_at_ms")?,
        voucher: column::parse_voucher(row)?,
        needs_password: row.integer("needs_password")? != 0,
    })
}
