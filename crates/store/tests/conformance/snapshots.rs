//! Work on a snapshot, which PostgreSQL does for several small jobs at once (decision 0031): what others change meanwhile
//! makes it contended wherever it would be wrong.

mod postgres_engine {
    use std::thread;

    use model::assignment::{AccountAssignment, AssignmentPrincipal};
    use model::job::Job;
    use model::{AuditEvent, Fault};
    use policy::Principal;
    use store::job::Kinds;
    use store::{
        Db, Tx, WriteBatch, account_assignment, assigned_principal, group, job, removed_principal,
        role, user,
    };

    use crate::account_assignment::{assign, populate, to_group, to_user};
    use crate::harness::{
        NOW_MS, account_id, an_instance, begin, instance_id, permit_of, read, stamp, store_id,
        uuid, with_postgres, with_postgres_sql, write,
    };
    use crate::permission_set::some_set;
    use crate::role::some_role;

    const KIND: &str = "CREATE_ACCOUNT_ASSIGNMENT";

    fn batch(db: &Db) -> WriteBatch<'_> {
        db.snapshot_batch().unwrap().unwrap()
    }

    /// Begins work in a batch, and takes its snapshot.
    fn member<'b>(batch: &'b WriteBatch<'_>) -> Tx<'b> {
        let mut tx = batch.begin(permit_of(Principal::Portico), stamp(NOW_MS)).unwrap();
        user::require(&mut tx, &store_id(), &uuid(1)).unwrap();
        tx
    }

    fn insert(tx: &mut Tx<'_>, assignment: &AccountAssignment) -> Result<(), Fault> {
        account_assignment::insert(tx, assignment, &uuid(90))
    }

    /// Deletes an assignment as its job does. Returns whether the role went too.
    fn delete(tx: &mut Tx<'_>, assignment: &AccountAssignment) -> Result<bool, Fault> {
        account_assignment::delete(tx, assignment)?;
        let AccountAssignment { account_id, permission_set_id, .. } = assignment;
        role::delete_unassigned(tx, &instance_id(), account_id, permission_set_id)
    }

    fn has_role(db: &Db) -> bool {
        let set = some_set(1, "Admin").id;
        let found = read(db, |read| role::find(read, &instance_id(), &account_id(1), &set));
        found.unwrap().is_some()
    }

    fn some_job(number: u32) -> Job {
        Job::new(instance_id().to_string(), uuid(number), KIND, "{}".to_owned(), NOW_MS)
    }

    fn claim(db: &Db, limit: i64) -> (Tx<'_>, Vec<Job>) {
        let mut tx = db.begin_claim(permit_of(Principal::Portico), stamp(NOW_MS)).unwrap();
        let kinds = Kinds::of([KIND].into_iter());
        let claimed = job::claim(&mut tx, &kinds, 1000, limit).unwrap();
        (tx, claimed)
    }

    #[test]
    fn workers_that_claim_at_the_same_time_get_different_jobs() {
        with_postgres(|db: &Db| {
            for number in 1..=5 {
                write(db, |tx| job::insert(tx, &some_job(number), 0)).unwrap();
            }
            let (first, taken) = claim(db, 2);
            let (second, others) = claim(db, 2);
            let ids: Vec<_> = taken.iter().chain(&others).map(|job| job.id.clone()).collect();
            assert_eq!(ids, [uuid(1), uuid(2), uuid(3), uuid(4)]);
            first.commit(&AuditEvent::new()).unwrap();
            // The jobs of a worker that dies are claimed by others.
            drop(second);
            let (third, left) = claim(db, 9);
            assert_eq!(left.len(), 3);
            assert!(left.iter().all(|job| job.attempts == 1));
            third.commit(&AuditEvent::new()).unwrap();
            assert!(claim(db, 9).1.is_empty());
        });
    }

    #[test]
    fn requests_at_the_same_time_add_their_jobs() {
        with_postgres(|db: &Db| {
            let (mut one, mut other) = (begin(db), begin(db));
            for (tx, number) in [(&mut one, 1), (&mut other, 2)] {
                user::find(tx, &store_id(), &uuid(1)).unwrap();
                let subject = format!("{number}");
                assert_eq!(job::insert_alone(tx, &some_job(number), 0, &subject), Ok(true));
            }
            assert_eq!(one.commit(&AuditEvent::new()), Ok(()));
            assert_eq!(other.commit(&AuditEvent::new()), Ok(()));
        });
    }

    #[test]
    fn what_is_undone_before_it_wrote_leaves_the_others_of_its_batch() {
        with_postgres(|db: &Db| {
            populate(db);
            let batch = batch(db);
            drop(member(&batch));
            let mut tx = member(&batch);
            insert(&mut tx, &to_user(1, 1, 1)).unwrap();
            tx.commit(&AuditEvent::new()).unwrap();
            assert_eq!(batch.wait(), Ok(()));
            let there = read(db, |read| account_assignment::exists(read, &to_user(1, 1, 1)));
            assert_eq!(there, Ok(true));
        });
    }

    #[test]
    fn what_is_undone_after_it_wrote_undoes_its_batch() {
        with_postgres(|db: &Db| {
            populate(db);
            let batch = batch(db);
            let mut tx = member(&batch);
            insert(&mut tx, &to_user(1, 1, 1)).unwrap();
            tx.commit(&AuditEvent::new()).unwrap();
            let mut tx = member(&batch);
            insert(&mut tx, &to_user(1, 1, 2)).unwrap();
            drop(tx);
            assert_eq!(batch.wait(), Err(Fault::Contended));
            let there = read(db, |read| account_assignment::exists(read, &to_user(1, 1, 1)));
            assert_eq!(there, Ok(false));
        });
    }

    #[test]
    fn roles_are_not_provisioned_on_a_snapshot() {
        with_postgres(|db: &Db| {
            populate(db);
            let batch = batch(db);
            let mut tx = member(&batch);
            let role = some_role(1, &some_set(1, "Admin"));
            assert_eq!(role::insert(&mut tx, &role), Err(Fault::Contended));
            assert_eq!(role::update(&mut tx, &role), Err(Fault::Contended));
            drop(tx);
            assert_eq!(batch.wait(), Ok(()));
        });
    }

    #[test]
    fn an_assignment_does_not_outlive_a_role_that_goes_meanwhile() {
        with_postgres(|db: &Db| {
            populate(db);
            assign(db, &[to_user(1, 1, 1)]);
            let batch = batch(db);
            let mut late = member(&batch);
            assert_eq!(write(db, |tx| delete(tx, &to_user(1, 1, 1))), Ok(true));
            let late_one = insert(&mut late, &to_user(1, 1, 2));
            let outcome = late_one.and_then(|()| late.commit(&AuditEvent::new()));
            assert_eq!(outcome.and_then(|()| batch.wait()), Err(Fault::Contended));
        });
    }

    #[test]
    fn a_role_does_not_go_while_somebody_is_assigned_to_it() {
        with_postgres(|db: &Db| {
            populate(db);
            assign(db, &[to_user(1, 1, 1)]);
            let batch = batch(db);
            let mut late = member(&batch);
            assign(db, &[to_user(1, 1, 2)]);
            assert_eq!(delete(&mut late, &to_user(1, 1, 1)), Err(Fault::Contended));
            drop(late);
            assert!(batch.wait().is_err() && has_role(db));
        });
    }

    #[test]
    fn a_role_does_not_stay_when_its_last_two_assignments_go() {
        with_postgres(|db: &Db| {
            populate(db);
            let (one, other) = (to_user(1, 1, 1), to_user(1, 1, 2));
            assign(db, &[one.clone(), other.clone()]);
            let batch = batch(db);
            let mut late = member(&batch);
            assert_eq!(write(db, |tx| delete(tx, &other)), Ok(false));
            let deleted = delete(&mut late, &one).and_then(|_| late.commit(&AuditEvent::new()));
            assert_eq!(deleted.and_then(|()| batch.wait()), Err(Fault::Contended));
            assert_eq!(write(db, |tx| delete(tx, &one)), Ok(true));
            assert!(!has_role(db));
        });
    }

    #[test]
    fn of_two_groups_that_are_assigned_at_the_same_time_the_second_is_counted_again() {
        with_postgres(|db: &Db| {
            populate(db);
            assign(db, &[to_user(1, 1, 1)]);
            let batch = batch(db);
            let mut late = member(&batch);
            assign(db, &[to_group(1, 1, 11)]);
            assert_eq!(insert(&mut late, &to_group(1, 1, 12)), Err(Fault::Contended));
        });
    }

    /// Assigns user 1 as an operation does, and as a job.
    fn assign_held(tx: &mut Tx<'_>) -> Result<(), Fault> {
        assigned_principal::hold(tx, &store_id(), &AssignmentPrincipal::User(uuid(1)))?;
        insert(tx, &to_user(1, 1, 1))
    }

    #[test]
    fn nobody_is_assigned_who_is_deleted_meanwhile() {
        with_postgres(|db: &Db| {
            populate(db);
            let batch = batch(db);
            let mut late = member(&batch);
            write(db, |tx| user::delete(tx, &store_id(), &uuid(1))).unwrap();
            assert_eq!(assign_held(&mut late), Err(Fault::Contended));
        });
    }

    #[test]
    fn no_group_is_assigned_that_is_deleted_meanwhile() {
        with_postgres(|db: &Db| {
            populate(db);
            let batch = batch(db);
            let mut late = member(&batch);
            write(db, |tx| group::delete(tx, &store_id(), &uuid(11))).unwrap();
            let principal = AssignmentPrincipal::Group(uuid(11));
            let held = assigned_principal::hold(&mut late, &store_id(), &principal);
            assert_eq!(held, Err(Fault::Contended));
        });
    }

    /// Returns when a transaction of the test waits for a row of another, and fails if none does.
    const UNTIL_ONE_WAITS: &str = "SET statement_timeout = '10s';
        DO $$ BEGIN
            WHILE NOT EXISTS (SELECT 1 FROM pg_stat_activity
                WHERE application_name = current_schema() AND wait_event_type = 'Lock')
            LOOP
                PERFORM pg_stat_clear_snapshot();
            END LOOP;
        END $$";

    #[test]
    fn who_is_deleted_loses_what_is_assigned_meanwhile() {
        with_postgres_sql(|db, sql| {
            populate(db);
            thread::scope(|scope| {
                let batch = batch(db);
                let mut early = member(&batch);
                assign_held(&mut early).unwrap();
                let delete = || write(db, |tx| user::delete(tx, &store_id(), &uuid(1)));
                let deletion = scope.spawn(delete);
                sql(UNTIL_ONE_WAITS);
                early.commit(&AuditEvent::new()).unwrap();
                batch.wait().unwrap();
                deletion.join().unwrap().unwrap();
            });
            let is_all = write(db, |tx| {
                removed_principal::delete_part(
                    tx,
                    &an_instance(),
                    &AssignmentPrincipal::User(uuid(1)),
                )
            });
            assert_eq!((is_all, has_role(db)), (Ok(true), false));
        });
    }

    #[test]
    fn of_two_nodes_one_seals() {
        with_postgres(|db: &Db| {
            write(db, |_| ());
            let sign = |_: &[u8; 32]| {
                // The other node asks while this one has marked nothing yet.
                assert_eq!(db.seal_events(NOW_MS, &|_| [0; 64]), Err(Fault::Contended));
                assert_eq!(db.record_sealed(&[], NOW_MS, &|_| [0; 64]), Err(Fault::Contended));
                [7; 64]
            };
            let sealed = db.seal_events(NOW_MS, &sign).unwrap();
            assert_eq!(sealed.digest.unwrap().signature, [7; 64]);
            assert_eq!(db.seal_events(NOW_MS, &|_| [0; 64]).unwrap().digest, None);
        });
    }
}
