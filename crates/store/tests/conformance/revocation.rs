//! Revocations.

use model::session::RevocationScope;
use store::{Db, revocation};

use crate::harness::{NOW_MS, account_id, instance_id, read, store_id, uuid, write_at};

on_both_engines!(
    a_revocation_is_of_its_scope_alone,
    each_revocation_raises_the_mark,
    a_revocation_changes_authority,
);

fn put(db: &Db, now_ms: i64, scope: &RevocationScope) {
    write_at(db, now_ms, |tx| revocation::put(tx, scope)).unwrap();
}

fn find(db: &Db, scope: &RevocationScope) -> Option<i64> {
    read(db, |read| revocation::find(read, scope)).unwrap()
}

fn everyones() -> RevocationScope {
    RevocationScope::Instance(instance_id())
}

fn a_revocation_is_of_its_scope_alone(db: &Db) {
    let set = || "ps-0123456789abcdef".parse().unwrap();
    let scopes = [
        everyones(),
        RevocationScope::User(store_id(), uuid(1)),
        RevocationScope::Account(instance_id(), account_id(1)),
        RevocationScope::PermissionSet(instance_id(), set()),
        RevocationScope::Role(instance_id(), account_id(1), set()),
    ];
    for (at_ms, scope) in (NOW_MS..).zip(&scopes) {
        assert_eq!(find(db, scope), None);
        put(db, at_ms, scope);
    }
    for (at_ms, scope) in (NOW_MS..).zip(&scopes) {
        assert_eq!(find(db, scope), Some(at_ms));
    }
}

fn each_revocation_raises_the_mark(db: &Db) {
    for (now_ms, mark) in
        [(NOW_MS, NOW_MS), (NOW_MS, NOW_MS + 1), (NOW_MS + 5, NOW_MS + 5), (NOW_MS + 1, NOW_MS + 6)]
    {
        put(db, now_ms, &everyones());
        assert_eq!(find(db, &everyones()), Some(mark));
    }
}

fn a_revocation_changes_authority(db: &Db) {
    let before = db.signals().authority();
    put(db, NOW_MS, &everyones());
    assert_ne!(db.signals().authority(), before);
}
