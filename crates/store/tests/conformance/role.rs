//! What permission sets become in accounts.

use model::Fault;
use model::ids::{AccountId, PermissionSetId};
use model::permission_set::{PermissionSet, ProvisioningStatus};
use model::role::Role;
use store::role::{ProvisionedAccount, ProvisionedSet};
use store::{Db, account, permission_set, role};

use crate::harness::{NOW_MS, account_id, instance_id, read, some_account, write};
use crate::permission_set::some_set;

on_both_engines!(
    a_role_reads_back_and_is_found_by_the_name_of_its_permission_set,
    a_role_that_is_provisioned_again_has_what_the_permission_set_says,
    roles_are_listed_from_both_sides_and_by_whether_they_are_up_to_date,
    roles_are_listed_from_both_sides_with_names,
    a_role_that_nobody_is_assigned_to_goes,
);

pub fn some_role(account: u32, set: &PermissionSet) -> Role {
    Role {
        instance_id: instance_id(),
        account_id: account_id(account),
        permission_set_id: set.id.clone(),
        name: format!("AWSReservedSSO_{}_0123456789abcdef", set.name).parse().unwrap(),
        role_id: format!("AROA{account:04}{}", set.id.as_str().get(6..).unwrap().to_uppercase())
            .parse()
            .unwrap(),
        managed_policy_arns: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".parse().unwrap()],
        inline_policy: None,
        session_duration_seconds: 3600,
        relay_state: None,
        permission_set_revision: set.revision,
        revision: 1,
        created_at_ms: NOW_MS,
    }
}

/// Accounts 1 to 3, and two permission sets.
fn populate(db: &Db) -> [PermissionSet; 2] {
    let sets = [some_set(1, "Admin"), some_set(2, "Reader")];
    write(db, |tx| {
        for number in [2, 3] {
            account::insert(tx, &some_account(number)).unwrap();
        }
        for set in &sets {
            permission_set::insert(tx, set).unwrap();
        }
    });
    sets
}

fn insert(db: &Db, role: &Role) {
    write(db, |tx| role::insert(tx, role)).unwrap();
}

fn find(db: &Db, account: u32, set: &PermissionSet) -> Option<Role> {
    read(db, |read| role::find(read, &instance_id(), &account_id(account), &set.id)).unwrap()
}

fn a_role_reads_back_and_is_found_by_the_name_of_its_permission_set(db: &Db) {
    let [set, other] = populate(db);
    let rich = Role {
        managed_policy_arns: Vec::new(),
        inline_policy: Some(r#"{"Version":"2012-10-17","Statement":[]}"#.parse().unwrap()),
        relay_state: Some("https://console.example/".parse().unwrap()),
        revision: 7,
        ..some_role(2, &set)
    };
    for role in [some_role(1, &set), rich.clone()] {
        insert(db, &role);
    }
    assert_eq!(find(db, 1, &set), Some(some_role(1, &set)));
    assert_eq!(find(db, 2, &set), Some(rich.clone()));
    assert_eq!(find(db, 1, &other), None);
    read(db, |read| {
        let named = |read: &mut _, account, name: &str| {
            let (account, name) = (account_id(account), name.parse().unwrap());
            role::find_by_permission_set_name(read, &instance_id(), &account, &name)
        };
        assert_eq!(named(read, 2, "Admin"), Ok(Some(rich)));
        assert_eq!(named(read, 2, "admin"), Ok(None));
        assert_eq!(named(read, 3, "Admin"), Ok(None));
        assert_eq!(role::is_any_of(read, &set.arn()), Ok(true));
        assert_eq!(role::is_any_of(read, &other.arn()), Ok(false));
    });
}

fn a_role_that_is_provisioned_again_has_what_the_permission_set_says(db: &Db) {
    let [set, _] = populate(db);
    let role = some_role(1, &set);
    insert(db, &role);
    let changed = Role {
        managed_policy_arns: Vec::new(),
        inline_policy: Some("{}".parse().unwrap()),
        session_duration_seconds: 7200,
        relay_state: Some("https://console.example/".parse().unwrap()),
        permission_set_revision: 4,
        ..role
    };
    let before = db.signals().authority();
    write(db, |tx| role::update(tx, &changed)).unwrap();
    assert!(db.signals().authority() > before);
    assert_eq!(find(db, 1, &set), Some(Role { revision: 2, ..changed }));
}

fn roles_are_listed_from_both_sides_and_by_whether_they_are_up_to_date(db: &Db) {
    let [admin, reader] = populate(db);
    for number in [3, 1, 2] {
        insert(db, &some_role(number, &admin));
    }
    insert(db, &some_role(1, &reader));
    write(db, |tx| {
        permission_set::update(tx, &admin).unwrap();
        let current = Role { permission_set_revision: 2, ..some_role(2, &admin) };
        role::update(tx, &current).unwrap();
    });
    let accounts = |status, after: &str, limit| -> Vec<AccountId> {
        read(db, |read| role::list_accounts(read, &admin.arn(), status, after, limit)).unwrap()
    };
    let (latest, not_latest) = (ProvisioningStatus::Latest, ProvisioningStatus::NotLatest);
    assert_eq!(accounts(None, "", 2), [account_id(1), account_id(2)]);
    assert_eq!(accounts(None, account_id(2).as_str(), 2), [account_id(3)]);
    assert_eq!(accounts(Some(latest), "", 9), [account_id(2)]);
    assert_eq!(accounts(Some(not_latest), "", 9), [account_id(1), account_id(3)]);
    let sets = |status| -> Vec<PermissionSetId> {
        read(db, |read| {
            role::list_permission_sets(read, &instance_id(), &account_id(1), status, "", 9)
        })
        .unwrap()
    };
    assert_eq!(sets(None), [admin.id.clone(), reader.id.clone()]);
    assert_eq!(sets(Some(latest)), std::slice::from_ref(&reader.id));
    assert_eq!(sets(Some(not_latest)), std::slice::from_ref(&admin.id));
}

fn roles_are_listed_from_both_sides_with_names(db: &Db) {
    let [admin, reader] = populate(db);
    for number in [3, 1, 2] {
        insert(db, &some_role(number, &admin));
    }
    insert(db, &some_role(1, &reader));
    write(db, |tx| {
        permission_set::update(tx, &admin).unwrap();
        let current = Role { permission_set_revision: 2, ..some_role(2, &admin) };
        role::update(tx, &current).unwrap();
    });
    let accounts = |after: &str, limit| {
        read(db, |read| role::list_named_accounts(read, &admin.arn(), after, limit)).unwrap()
    };
    let account = |number, status| {
        let account = some_account(number);
        ProvisionedAccount { id: account.id, name: account.name, status }
    };
    let whole = [
        account(1, ProvisioningStatus::NotLatest),
        account(2, ProvisioningStatus::Latest),
        account(3, ProvisioningStatus::NotLatest),
    ];
    assert_eq!(accounts("", 9), whole);
    assert_eq!(accounts(account_id(1).as_str(), 1), whole[1..2]);
    let sets = |after: &str, limit| {
        let (instance, account) = (instance_id(), account_id(1));
        read(db, |read| role::list_named_permission_sets(read, &instance, &account, after, limit))
            .unwrap()
    };
    let set = |set: &PermissionSet| ProvisionedSet { id: set.id.clone(), name: set.name.clone() };
    assert_eq!(sets("", 9), [set(&admin), set(&reader)]);
    assert_eq!(sets("", 1), [set(&admin)]);
    assert_eq!(sets(admin.id.as_str(), 9), [set(&reader)]);
}

fn a_role_that_nobody_is_assigned_to_goes(db: &Db) {
    let [set, _] = populate(db);
    insert(db, &some_role(1, &set));
    let delete = || -> Result<bool, Fault> {
        write(db, |tx| role::delete_unassigned(tx, &instance_id(), &account_id(1), &set.id))
    };
    assert_eq!(delete(), Ok(true));
    assert_eq!(delete(), Ok(false));
    assert_eq!(find(db, 1, &set), None);
}
