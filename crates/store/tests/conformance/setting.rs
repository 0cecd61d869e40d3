//! Settings of instances.

use model::setting::DeviceAuthorizationStatus::{Disabled, Enabled};
use store::{Db, setting};

use crate::harness::{instance_id, read, store_id, write};

on_both_engines!(a_setting_has_its_default_until_it_is_set);

fn a_setting_has_its_default_until_it_is_set(db: &Db) {
    let found = || read(db, |read| setting::find(read, &instance_id()));
    assert_eq!(found(), Ok(Enabled));
    for written in [Disabled, Disabled, Enabled] {
        write(db, |tx| setting::put(tx, &instance_id(), &written)).unwrap();
        assert_eq!(found(), Ok(written));
        let of_store = read(db, |read| setting::find_of_store(read, &store_id()));
        assert_eq!(of_store, Ok(written));
    }
}
