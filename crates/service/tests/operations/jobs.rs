//! Jobs under failure: dying workers, work that is done twice, temporary faults.

use ::organizations::create_account;
use kernel::jobs::Work;
use kernel::jobs::resume::resume;
use kernel::jobs::runner::{ATTEMPTS_MAX, LEASE_MS, Runner};
use kernel::{Ctx, Portico};
use model::ids::JobId;
use model::job::{Job, JobState};
use model::{AuditEvent, Fault};
use serde_json::json;
use store::job::{self, Kinds};
use store::{Location, user};
use testing::center::{Center, for_user, text};
use testing::{ACCOUNT, Bench, enable_instance};

/// Returns every kind that this program knows.
fn kinds() -> Kinds {
    Kinds::of(service::JOBS.iter().map(|work| work.name()))
}

/// Job kind that creates accounts and panics.
struct Panics;

impl Work for Panics {
    fn name(&self) -> &'static str {
        CREATE_ACCOUNT
    }

    fn is_small(&self) -> bool {
        false
    }

    fn is_tried_until_done(&self) -> bool {
        false
    }

    fn perform(&self, _: &Ctx<'_>, _: &Job) -> Result<(), Fault> {
        panic!("a bug")
    }
}

const CREATE_ACCOUNT: &str = create_account::JOB.name;

fn run_one_that_panics(bench: &Bench) -> Result<bool, Fault> {
    Runner::new(&[&Panics], 0).run_some(&bench.portico)
}

/// Claims the due job like a worker that dies afterwards.
fn claim(bench: &Bench) -> Job {
    claim_if_due(bench).unwrap()
}

/// Claims a due job, if there is one.
pub(super) fn claim_if_due(bench: &Bench) -> Option<Job> {
    bench.as_caller(&Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:ClaimJob", "*").unwrap();
        let mut tx = ctx.begin(permit).unwrap();
        let claimed = job::claim(&mut tx, &kinds(), LEASE_MS, 1).unwrap().pop();
        tx.commit(&AuditEvent::new()).unwrap();
        claimed
    })
}

pub(super) fn perform_once(bench: &Bench, job: &Job) -> Result<(), Fault> {
    let work = service::JOBS.iter().find(|work| work.name() == job.kind).unwrap();
    bench.as_caller(&Portico::itself(), |ctx| work.perform(ctx, job))
}

/// The job, if its row is still there.
pub(super) fn present(bench: &Bench, job: &Job) -> Option<Job> {
    bench.as_caller(&Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:Test", "*").unwrap();
        let mut read = ctx.read(&permit).unwrap();
        job::find(&mut read, &job.owner_id, &job.kind, job.id.as_str()).unwrap()
    })
}

pub(super) fn find(bench: &Bench, job: &Job) -> Job {
    bench.as_caller(&Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:Test", "*").unwrap();
        let mut read = ctx.read(&permit).unwrap();
        job::require(&mut read, &job.owner_id, &job.kind, &job.id).unwrap()
    })
}

/// Inserts a job with a given kind and payload.
fn insert(bench: &Bench, kind: &str, payload: &str) -> Job {
    bench.as_caller(&Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:Test", "*").unwrap();
        let mut tx = ctx.begin(permit).unwrap();
        let id = JobId::random(&*ctx.portico.random);
        let job = Job::new(ACCOUNT.to_owned(), id, kind, payload.to_owned(), tx.now_ms());
        job::insert(&mut tx, &job, 0).unwrap();
        tx.commit(&AuditEvent::new()).unwrap();
        job
    })
}

#[test]
fn a_job_whose_worker_died_is_done_by_another_when_the_lease_is_over() {
    let bench = Bench::new();
    let account = json!({"AccountName": "A", "Email": "a@example.com"});
    bench.call("AWSOrganizationsV20161128.CreateAccount", &account).unwrap();
    let lost = claim(&bench);
    assert_eq!(bench.run_job(), Ok(false));
    bench.clock.advance(LEASE_MS - 1);
    assert_eq!(bench.run_job(), Ok(false));
    bench.clock.advance(1);
    assert_eq!(bench.run_job(), Ok(true));
    assert_eq!(find(&bench, &lost).state, JobState::Succeeded);
    // The first worker was only slow. Its attempt now fails.
    assert!(matches!(perform_once(&bench, &lost), Err(Fault::Broken(_))));
    let listed = bench.call("AWSOrganizationsV20161128.ListAccounts", &json!({})).unwrap();
    assert_eq!(listed["Accounts"].as_array().unwrap().len(), 2);
}

#[test]
fn a_server_that_starts_does_at_once_what_another_left_in_the_middle() {
    let bench = Bench::new();
    let account = json!({"AccountName": "A", "Email": "a@example.com"});
    bench.call("AWSOrganizationsV20161128.CreateAccount", &account).unwrap();
    let lost = claim(&bench);
    assert_eq!(bench.run_job(), Ok(false));
    resume(&bench.portico).unwrap();
    assert_eq!(bench.run_job(), Ok(true));
    assert_eq!(find(&bench, &lost).state, JobState::Succeeded);
    // The first worker may still run on another node. Its attempt now fails.
    assert!(matches!(perform_once(&bench, &lost), Err(Fault::Broken(_))));
}

#[test]
fn a_job_that_may_be_what_ends_the_server_waits_for_its_lease() {
    let bench = Bench::new();
    let account = json!({"AccountName": "A", "Email": "a@example.com"});
    bench.call("AWSOrganizationsV20161128.CreateAccount", &account).unwrap();
    for _ in 0..ATTEMPTS_MAX {
        resume(&bench.portico).unwrap();
        claim(&bench);
    }
    resume(&bench.portico).unwrap();
    assert_eq!(bench.run_job(), Ok(false));
    bench.clock.advance(LEASE_MS);
    // The job has used up its attempts and is not tried again.
    assert_eq!(run_one_that_panics(&bench), Ok(true));
    let listed =
        bench.call("AWSOrganizationsV20161128.ListCreateAccountStatus", &json!({})).unwrap();
    assert_eq!(listed["CreateAccountStatuses"][0]["State"], "FAILED");
}

#[test]
fn a_job_that_panics_is_put_off_and_the_others_are_done() {
    let bench = Bench::new();
    let account = |name: &str| json!({"AccountName": name, "Email": format!("{name}@example.com")});
    bench.call("AWSOrganizationsV20161128.CreateAccount", &account("a")).unwrap();
    assert_eq!(run_one_that_panics(&bench), Ok(true));
    bench.call("AWSOrganizationsV20161128.CreateAccount", &account("b")).unwrap();
    assert_eq!(bench.run_job(), Ok(true));
    assert_eq!(bench.run_job(), Ok(false));
    bench.clock.advance(LEASE_MS);
    assert_eq!(bench.run_job(), Ok(true));
    let listed = bench.call("AWSOrganizationsV20161128.ListAccounts", &json!({})).unwrap();
    assert_eq!(listed["Accounts"].as_array().unwrap().len(), 3);
}

#[test]
fn a_slow_worker_cannot_end_the_claim_of_another() {
    let bench = Bench::new();
    let account = json!({"AccountName": "A", "Email": "a@example.com"});
    bench.call("AWSOrganizationsV20161128.CreateAccount", &account).unwrap();
    let slow = claim(&bench);
    bench.clock.advance(LEASE_MS);
    let quick = claim(&bench);
    assert_eq!(quick.attempts, slow.attempts + 1);
    assert!(matches!(perform_once(&bench, &slow), Err(Fault::Broken(_))));
    assert_eq!(find(&bench, &quick).state, JobState::InProgress);
    assert_eq!(perform_once(&bench, &quick), Ok(()));
}

#[test]
fn a_deletion_is_not_given_up() {
    let bench = Bench::new();
    let broken = insert(&bench, identitystore::delete_user::JOB.name, "no JSON");
    for _ in 0..2 * ATTEMPTS_MAX {
        assert_eq!(bench.run_job(), Ok(true));
        let found = find(&bench, &broken);
        assert_eq!(found.state, JobState::InProgress);
        bench.clock.advance(found.run_after_ms - bench.portico.clock.now_ms());
    }
}

#[test]
fn a_job_that_breaks_is_put_off_for_longer_and_longer_and_fails_in_the_end() {
    let bench = Bench::new();
    let broken = insert(&bench, CREATE_ACCOUNT, "no JSON");
    let mut waits = Vec::new();
    for _ in 1..ATTEMPTS_MAX {
        assert_eq!(bench.run_job(), Ok(true));
        assert_eq!(bench.run_job(), Ok(false));
        let found = find(&bench, &broken);
        assert_eq!(found.state, JobState::InProgress);
        let now_ms = bench.portico.clock.now_ms();
        waits.push(found.run_after_ms - now_ms);
        bench.clock.advance(found.run_after_ms - now_ms);
    }
    assert!(waits.is_sorted_by(|one, next| one < next), "{waits:?}");
    assert_eq!(bench.run_job(), Ok(true));
    let ended = find(&bench, &broken);
    assert_eq!(ended.state, JobState::Failed);
    // The status does not contain details of the bug.
    assert_eq!(ended.failure_reason.as_deref(), Some("An unexpected error occurred."));
    bench.clock.advance(1_000_000);
    assert_eq!(bench.run_job(), Ok(false));
}

#[test]
fn a_job_of_an_unknown_kind_is_left_to_others_and_holds_nothing_up() {
    let bench = Bench::new();
    let unknown = insert(&bench, "OF_A_LATER_VERSION", "{}");
    bench.clock.advance(1);
    let account = json!({"AccountName": "A", "Email": "a@example.com"});
    bench.call("AWSOrganizationsV20161128.CreateAccount", &account).unwrap();
    assert_eq!(bench.run_job(), Ok(true));
    assert_eq!(bench.run_job(), Ok(false));
    let listed = bench.call("AWSOrganizationsV20161128.ListAccounts", &json!({})).unwrap();
    assert_eq!(listed["Accounts"].as_array().unwrap().len(), 2);
    // The job is unchanged, and a waiting node does not count it as due.
    assert_eq!(find(&bench, &unknown), unknown);
    let next = bench.as_caller(&Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:Test", "*").unwrap();
        job::next_due_ms(&mut ctx.read(&permit).unwrap(), &kinds()).unwrap()
    });
    assert_eq!(next, None);
}

/// On a file, where small jobs run several at a time.
#[test]
fn assignments_are_made_together_and_one_that_fails_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::found(Location::Sqlite(folder.path().join("portico.sqlite")), true);
    enable_instance(&bench.portico).unwrap();
    let arn = bench.instance().id.arn();
    let center = Center { bench, arn };
    let set = center.create_set("Reader");
    let users: Vec<String> = ["a", "b", "c"].map(|name| center.create_user(name)).into();
    let start = |user: &String| {
        let begun = center.call("CreateAccountAssignment", for_user(&set, user)).unwrap();
        text(&begun, "/AccountAssignmentCreationStatus/RequestId")
    };
    let requests: Vec<String> = users.iter().map(start).collect();
    // Not by the operation, which adds a job.
    center.bench.as_caller(&Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:Test", "*").unwrap();
        let mut tx = ctx.begin(permit).unwrap();
        user::delete(
            &mut tx,
            &center.bench.instance().identity_store_id,
            &users[1].parse().unwrap(),
        )
        .unwrap();
        tx.commit(&AuditEvent::new()).unwrap();
    });
    assert_eq!(center.bench.run_job(), Ok(true));
    assert_eq!(center.bench.run_job(), Ok(false));
    let states: Vec<String> = requests
        .iter()
        .map(|id| {
            let asked = json!({"AccountAssignmentCreationRequestId": id});
            let status = center.call("DescribeAccountAssignmentCreationStatus", asked).unwrap();
            text(&status, "/AccountAssignmentCreationStatus/Status")
        })
        .collect();
    assert_eq!(states, ["SUCCEEDED", "FAILED", "SUCCEEDED"]);
    // Each job has an event of its own, with its request.
    let events = center.bench.events("sso:CreateAccountAssignment");
    for id in &requests {
        assert!(events.iter().any(|event| event.details.contains(id.as_str())), "{id}");
    }
}
