//! Audit log and digests.

use std::sync::Arc;

use model::AuditEvent;
use policy::{Caller, Policies, Principal};
use store::LoggedEvent;
use store::digest::{self, Digest, NO_HASH};
use store::{AuditRecord, Db, Read};

use crate::harness::{NOW_MS, read, stamp, write};

on_both_engines!(
    a_commit_leaves_its_event,
    a_record_of_its_own_is_kept_with_its_error,
    events_are_sealed_once_and_in_order,
    a_seal_holds_what_it_sealed,
    a_full_digest_leaves_the_rest_for_the_next,
    records_can_be_sealed_when_they_are_written,
);

pub fn log(db: &Db) -> Vec<LoggedEvent> {
    let rows = read(db, |read| digest::list_log(read, "", "~", 1000)).unwrap();
    rows.into_iter().map(Result::unwrap).collect()
}

fn list_events(read: &mut Read<'_>, number: i64) -> Vec<LoggedEvent> {
    let rows = digest::list_events(read, number, "", 9999).unwrap();
    rows.into_iter().map(Result::unwrap).collect()
}

pub fn sign(hash: &[u8; 32]) -> [u8; 64] {
    let mut signature = [0; 64];
    signature.iter_mut().zip(hash).for_each(|(to, from)| *to = *from);
    signature
}

pub fn seal(db: &Db) -> Option<Digest> {
    db.seal_events(NOW_MS, &sign).unwrap().digest
}

fn a_commit_leaves_its_event(db: &Db) {
    let before = log(db).len();
    let mut tx = crate::harness::begin(db);
    store::account::insert(&mut tx, &crate::harness::some_account(2)).unwrap();
    let event = AuditEvent::new().asked("name", "ä \"quoted\"").answered("id", 7).hidden("key");
    tx.commit(&event).unwrap();
    let log = log(db);
    assert_eq!(log.len(), before + 1);
    let last = log.last().unwrap();
    assert_eq!((last.action.as_str(), last.resource.as_str()), ("portico:Test", "*"));
    assert_eq!((last.at_ms, last.caller_arn.as_str()), (NOW_MS, "portico"));
    assert_eq!(last.error, None);
    let details = r#"{"requestParameters":{"name":"ä \"quoted\"","key":"HIDDEN_DUE_TO_SECURITY_REASONS"},"responseElements":{"id":"7"}}"#;
    assert_eq!(last.details, details);
}

fn a_record_of_its_own_is_kept_with_its_error(db: &Db) {
    let stranger =
        Arc::new(Caller { principal: Principal::Anonymous, policies: Policies::default() });
    let (no, all) = ("No.".to_owned(), "*".to_owned());
    let action = "sso:ListInstances";
    let record =
        AuditRecord::new(&stranger, stamp(NOW_MS), action, all, Some(no), AuditEvent::new());
    db.record(&[record]).unwrap();
    let log = log(db);
    let last = log.last().unwrap();
    assert_eq!((last.caller_arn.as_str(), last.error.as_deref()), ("anonymous", Some("No.")));
    assert_eq!(last.account_id, None);
}

fn events_are_sealed_once_and_in_order(db: &Db) {
    let first = seal(db).unwrap();
    assert_eq!((first.number, first.event_count), (1, 1));
    assert_eq!(seal(db), None);
    write(db, |_| ());
    write(db, |_| ());
    let second = seal(db).unwrap();
    assert_eq!((second.number, second.event_count), (2, 2));
    read(db, |read| {
        assert_eq!(digest::list(read, 0, 9), Ok(vec![Ok(first.clone()), Ok(second.clone())]));
        assert_eq!(digest::list(read, 1, 9), Ok(vec![Ok(second)]));
        assert_eq!(digest::find_sealed_after(read, 0), Ok(Some(1)));
        assert_eq!(digest::find_sealed_after(read, 2), Ok(None));
        assert_eq!(digest::is_due(read), Ok(false));
    });
}

fn a_seal_holds_what_it_sealed(db: &Db) {
    let first = seal(db).unwrap();
    write(db, |_| ());
    let second = seal(db).unwrap();
    read(db, |read| {
        let mut before = NO_HASH;
        for digest in [first, second] {
            let events = list_events(read, digest.number);
            assert!(digest.has_hash_of(&before, &events));
            assert_eq!(digest.format, digest::OF_PROOFS);
            assert_eq!(digest.signature, sign(&digest.hash));
            before = digest.hash;
        }
    });
}

fn records_can_be_sealed_when_they_are_written(db: &Db) {
    let first = seal(db).unwrap();
    write(db, |_| ());
    let caller =
        Arc::new(Caller { principal: Principal::Anonymous, policies: Policies::default() });
    // The ids are written in another order than they sort in.
    let records = [3, 1, 2].map(|later| {
        let (action, all) = ("sso:ListInstances", "*".to_owned());
        AuditRecord::new(&caller, stamp(NOW_MS + later), action, all, None, AuditEvent::new())
    });
    let second = db.record_sealed(&records, NOW_MS, &sign).unwrap();
    assert_eq!((second.number, second.event_count), (2, 3));
    read(db, |read| {
        let events = list_events(read, 2);
        assert_eq!(events.iter().map(|event| event.at_ms - NOW_MS).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(second.has_hash_of(&first.hash, &events));
        assert!(events.iter().all(|event| db.proves(event)));
    });
    // The older unsealed events stay unsealed.
    let third = seal(db).unwrap();
    assert_eq!((third.number, third.event_count), (3, 1));
}

fn a_full_digest_leaves_the_rest_for_the_next(db: &Db) {
    for _ in 0..201 {
        write(db, |_| ());
    }
    assert_eq!(read(db, digest::is_due), Ok(true));
    let counts: Vec<_> = std::iter::from_fn(|| seal(db)).map(|digest| digest.event_count).collect();
    assert_eq!(counts, [200, 2]);
}
