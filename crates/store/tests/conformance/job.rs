//! Long work.

use model::job::{Job, JobState};
use model::{Fault, IdentityCenterEntity};
use policy::{Caller, Policies, Principal};
use store::job::Kinds;
use store::{Db, job};

use crate::harness::{NOW_MS, begin_at, read, uuid, write, write_at};

on_both_engines!(
    a_job_reads_back_as_it_was_written,
    the_job_that_is_due_longest_is_claimed_once_for_its_lease,
    what_was_claimed_is_finished_by_its_claimer_alone,
    a_failed_attempt_is_put_off_and_a_part_goes_on,
    what_waits_is_made_due_unless_it_was_claimed_too_often,
    two_jobs_about_one_thing_do_not_wait_together,
    unfinished_jobs_of_a_caller_are_counted_as_far_as_asked,
    the_many_jobs_of_one_caller_do_not_hold_up_those_of_another,
    several_jobs_are_claimed_at_once,
    jobs_are_listed_newest_first_and_by_state,
    a_job_of_an_unknown_kind_is_passed_over,
    a_new_job_is_told_after_the_commit,
    jobs_are_swept_so_long_after_their_end_and_never_before_it,
);

const OWNER: &str = "ssoins-0123456789abcdef";
const KIND: &str = "PROVISION_PERMISSION_SET";
const LEASE_MS: i64 = 1000;

fn some_job(number: u32) -> Job {
    Job {
        owner_id: OWNER.to_owned(),
        id: uuid(number),
        kind: KIND.to_owned(),
        state: JobState::InProgress,
        payload: r#"{"a":"ä\n"}"#.to_owned(),
        failure_reason: None,
        attempts: 0,
        run_after_ms: NOW_MS,
        created_at_ms: NOW_MS + i64::from(number),
        updated_at_ms: NOW_MS,
    }
}

/// The kinds that this node knows: one that is in the tests, and one whose name holds it.
fn known() -> Kinds {
    Kinds::of([KIND, "UNPROVISION_PERMISSION_SET"].into_iter())
}

fn next_due_ms(db: &Db) -> Result<Option<i64>, Fault> {
    read(db, |read| job::next_due_ms(read, &known()))
}

fn claim(db: &Db, now_ms: i64) -> Option<Job> {
    write_at(db, now_ms, |tx| job::claim(tx, &known(), LEASE_MS, 1)).unwrap().pop()
}

fn a_job_reads_back_as_it_was_written(db: &Db) {
    let failed = Job {
        state: JobState::Failed,
        failure_reason: Some("It could not be done.".to_owned()),
        attempts: 3,
        ..some_job(2)
    };
    for job in [some_job(1), failed] {
        write(db, |tx| job::insert(tx, &job, 0)).unwrap();
        read(db, |read| {
            assert_eq!(job::require(read, OWNER, KIND, &job.id), Ok(job.clone()));
            assert_eq!(job::find(read, "another", KIND, job.id.as_str()), Ok(None));
            let other = "CREATE_ACCOUNT";
            let missing = Err(Fault::not_found(IdentityCenterEntity::Request, &job.id));
            assert_eq!(job::require(read, OWNER, other, &job.id), missing);
        });
    }
}

fn the_job_that_is_due_longest_is_claimed_once_for_its_lease(db: &Db) {
    let early = Job { run_after_ms: NOW_MS - 5, ..some_job(2) };
    let late = Job { run_after_ms: NOW_MS + 5, ..some_job(3) };
    for job in [&some_job(1), &early, &late] {
        write(db, |tx| job::insert(tx, job, 0)).unwrap();
    }
    assert_eq!(next_due_ms(db), Ok(Some(NOW_MS - 5)));
    let first = claim(db, NOW_MS).unwrap();
    assert_eq!((first.id, first.attempts, first.run_after_ms), (uuid(2), 1, NOW_MS + LEASE_MS));
    assert_eq!(claim(db, NOW_MS).map(|job| job.id), Some(uuid(1)));
    assert_eq!(claim(db, NOW_MS), None);
    assert_eq!(next_due_ms(db), Ok(Some(NOW_MS + 5)));
    assert_eq!(claim(db, NOW_MS + 5).map(|job| job.id), Some(uuid(3)));
    // The worker that had it may be dead.
    let again = claim(db, NOW_MS + LEASE_MS).unwrap();
    assert_eq!(again.attempts, 2);
}

fn a_job_of_an_unknown_kind_is_passed_over(db: &Db) {
    let unknown = |number, kind: &str| Job {
        kind: kind.to_owned(),
        run_after_ms: NOW_MS - 9,
        ..some_job(number)
    };
    // Names that are parts of a known one, or that a pattern would match it, are other names.
    let others = [unknown(2, "OF_A_LATER_VERSION"), unknown(3, "PERMISSION_SET"), unknown(4, "%")];
    for job in others.iter().chain([&some_job(1)]) {
        write(db, |tx| job::insert(tx, job, 0)).unwrap();
    }
    assert_eq!(next_due_ms(db), Ok(Some(NOW_MS)));
    assert_eq!(claim(db, NOW_MS).map(|job| job.id), Some(uuid(1)));
    assert_eq!(claim(db, NOW_MS), None);
    for job in others {
        assert_eq!(read(db, |read| job::require(read, OWNER, &job.kind, &job.id)), Ok(job.clone()));
    }
}

fn what_was_claimed_is_finished_by_its_claimer_alone(db: &Db) {
    write(db, |tx| job::insert(tx, &some_job(1), 0)).unwrap();
    let slow = claim(db, NOW_MS).unwrap();
    let other = claim(db, NOW_MS + LEASE_MS).unwrap();
    let mut tx = begin_at(db, NOW_MS + LEASE_MS);
    assert!(job::finish(&mut tx, &slow, JobState::Succeeded, None).is_err());
    drop(tx);
    let why = Some("It could not be done.");
    write(db, |tx| job::finish(tx, &other, JobState::Failed, why)).unwrap();
    let found = read(db, |read| job::require(read, OWNER, KIND, &uuid(1))).unwrap();
    assert_eq!((found.state, found.failure_reason.as_deref()), (JobState::Failed, why));
    assert_eq!(claim(db, NOW_MS + 10 * LEASE_MS), None);
    assert_eq!(next_due_ms(db), Ok(None));
}

fn a_failed_attempt_is_put_off_and_a_part_goes_on(db: &Db) {
    write(db, |tx| job::insert(tx, &some_job(1), 0)).unwrap();
    let claimed = claim(db, NOW_MS).unwrap();
    write(db, |tx| job::put_off(tx, &claimed, NOW_MS + 50)).unwrap();
    assert_eq!(claim(db, NOW_MS + 49), None);
    let claimed = claim(db, NOW_MS + 50).unwrap();
    assert_eq!(claimed.attempts, 2);
    write_at(db, NOW_MS + 60, |tx| job::go_on(tx, &claimed, 5)).unwrap();
    assert_eq!(claim(db, NOW_MS + 64), None);
    let again = claim(db, NOW_MS + 65).unwrap();
    assert_eq!(again.attempts, 1);
    // A worker that was too slow does not keep its part.
    let outcome = write(db, |tx| job::go_on(tx, &claimed, 5));
    assert!(matches!(outcome, Err(Fault::Broken(_))), "{outcome:?}");
}

fn what_waits_is_made_due_unless_it_was_claimed_too_often(db: &Db) {
    let over = Job { state: JobState::Succeeded, ..some_job(3) };
    let often = Job { attempts: 2, run_after_ms: NOW_MS + LEASE_MS, ..some_job(2) };
    for job in [&some_job(1), &often, &over] {
        write(db, |tx| job::insert(tx, job, 0)).unwrap();
    }
    let claimed = claim(db, NOW_MS).unwrap();
    assert_eq!(write(db, |tx| job::make_due(tx, 2)), Ok(1));
    // A job that was due already, is over, or was claimed twice does not change.
    assert_eq!(write(db, |tx| job::make_due(tx, 2)), Ok(0));
    // The worker that claimed it has it until another claims it.
    let again = claim(db, NOW_MS).unwrap();
    assert_eq!((&again.id, again.attempts), (&claimed.id, 2));
    assert_eq!(claim(db, NOW_MS), None);
}

fn two_jobs_about_one_thing_do_not_wait_together(db: &Db) {
    let insert = |number| write(db, |tx| job::insert_alone(tx, &some_job(number), 0, "a role"));
    assert_eq!(insert(1), Ok(true));
    assert_eq!(insert(2), Ok(false));
    assert_eq!(read(db, |read| job::find(read, OWNER, KIND, some_job(2).id.as_str())), Ok(None));
    let claimed = claim(db, NOW_MS).unwrap();
    write(db, |tx| job::finish(tx, &claimed, JobState::Succeeded, None)).unwrap();
    assert_eq!(insert(2), Ok(true));
}

fn the_many_jobs_of_one_caller_do_not_hold_up_those_of_another(db: &Db) {
    for number in 1..=20 {
        write(db, |tx| job::insert(tx, &some_job(number), i64::from(number) - 1)).unwrap();
    }
    // Somebody who has no other job asks 50 ms later.
    let late = Job { run_after_ms: NOW_MS + 50, ..some_job(21) };
    write(db, |tx| job::insert(tx, &late, 0)).unwrap();
    let order: Vec<_> = (0..21).map(|_| claim(db, NOW_MS + 50).unwrap().id).collect();
    let place = order.iter().position(|id| *id == late.id).unwrap();
    assert!((5..=6).contains(&place), "{place}");
    // The turn of a job stays, so no job is passed over for ever.
    assert!(
        order.is_sorted_by_key(|id| if *id == late.id { uuid(6) } else { id.clone() }),
        "{order:?}"
    );
}

fn several_jobs_are_claimed_at_once(db: &Db) {
    for number in 1..=3 {
        write(db, |tx| job::insert(tx, &some_job(number), 0)).unwrap();
    }
    let many = |limit| write(db, |tx| job::claim(tx, &known(), LEASE_MS, limit)).unwrap();
    let ids = |jobs: Vec<Job>| jobs.into_iter().map(|job| job.id).collect::<Vec<_>>();
    assert_eq!(ids(many(2)), [uuid(1), uuid(2)]);
    assert_eq!(ids(many(2)), [uuid(3)]);
    assert_eq!(ids(many(2)), []);
}

fn unfinished_jobs_of_a_caller_are_counted_as_far_as_asked(db: &Db) {
    let over = Job { state: JobState::Succeeded, ..some_job(3) };
    for job in [&some_job(1), &some_job(2), &over] {
        write(db, |tx| job::insert(tx, job, 0)).unwrap();
    }
    let caller = Caller { principal: Principal::Portico, policies: Policies::default() }.arn();
    let count = |who: &str, most| read(db, |read| job::count_unfinished(read, who, KIND, most));
    assert_eq!((count(&caller, 9), count(&caller, 1)), (Ok(2), Ok(1)));
    assert_eq!(count("arn:aws:iam::123456789012:role/another", 9), Ok(0));
}

fn jobs_are_listed_newest_first_and_by_state(db: &Db) {
    let over = Job { state: JobState::Succeeded, ..some_job(2) };
    for job in [&some_job(1), &over, &some_job(3)] {
        write(db, |tx| job::insert(tx, job, 0)).unwrap();
    }
    let ids = |jobs: Result<Vec<Job>, Fault>| -> Vec<_> {
        jobs.unwrap().into_iter().map(|job| job.id).collect()
    };
    read(db, |read| {
        let newest = (i64::MAX, "");
        assert_eq!(ids(job::list(read, OWNER, KIND, newest, 2)), [uuid(3), uuid(2)]);
        let id = some_job(2).id;
        let before = (some_job(2).created_at_ms, id.as_str());
        assert_eq!(ids(job::list(read, OWNER, KIND, before, 2)), [uuid(1)]);
        let running = job::list_in_state(read, OWNER, KIND, JobState::InProgress, newest, 9);
        assert_eq!(ids(running), [uuid(3), uuid(1)]);
        let failed = job::list_in_state(read, OWNER, KIND, JobState::Failed, newest, 9);
        assert_eq!(ids(failed), []);
    });
}

fn a_new_job_is_told_after_the_commit(db: &Db) {
    let before = db.signals().jobs();
    let mut tx = begin_at(db, NOW_MS);
    job::insert(&mut tx, &some_job(1), 0).unwrap();
    assert_eq!(db.signals().jobs(), before);
    tx.commit(&model::AuditEvent::new()).unwrap();
    assert!(db.signals().jobs() > before);
}

fn jobs_are_swept_so_long_after_their_end_and_never_before_it(db: &Db) {
    let ended = |number, at_ms| Job {
        state: if number % 2 == 0 { JobState::Succeeded } else { JobState::Failed },
        updated_at_ms: at_ms,
        ..some_job(number)
    };
    let waiting = Job { updated_at_ms: NOW_MS - 50, ..some_job(1) };
    for job in [waiting, ended(2, NOW_MS - 2), ended(3, NOW_MS - 3), ended(4, NOW_MS)] {
        write(db, |tx| job::insert(tx, &job, 0)).unwrap();
    }
    let left = || {
        let jobs = read(db, |read| job::list(read, OWNER, KIND, (i64::MAX, ""), 9)).unwrap();
        jobs.into_iter().map(|job| job.id).collect::<Vec<_>>()
    };
    assert_eq!(write(db, |tx| job::sweep(tx, NOW_MS, 1)), Ok(1));
    assert_eq!(left(), [uuid(4), uuid(2), uuid(1)]);
    assert_eq!(write(db, |tx| job::sweep(tx, NOW_MS, 9)), Ok(1));
    assert_eq!(write(db, |tx| job::sweep(tx, NOW_MS, 9)), Ok(0));
    assert_eq!(left(), [uuid(4), uuid(1)]);
}
