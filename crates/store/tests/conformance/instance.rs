//! Instances, and the callers that may use them.

use model::ids::AccountId;
use model::instance::{Instance, InstanceStatus};
use model::network::NetworkConfiguration;
use model::{Fault, IdentityCenterEntity, IdentityStoreEntity};
use policy::testing::role_session;
use policy::{PersonSession, Principal};
use store::{Db, account, instance};

use crate::harness::{
    NOW_MS, account_id, an_instance, begin_as, instance_id, read, some_account, store_id, uuid,
    write,
};

on_both_engines!(
    an_instance_is_found_by_each_of_its_names,
    an_account_owns_one_instance,
    only_its_owner_its_people_and_portico_reach_an_instance,
    an_instance_that_is_being_deleted_is_only_looked_at,
    an_instance_is_renamed_and_deleted,
    a_network_configuration_is_set_replaced_and_removed,
);

fn another_instance() -> Instance {
    Instance {
        id: "ssoins-fedcba9876543210".parse().unwrap(),
        identity_store_id: "d-fedcba9876".parse().unwrap(),
        owner_account_id: account_id(2),
        is_organization: false,
        name: Some("own".parse().unwrap()),
        ..an_instance()
    }
}

fn an_instance_is_found_by_each_of_its_names(db: &Db) {
    let other = another_instance();
    write(db, |tx| {
        account::insert(tx, &some_account(2)).unwrap();
        instance::insert(tx, &other, Some("token")).unwrap();
    });
    read(db, |read| {
        assert_eq!(instance::find(read, &instance_id()), Ok(Some(an_instance())));
        assert_eq!(instance::find_by_store(read, &store_id()), Ok(Some(an_instance())));
        assert_eq!(instance::find_of_organization(read), Ok(Some(an_instance())));
        assert_eq!(instance::find_owned(read, &account_id(2)), Ok(Some(other)));
        assert_eq!(instance::find_owned(read, &account_id(3)), Ok(None));
        let token = instance::find_client_token(read, &account_id(2));
        assert_eq!(token, Ok(Some("token".to_owned())));
        assert_eq!(instance::find_client_token(read, &account_id(1)), Ok(None));
    });
}

fn an_account_owns_one_instance(db: &Db) {
    let second = Instance { owner_account_id: account_id(1), ..another_instance() };
    let refused = write(db, |tx| instance::insert(tx, &second, None));
    assert!(matches!(refused, Err(Fault::Conflict { .. })), "{refused:?}");
}

fn role(account_id: AccountId) -> Principal {
    Principal::Role(role_session(account_id))
}

fn person(of: &Instance) -> Principal {
    Principal::Person(PersonSession {
        instance_id: of.id.clone(),
        identity_store_id: of.identity_store_id.clone(),
        user_id: uuid(1),
        user_name: "jane".to_owned(),
        session_id: uuid(2),
        expires_at_ms: i64::MAX,
    })
}

fn only_its_owner_its_people_and_portico_reach_an_instance(db: &Db) {
    let theirs = [role(account_id(1)), person(&an_instance()), Principal::Portico];
    for principal in theirs {
        let mut tx = begin_as(db, principal, NOW_MS);
        assert_eq!(instance::require(&mut tx, &instance_id()), Ok(an_instance()));
        assert_eq!(instance::require_store(&mut tx, &store_id()), Ok(an_instance()));
    }
    let others = [role(account_id(2)), person(&another_instance()), Principal::Anonymous];
    for principal in others {
        let mut tx = begin_as(db, principal, NOW_MS);
        for reached in [
            instance::require(&mut tx, &instance_id()),
            instance::require_in_any_state(&mut tx, &instance_id()),
            instance::require_store(&mut tx, &store_id()),
        ] {
            assert!(matches!(reached, Err(Fault::Denied(_))), "{reached:?}");
        }
    }
    let other = another_instance();
    read(db, |read| {
        let missing = Err(Fault::not_found(IdentityCenterEntity::Instance, other.id.arn()));
        assert_eq!(instance::require(read, &other.id), missing);
        let missing =
            Err(Fault::not_found(IdentityStoreEntity::IdentityStore, &other.identity_store_id));
        assert_eq!(instance::require_store(read, &other.identity_store_id), missing);
    });
}

fn an_instance_that_is_being_deleted_is_only_looked_at(db: &Db) {
    let before = db.signals().authority();
    write(db, |tx| instance::set_status(tx, &instance_id(), InstanceStatus::DeleteInProgress))
        .unwrap();
    assert!(db.signals().authority() > before);
    read(db, |read| {
        let found = instance::require_in_any_state(read, &instance_id()).unwrap();
        assert_eq!(found.status, InstanceStatus::DeleteInProgress);
        let refused = instance::require_store(read, &store_id());
        assert!(matches!(refused, Err(Fault::Conflict { .. })), "{refused:?}");
    });
}

fn an_instance_is_renamed_and_deleted(db: &Db) {
    let name = "new".parse().unwrap();
    write(db, |tx| instance::rename(tx, &instance_id(), Some(&name))).unwrap();
    let renamed = Instance { name: Some(name), ..an_instance() };
    assert_eq!(read(db, |read| instance::require(read, &instance_id())), Ok(renamed));
    write(db, |tx| instance::rename(tx, &instance_id(), None)).unwrap();
    assert_eq!(read(db, |read| instance::require(read, &instance_id())), Ok(an_instance()));
    write(db, |tx| instance::delete(tx, &instance_id())).unwrap();
    assert_eq!(read(db, |read| instance::find(read, &instance_id())), Ok(None));
}

fn a_network_configuration_is_set_replaced_and_removed(db: &Db) {
    let required = NetworkConfiguration { vpce_access_required: true, ..Default::default() };
    let ranges = vec!["192.0.2.0/24".parse().unwrap(), "2001:db8::1".parse().unwrap()];
    let listed = NetworkConfiguration { api_allow_source_ips: ranges, ..required.clone() };
    for network in [Some(listed), Some(required), None] {
        write(db, |tx| instance::set_network(tx, &instance_id(), network.as_ref())).unwrap();
        let found = read(db, |read| instance::find(read, &instance_id()));
        assert_eq!(found, Ok(Some(Instance { network, ..an_instance() })));
    }
}
