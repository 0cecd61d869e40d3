//! Journal: events of known callers have a bound that strangers do not touch.

use kernel::Portico;
use kernel::journal::{STRANGERS_MAX, WAITING_MAX};
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
    let (records, left_out) = journal.take();
    assert_eq!((records.len(), left_out), (STRANGERS_MAX, 5));
    journal.put_back(records.into_iter());
    journal.begin_second();
    knock(&bench, 10);
    // Known callers have all of their part.
    bench.as_caller(&administrator(ACCOUNT), |ctx| {
        for _ in 0..WAITING_MAX + 7 {
            trace(ctx, KNOCK, &Fault::UnknownOperation).unwrap();
        }
    });
    let (records, left_out) = journal.take();
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
