//! Journal: limits for events of unauthenticated callers.

use kernel::Portico;
use kernel::journal::STRANGERS_MAX;
use kernel::perform::trace;
use model::Fault;
use serde_json::json;
use testing::Bench;

const KNOCK: &str = "sso-oauth:CreateToken";

fn knock(bench: &Bench, times: usize) {
    bench.as_caller(&Portico::anonymous(), |ctx| {
        for _ in 0..times {
            trace(ctx, KNOCK, Some(&Fault::Unsigned)).unwrap();
        }
    });
}

#[test]
fn strangers_drown_nobody_and_what_is_left_out_is_counted() {
    let bench = Bench::new();
    knock(&bench, STRANGERS_MAX + 500);
    bench.call("AWSOrganizationsV20161128.ListAccounts", &json!({})).unwrap();
    assert_eq!(bench.events(KNOCK).len(), STRANGERS_MAX);
    assert_eq!(bench.events("organizations:ListAccounts").len(), 1);
    // The limit per second applies even though the buffer is empty.
    bench.clock.advance(1);
    knock(&bench, 1);
    let [first, second] = bench.events("portico:LeaveOut").try_into().unwrap();
    assert!(first.details.contains(r#""eventsLeftOut":"500""#), "{}", first.details);
    assert!(second.details.contains(r#""eventsLeftOut":"1""#), "{}", second.details);
    bench.portico.journal.begin_second();
    knock(&bench, 1);
    assert_eq!(bench.events(KNOCK).len(), STRANGERS_MAX + 1);
}

#[test]
fn what_could_not_be_written_keeps_strangers_to_their_part() {
    let bench = Bench::new();
    knock(&bench, STRANGERS_MAX);
    let journal = &bench.portico.journal;
    let (records, _) = journal.take();
    journal.put_back(records.into_iter());
    journal.begin_second();
    knock(&bench, 10);
    assert_eq!(journal.take().1, 10);
}
