//! Concurrent transactions, which only PostgreSQL has: SQLite's writers take turns.
//!
//! The later transaction fails with `Contended`. The dispatcher runs the operation again, which
//! then sees the change of the other.

mod postgres_engine {
    use model::session::RevocationScope;
    use model::{AuditEvent, Fault};
    use store::{Db, group, membership, revocation, user};

    use crate::account_assignment::to_user;
    use crate::audit::seal;
    use crate::authority;
    use crate::group::some_group;
    use crate::harness::{begin, instance_id, store_id, uuid, with_postgres, write};
    use crate::membership::some_membership;
    use crate::user::some_user;

    #[test]
    fn a_name_that_was_taken_in_between_is_contended() {
        with_postgres(|db: &Db| {
            write(db, |tx| user::insert(tx, &some_user(1, "jane"))).unwrap();
            let mut late = begin(db);
            user::require(&mut late, &store_id(), &uuid(1)).unwrap();
            write(db, |tx| user::insert(tx, &some_user(2, "john"))).unwrap();
            let refused = user::update(&mut late, some_user(1, "John"));
            assert_eq!(refused, Err(Fault::Contended));
        });
    }

    #[test]
    fn of_two_changes_to_what_both_read_one_is_contended() {
        with_postgres(|db: &Db| {
            write(db, |tx| user::insert(tx, &some_user(1, "jane"))).unwrap();
            let mut late = begin(db);
            user::require(&mut late, &store_id(), &uuid(1)).unwrap();
            write(db, |tx| user::update(tx, some_user(1, "jane.doe"))).unwrap();
            let refused = user::update(&mut late, some_user(1, "jane.d"));
            assert_eq!(refused, Err(Fault::Contended));
        });
    }

    #[test]
    fn nobody_joins_a_group_that_went_in_between() {
        with_postgres(|db: &Db| {
            write(db, |tx| {
                user::insert(tx, &some_user(1, "jane")).unwrap();
                group::insert(tx, &some_group(11, "Writers")).unwrap();
            });
            let mut late = begin(db);
            group::require(&mut late, &store_id(), &uuid(11)).unwrap();
            write(db, |tx| group::delete(tx, &store_id(), &uuid(11))).unwrap();
            let joined = membership::insert(&mut late, &some_membership(21, 11, 1));
            let outcome = joined.and_then(|()| late.commit(&AuditEvent::new()));
            assert_eq!(outcome, Err(Fault::Contended));
        });
    }

    #[test]
    fn keys_that_are_issued_while_a_revocation_is_open_end_with_it() {
        with_postgres(|db: &Db| {
            let scope = RevocationScope::Instance(instance_id());
            let before = authority::prepare(db, to_user(1, 1, 1));
            let mut open = begin(db);
            revocation::put(&mut open, &scope).unwrap();
            let meanwhile = authority::issue(db);
            assert!(authority::are_good(db, &meanwhile));
            open.commit(&AuditEvent::new()).unwrap();
            assert!(!authority::are_good(db, &before) && !authority::are_good(db, &meanwhile));
            // A transaction that began before the revocation issues keys after it.
            let mut late = begin(db);
            user::require(&mut late, &store_id(), &uuid(1)).unwrap();
            write(db, |tx| revocation::put(tx, &scope)).unwrap();
            let issued = authority::issue_in(&mut late);
            assert!(!authority::are_good(db, &issued));
        });
    }

    #[test]
    fn an_event_of_a_transaction_that_was_open_is_in_a_later_digest() {
        with_postgres(|db: &Db| {
            seal(db).unwrap();
            // The event has the older id, and commits after the digest of the newer one.
            let early = begin(db);
            write(db, |_| ());
            assert_eq!(seal(db).unwrap().event_count, 1);
            early.commit(&AuditEvent::new()).unwrap();
            let last = seal(db).unwrap();
            assert_eq!((last.number, last.event_count), (3, 1));
        });
    }
}
