//! Journal: events of known callers have a bound that strangers do not touch.

use kernel::Portico;
use kernel::audit::verify::verify;
use kernel::journal::{STRANGERS_MAX, Taken, WAITING_MAX};
use kernel::perform::{trace, trace_admitted};
use model::Fault;
use serde_json::json;
use testing::{ACCOUNT, Bench, administrator};

const KNOCK: &str = "sso:ListInstances";

/// Leaves events of strangers, as if their budgets had no end.
fn knock(bench: &Bench, times: usize) {
    bench.as_caller(&Portico::anonymous(), |ctx| {
        for _ in 0..times {
            trace_admitted(ctx, KNOCK, &Fault::Unsigned);
        }
    });
}

#[test]
fn what_could_not_be_written_keeps_strangers_to_their_part() {
    let bench = Bench::new();
    knock(&bench, STRANGERS_MAX + 5);
    let journal = &bench.portico.journal;
    let Taken { records, left_out, .. } = journal.take();
    assert_eq!((records.len(), left_out), (STRANGERS_MAX, 5));
    journal.put_back(records.into_iter());
    journal.begin_second();
    knock(&bench, 10);
    // Known callers have all of their part.
    bench.as_caller(&administrator(ACCOUNT), |ctx| {
        for _ in 0..WAITING_MAX + 7 {
            trace(ctx, KNOCK, &Fault::Unsigned).unwrap();
        }
    });
    let Taken { records, left_out, .. } = journal.take();
    assert_eq!((records.len(), left_out), (WAITING_MAX + STRANGERS_MAX, 17));
}

#[test]
fn a_full_journal_is_told() {
    let bench = Bench::new();
    knock(&bench, STRANGERS_MAX + 5);
    bench.call("AWSOrganizationsV20161128.ListAccounts", &json!({})).unwrap();
    assert_eq!(bench.events(KNOCK).len(), STRANGERS_MAX);
    assert_eq!(bench.events("organizations:ListAccounts").len(), 1);
    let [told] = bench.events("portico:LeaveOut").try_into().unwrap();
    let details =
        r#"{"requestParameters":{"kind":"FULL_JOURNAL"},"responseElements":{"eventsLeftOut":"5"}}"#;
    assert_eq!(told.details, details);
}

#[test]
fn events_that_the_database_has_kept_are_not_written_twice() {
    // Short runs are written one by one, long ones with their digest.
    for count in [5, 300] {
        let bench = Bench::new();
        knock(&bench, count);
        let journal = &bench.portico.journal;
        // The connection ended while the commit was answered, which had taken effect.
        let Taken { records, .. } = journal.take();
        bench.portico.db.record(&records[..count - 2]).unwrap();
        journal.put_back(records.into_iter());
        knock(&bench, 1);
        assert_eq!(bench.events(KNOCK).len(), count + 1);
        assert!(!journal.take().has_failed);
        let report = verify(&bench.portico, None, &mut |_| ()).unwrap();
        assert!(report.is_sound(), "{:?}", report.findings);
    }
}

#[test]
fn reads_are_left_out_if_the_operator_wants_it_and_nothing_else_is() {
    let mut bench = Bench::new();
    let portico = std::sync::Arc::get_mut(&mut bench.portico).unwrap();
    portico.settings.audit_reads = false;
    bench.call("AWSOrganizationsV20161128.ListAccounts", &json!({})).unwrap();
    assert_eq!(bench.events("organizations:ListAccounts").len(), 0);
    let refused = bench.call("AWSOrganizationsV20161128.ListAccounts", &json!({"MaxResults": 999}));
    assert!(refused.is_err());
    assert_eq!(bench.events("organizations:ListAccounts").len(), 1);
    let body = json!({"AccountName": "A", "Email": "a@example.com"});
    bench.call("AWSOrganizationsV20161128.CreateAccount", &body).unwrap();
    assert!(!bench.events("organizations:CreateAccount").is_empty());
}
