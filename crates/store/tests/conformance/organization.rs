//! The organisation.

use model::organization::Organization;
use model::{Entity, Fault, OrganizationsEntity};
use store::{Db, organization};

use crate::harness::{NOW_MS, account_id, read, store_id, write};

on_both_engines!(there_is_one_organization_or_none, the_next_identity_store_has_a_name_already);

fn some_organization() -> Organization {
    Organization {
        id: "o-a1b2c3d4e5".parse().unwrap(),
        root_id: "r-a1b2".parse().unwrap(),
        management_account_id: account_id(1),
        next_identity_store_id: store_id(),
        created_at_ms: NOW_MS,
    }
}

fn there_is_one_organization_or_none(db: &Db) {
    let none = read(db, organization::require);
    assert!(matches!(
        none,
        Err(Fault::NotFound {
            entity: Entity::Organizations(OrganizationsEntity::Organization),
            ..
        })
    ));
    write(db, |tx| {
        organization::insert(tx, &some_organization()).unwrap();
        let second = Organization { id: "o-ffffffffff".parse().unwrap(), ..some_organization() };
        organization::insert(tx, &second).unwrap_err();
    });
    assert_eq!(read(db, organization::find), Ok(Some(some_organization())));
}

fn the_next_identity_store_has_a_name_already(db: &Db) {
    let next = "d-fedcba9876".parse().unwrap();
    write(db, |tx| {
        organization::insert(tx, &some_organization()).unwrap();
        organization::set_next_identity_store(tx, &next).unwrap();
    });
    assert_eq!(read(db, organization::require).unwrap().next_identity_store_id, next);
}
