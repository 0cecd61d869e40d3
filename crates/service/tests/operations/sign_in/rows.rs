//! Rows of counters that strangers leave: how many, and for how long.

use std::sync::Arc;

use ::sign_in::authenticate::Authentication;
use kernel::passwords::Passwords;
use kernel::sessions::sweep::sweep;
use model::source_network::Networks;
use model::{Clock, Fault};
use testing::Bench;
use testing::people::{BROWSER, CHEAP, PASSWORD};

use super::{SECOND_MS, is_signed_in, is_wrong};

const MINUTE_MS: i64 = 60 * SECOND_MS;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Number of attempts, each for a name of its own and from another address, until a pause.
fn tries(bench: &Bench, address: impl Fn(usize) -> String) -> usize {
    let attempt = |number| {
        bench.sign_in_from(&address(number), "unknown", &format!("nobody-{number}"), "wrong")
    };
    let paused = (0..500).find(|number| match attempt(*number) {
        Ok(Authentication::Wrong) => false,
        Err(Fault::Throttled { retry_after_seconds: 1 }) => true,
        other => panic!("{other:?}"),
    });
    paused.unwrap()
}

#[test]
fn an_attempt_that_finds_no_room_leaves_no_row() {
    let mut bench = Bench::new();
    let full = Passwords::with_cost(0, 0, CHEAP);
    Arc::get_mut(&mut bench.portico).unwrap().passwords = full;
    for number in 0..20 {
        let name = format!("nobody-{number}");
        let outcome = bench.sign_in_from("198.51.100.7", "unknown", &name, "wrong");
        assert!(matches!(outcome, Err(Fault::Busy)));
    }
    bench.clock.advance(100 * DAY_MS);
    assert_eq!(sweep(&bench.portico), Ok(0));
}

#[test]
fn rows_go_when_their_counts_have_decayed() {
    let bench = Bench::new();
    assert_eq!(tries(&bench, |_| "2001:db8:7:1::1".to_owned()), 60);
    // A failure of each user decays in a minute, one of a user from a block in 5, and those of the three networks in 2.5
    // to 10 minutes.
    for (minutes, gone) in [(1, 60), (9, 63), (5, 60)] {
        assert_eq!(sweep(&bench.portico), Ok(0), "{minutes}");
        bench.clock.advance(minutes * MINUTE_MS + 1);
        assert_eq!(sweep(&bench.portico), Ok(gone), "{minutes}");
    }
    bench.clock.advance(DAY_MS);
    assert_eq!(sweep(&bench.portico), Ok(0));
}

#[test]
fn a_rented_network_is_slowed_down_as_a_whole_and_known_people_in_it_are_not() {
    let bench = Bench::new();
    bench.create_person("alice");
    let home = "2001:db8:7:1::1";
    assert!(is_signed_in(&bench.sign_in_from(home, "at home", "alice", PASSWORD)));
    assert_eq!(tries(&bench, |number| format!("2001:db8:9:{:x}::1", number % 256)), 120);
    assert_eq!(tries(&bench, |number| format!("2001:db8:7:{:x}::1", number << 8)), 240);
    assert_eq!(tries(&bench, |number| format!("203.0.113.{number}")), 240);
    for (address, browser) in [(home, "another"), ("2001:db8:7:fff::1", BROWSER)] {
        assert!(is_signed_in(&bench.sign_in_from(address, browser, "alice", PASSWORD)));
    }
    assert!(is_wrong(&bench.sign_in_from("198.51.100.1", "unknown", "alice", "wrong")));
    bench.clock.advance(SECOND_MS);
    assert!(is_signed_in(&bench.sign_in_from("203.0.113.254", "unknown", "alice", PASSWORD)));
}

#[test]
fn a_user_is_protected_when_no_counter_can_be_begun() {
    let bench = Bench::new();
    bench.create_person("alice");
    let now_ms = bench.clock.now_ms();
    let new_counters = bench.portico.strangers.new_counters();
    let flood = (0..20_000_usize).map(|number| format!("10.{}.{}.1", number / 256, number % 256));
    let taken = flood.filter(|address| new_counters.take(&Networks::of(address), now_ms)).count();
    // The sign-in of alice with a one-time password began two.
    assert_eq!(taken, 16_000 - 2);

    let attempt = |password| bench.sign_in_from("203.0.113.7", "unknown", "alice", password);
    for _ in 0..29 {
        assert!(is_wrong(&attempt("wrong")));
    }
    assert!(is_signed_in(&attempt(PASSWORD)), "and takes the attempt back");
    let stranger = |number: usize| {
        bench.sign_in_from(&format!("198.51.100.{number}"), "another", "alice", "wrong")
    };
    assert!(is_wrong(&stranger(1)));
    let paused = stranger(2);
    assert!(matches!(paused, Err(Fault::Throttled { retry_after_seconds: 1 })), "{paused:?}");
    assert!(is_signed_in(&bench.sign_in("alice", PASSWORD)));
    // Of the strangers there is a count of alice, and those of three addresses and their two blocks.
    bench.clock.advance(40 * MINUTE_MS);
    assert_eq!(sweep(&bench.portico), Ok(5));
}
