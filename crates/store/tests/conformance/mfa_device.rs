//! Second factors.

use model::Fault;
use model::ids::UserId;
use model::mfa::{MfaDevice, MfaType};
use store::{Db, mfa_device, user};

use crate::harness::{NOW_MS, delete_user, read, store_id, uuid, write};
use crate::password_reset_request::some_voucher;
use crate::user::some_user;

on_both_engines!(
    columns_of_a_device,
    a_person_has_so_many_devices_of_each_type,
    a_counter_moves_forward_only,
    a_credential_is_one_persons,
    devices_are_renamed_and_deleted,
    devices_go_with_their_user,
);

fn some_device(id: u32, mfa_type: MfaType) -> MfaDevice {
    MfaDevice {
        identity_store_id: store_id(),
        user_id: uuid(1),
        id: uuid(id),
        mfa_type,
        name: format!("Device {id}").parse().unwrap(),
        sealed: format!("sealed {id}"),
        credential_id: (mfa_type == MfaType::Webauthn).then(|| format!("credential {id}")),
        counter: 31,
        drift_steps: -32,
        created_at_ms: 33,
        last_used_at_ms: None,
        voucher: None,
        needs_password: false,
    }
}

fn populate(db: &Db) {
    write(db, |tx| {
        user::insert(tx, &some_user(1, "Alice")).unwrap();
        user::insert(tx, &some_user(2, "Bob")).unwrap();
    });
}

fn insert(db: &Db, device: &MfaDevice) -> Result<(), Fault> {
    write(db, |tx| mfa_device::insert(tx, device))
}

fn list(db: &Db, user_id: &UserId) -> Vec<MfaDevice> {
    read(db, |read| mfa_device::list_of_user(read, &store_id(), user_id)).unwrap()
}

fn columns_of_a_device(db: &Db) {
    populate(db);
    let app = some_device(11, MfaType::Totp);
    let key = MfaDevice {
        last_used_at_ms: Some(34),
        voucher: Some(some_voucher()),
        ..some_device(12, MfaType::Webauthn)
    };
    for device in [&app, &key] {
        insert(db, device).unwrap();
        let found = read(db, |read| mfa_device::find(read, &store_id(), &uuid(1), &device.id));
        assert_eq!(found, Ok(Some(device.clone())));
    }
    assert_eq!(list(db, &uuid(1)), [app, key.clone()]);
    assert_eq!(list(db, &uuid(2)), []);
    let by = |credential: &str| {
        read(db, |read| mfa_device::find_by_credential(read, &store_id(), credential)).unwrap()
    };
    assert_eq!(by("credential 12"), Some(key));
    assert_eq!(by("credential 11"), None);
}

fn a_person_has_so_many_devices_of_each_type(db: &Db) {
    populate(db);
    for (mfa_type, first, devices_max) in [(MfaType::Totp, 10, 2), (MfaType::Webauthn, 20, 6)] {
        for id in first..first + devices_max {
            insert(db, &some_device(id, mfa_type)).unwrap();
        }
        let one_more = insert(db, &some_device(first + devices_max, mfa_type));
        assert!(matches!(one_more, Err(Fault::Quota { .. })), "{one_more:?}");
        // A place that became free is taken again.
        let delete = write(db, |tx| mfa_device::delete(tx, &store_id(), &uuid(1), &uuid(first)));
        assert_eq!(delete, Ok(true));
        insert(db, &some_device(first + devices_max, mfa_type)).unwrap();
    }
    assert_eq!(list(db, &uuid(1)).len(), 8);
    let other = MfaDevice { user_id: uuid(2), ..some_device(10, MfaType::Totp) };
    insert(db, &other).unwrap();
}

fn a_counter_moves_forward_only(db: &Db) {
    populate(db);
    let device = some_device(11, MfaType::Totp);
    insert(db, &device).unwrap();
    let advance =
        |counter, drift| write(db, |tx| mfa_device::advance(tx, &device, counter, drift)).unwrap();
    assert_eq!(
        [advance(31, 1), advance(30, 1), advance(32, 5), advance(32, 6)],
        [false, false, true, false]
    );
    let found = list(db, &uuid(1));
    let expected = MfaDevice {
        counter: 32,
        drift_steps: 5,
        last_used_at_ms: Some(NOW_MS),
        ..some_device(11, MfaType::Totp)
    };
    assert_eq!(found, [expected]);
}

fn a_credential_is_one_persons(db: &Db) {
    populate(db);
    let device = some_device(11, MfaType::Webauthn);
    insert(db, &device).unwrap();
    let again = MfaDevice { user_id: uuid(2), id: uuid(12), ..device };
    assert!(matches!(insert(db, &again), Err(Fault::Conflict { .. })));
}

fn devices_are_renamed_and_deleted(db: &Db) {
    populate(db);
    insert(db, &some_device(11, MfaType::Totp)).unwrap();
    let name = "My phone".parse().unwrap();
    let rename = |owner| {
        write(db, |tx| mfa_device::rename(tx, &store_id(), &uuid(owner), &uuid(11), &name)).unwrap()
    };
    assert_eq!([rename(2), rename(1)], [false, true]);
    assert_eq!(list(db, &uuid(1))[0].name, name);
    let delete = |owner| {
        write(db, |tx| mfa_device::delete(tx, &store_id(), &uuid(owner), &uuid(11))).unwrap()
    };
    assert_eq!([delete(2), delete(1), delete(1)], [false, true, false]);
}

fn devices_go_with_their_user(db: &Db) {
    populate(db);
    insert(db, &some_device(11, MfaType::Totp)).unwrap();
    delete_user(db, 1);
    assert_eq!(list(db, &uuid(1)), []);
}
