//! The organisation, its instance, jobs, the log and the keys of an earlier program.

use model::instance::InstanceStatus;
use model::job::{Job, JobState};
use model::organization::JoinedMethod;
use store::digest::{self, NO_HASH};
use store::job::Kinds;
use store::{
    FoundEvent, LoggedEvent, Sealed, account, instance, job, master_key, organization,
    organization_tag,
};

use super::Upgraded;
use crate::audit::{log, seal, sign};
use crate::harness::{NOW_MS, mac, write};

super::on_both_upgraded!(
    the_organization_reads_back,
    jobs_read_back_and_go_on,
    the_log_still_has_the_hash_of_its_digest,
    what_was_not_sealed_yet_is_sealed_once_by_this_program,
    keys_read_back,
);

fn the_organization_reads_back(upgraded: &Upgraded) {
    let instance = &upgraded.instance;
    assert_eq!((instance.is_organization, instance.status), (true, InstanceStatus::Active));
    assert_eq!(instance.name, Some("main".parse().unwrap()));
    upgraded.read(|read| {
        let organization = organization::require(read).unwrap();
        assert_eq!(organization.management_account_id.as_str(), "123456789012");
        assert_eq!(&organization.management_account_id, upgraded.account_id());
        assert_ne!(&organization.next_identity_store_id, upgraded.store_id());
        let token = instance::find_client_token(read, upgraded.account_id()).unwrap();
        assert!(token.is_some());
        let accounts = account::list(read, "", 99).unwrap();
        let find = |name: &str| accounts.iter().find(|account| account.name.as_str() == name);
        let management = find("Management account").unwrap();
        assert_eq!(management.joined_method, JoinedMethod::Invited);
        let backup = find("Backup").unwrap();
        assert_eq!(backup.email.to_string(), "Backup@example.com");
        assert_eq!(backup.joined_method, JoinedMethod::Created);
        assert_eq!(account::has_email(read, &"BACKUP@example.com".parse().unwrap()), Ok(true));
        let root = organization.root_id.to_string();
        for resource in [root.as_str(), upgraded.account_id().as_str()] {
            let tags = organization_tag::list(read, resource, "", 9).unwrap();
            let tags: Vec<_> =
                tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect();
            assert_eq!(tags, [("stage", "production")]);
        }
    });
}

fn jobs_read_back_and_go_on(upgraded: &Upgraded) {
    let list = |owner: &str, kind| -> Vec<Job> {
        upgraded.read(|read| job::list(read, owner, kind, (i64::MAX, ""), 99)).unwrap()
    };
    let assigned = list(upgraded.instance.id.as_str(), "CREATE_ACCOUNT_ASSIGNMENT");
    assert_eq!(assigned.len(), 3);
    for job in &assigned {
        assert_eq!((job.state, job.attempts), (JobState::Succeeded, 1));
        assert!(job.payload.contains(r#""AccountId":"123456789012""#), "{}", job.payload);
        assert!(job.created_at_ms <= job.updated_at_ms && job.updated_at_ms < job.run_after_ms);
    }
    let created = list(upgraded.account_id().as_str(), "CREATE_ACCOUNT");
    let waiting: Vec<&Job> =
        created.iter().filter(|job| job.state == JobState::InProgress).collect();
    assert!(!waiting.is_empty() && waiting.len() < created.len());
    let kinds = Kinds::of(["CREATE_ACCOUNT"].into_iter());
    // Work that the earlier program did not end is done by this one.
    let due_ms = waiting.iter().map(|job| job.run_after_ms).max().unwrap();
    for _ in &waiting {
        let claimed = crate::harness::write_at(&upgraded.db, due_ms, |tx| {
            job::claim(tx, &kinds, 1_000_000, 1)
        });
        let claimed = claimed.unwrap().pop().unwrap();
        assert!(waiting.iter().any(|job| job.id == claimed.id));
        write(&upgraded.db, |tx| job::finish(tx, &claimed, JobState::Succeeded, None)).unwrap();
    }
    assert_eq!(upgraded.read(|read| job::next_due_ms(read, &kinds)), Ok(None));
}

fn the_log_still_has_the_hash_of_its_digest(upgraded: &Upgraded) {
    upgraded.read(|read| {
        let [digest] = digest::list(read, 0, 9).unwrap().try_into().unwrap();
        let digest = digest.unwrap();
        let events = readable(digest::list_events(read, 1, "", 999).unwrap());
        assert_eq!(i64::try_from(events.len()), Ok(digest.event_count));
        assert!(digest.has_hash_of(&NO_HASH, &events));
        let log = readable(digest::list_log(read, "", "~", 999).unwrap());
        assert!(log.iter().all(LoggedEvent::is_of_earlier_version));
        assert!(log.len() > events.len());
        let created = log.iter().find(|event| event.action == "identitystore:CreateUser").unwrap();
        assert_eq!(created.account_id.as_deref(), Some("123456789012"));
        assert_eq!((created.source_address.as_str(), &created.error), ("127.0.0.1", &None));
        assert!(created.details.contains("requestParameters"), "{}", created.details);
    });
}

fn what_was_not_sealed_yet_is_sealed_once_by_this_program(upgraded: &Upgraded) {
    let db = &upgraded.db;
    db.prove_events_with(Box::new(mac));
    let unsealed = || log(db).iter().filter(|event| event.digest == 0).count();
    let left = unsealed();
    assert!(left > 0);
    let sealed = db.seal_earlier_events(NOW_MS, &sign).unwrap();
    let digest = sealed.digest.unwrap();
    assert_eq!((digest.number, digest.format), (2, digest::OF_CONTENTS));
    assert_eq!(usize::try_from(digest.event_count), Ok(left));
    assert_eq!((unsealed(), sealed.set_aside), (0, Vec::new()));

    write(db, |_| ());
    let digest = seal(db).unwrap();
    assert_eq!((digest.number, digest.event_count, digest.format), (3, 1, digest::OF_PROOFS));
    // From now on an event without a MAC may be anybody's.
    assert_eq!(db.seal_earlier_events(NOW_MS, &sign), Ok(Sealed::default()));
}

fn keys_read_back(upgraded: &Upgraded) {
    for purpose in ["credentials", "seals", "audit"] {
        let keys = upgraded.read(|read| master_key::list(read, purpose)).unwrap();
        assert_eq!(keys.iter().map(|key| key.number).collect::<Vec<_>>(), [1], "{purpose}");
        assert_eq!(keys[0].sealed.len(), 72, "{purpose}");
    }
}

fn readable(rows: Vec<FoundEvent>) -> Vec<LoggedEvent> {
    rows.into_iter().map(Result::unwrap).collect()
}
