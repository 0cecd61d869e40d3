//! Pauses after failed sign-ins, and who they apply to.

use std::sync::Arc;

use ::sign_in::authenticate::Authentication;
use kernel::passwords::Passwords;
use model::Fault;
use testing::Bench;
use testing::people::{BROWSER, CHEAP, PASSWORD};

use super::{SECOND_MS, is_signed_in, is_wrong};

fn pause(outcome: &Result<Authentication, Fault>) -> Option<u64> {
    if let Err(Fault::Throttled { retry_after_seconds }) = outcome {
        return Some(*retry_after_seconds);
    }
    assert!(outcome.is_ok(), "{outcome:?}");
    None
}

/// Fails a number of times from an address, in an unknown browser.
fn fail(bench: &Bench, address: &str, user_name: &str, times: usize) {
    for _ in 0..times {
        let outcome = bench.sign_in_from(address, "unknown", user_name, "wrong");
        assert!(is_wrong(&outcome), "{outcome:?}");
    }
}

#[test]
fn pauses_grow_with_every_wrong_password_and_end() {
    let bench = Bench::new();
    bench.create_person("alice");
    let attempt = |password: &str| bench.sign_in_from("198.51.100.7", "unknown", "alice", password);
    fail(&bench, "198.51.100.7", "alice", 5);
    for seconds in [1, 2, 4, 8] {
        assert_eq!(pause(&attempt(PASSWORD)), Some(seconds));
        bench.clock.advance(i64::try_from(seconds).unwrap() * SECOND_MS);
        assert!(is_wrong(&attempt("wrong")));
    }
    assert_eq!(pause(&attempt("wrong")), Some(16));
    // A refused attempt does not extend the pause.
    assert_eq!(pause(&attempt("wrong")), Some(16));
    bench.clock.advance(16 * SECOND_MS);
    assert!(is_signed_in(&attempt(PASSWORD)));
    // The right password resets the count.
    fail(&bench, "198.51.100.7", "alice", 5);
    assert_eq!(pause(&attempt("wrong")), Some(1));
}

#[test]
fn many_attempts_at_once_get_no_more_tries_than_one_after_the_other() {
    let bench = Bench::new();
    bench.create_person("alice");
    let work = bench.portico.passwords.work();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| bench.sign_in_from("198.51.100.7", "unknown", "alice", "wrong"));
        }
    });
    assert_eq!(bench.portico.passwords.work(), work + 5 * CHEAP.work());
}

#[test]
fn a_refused_attempt_costs_no_hash() {
    let bench = Bench::new();
    fail(&bench, "198.51.100.7", "nobody", 5);
    let work = bench.portico.passwords.work();
    let outcome = bench.sign_in_from("198.51.100.7", "unknown", "nobody", "wrong");
    assert_eq!(pause(&outcome), Some(1));
    assert_eq!(bench.portico.passwords.work(), work);
}

#[test]
fn strangers_everywhere_cannot_keep_a_person_out() {
    let bench = Bench::new();
    bench.create_person("alice");
    for number in 0..30 {
        fail(&bench, &format!("203.0.113.{number}"), "alice", 1);
    }
    // An unknown client from a new network has to wait.
    let stranger = bench.sign_in_from("203.0.113.200", "unknown", "alice", "wrong");
    assert_eq!(pause(&stranger), Some(1));
    // The person does not have to wait on a network or in a browser that they used before.
    assert!(is_signed_in(&bench.sign_in_from("192.0.2.1", "new browser", "alice", PASSWORD)));
    assert!(is_signed_in(&bench.sign_in_from("203.0.113.200", BROWSER, "alice", PASSWORD)));
    // Other people do not have to wait either.
    bench.create_person("bob");
    assert!(is_signed_in(&bench.sign_in_from("203.0.113.5", "unknown", "bob", PASSWORD)));
}

#[test]
fn the_longest_pause_for_a_person_in_a_new_place_is_half_a_minute() {
    let bench = Bench::new();
    bench.create_person("alice");
    for number in 0..60 {
        let address = format!("203.0.113.{number}");
        while let Some(seconds) = pause(&bench.sign_in_from(&address, "unknown", "alice", "wrong"))
        {
            assert!(seconds <= 30);
            bench.clock.advance(i64::try_from(seconds).unwrap() * SECOND_MS);
        }
    }
    bench.clock.advance(30 * SECOND_MS);
    assert!(is_signed_in(&bench.sign_in_from("198.51.100.9", "new", "alice", PASSWORD)));
}

#[test]
fn a_neighbour_behind_the_same_address_cannot_keep_a_person_out() {
    let bench = Bench::new();
    bench.create_person("alice");
    fail(&bench, "192.0.2.1", "alice", 5);
    assert!(pause(&bench.sign_in_from("192.0.2.1", "unknown", "alice", PASSWORD)).is_some());
    assert!(is_signed_in(&bench.sign_in("alice", PASSWORD)));
}

#[test]
fn a_browser_is_known_to_its_own_person_alone() {
    let bench = Bench::new();
    bench.create_person("alice");
    bench.create_person("bob");
    // The count of a known browser is separate and has the same limit.
    for _ in 0..5 {
        assert!(is_wrong(&bench.sign_in("alice", "wrong")));
    }
    assert_eq!(pause(&bench.sign_in("alice", PASSWORD)), Some(1));
    assert!(is_signed_in(&bench.sign_in("bob", PASSWORD)));
    bench.clock.advance(SECOND_MS);
    assert!(is_signed_in(&bench.sign_in("alice", PASSWORD)));
}

#[test]
fn a_place_that_tries_one_name_after_the_other_is_slowed_down() {
    let bench = Bench::new();
    for number in 0..60 {
        fail(&bench, "2001:db8:1:2::7", &format!("user-{number}"), 1);
    }
    // A /64 counts as one network, because one client has all its addresses.
    let outcome = bench.sign_in_from("2001:db8:1:2:ffff::1", "unknown", "user-61", "wrong");
    assert_eq!(pause(&outcome), Some(1));
    fail(&bench, "2001:db8:1:3::1", "user-61", 1);
}

#[test]
fn an_attempt_that_finds_no_room_does_not_count() {
    let mut bench = Bench::new();
    bench.create_person("alice");
    let full = Passwords::with_cost(0, 0, CHEAP);
    let free = std::mem::replace(&mut Arc::get_mut(&mut bench.portico).unwrap().passwords, full);
    for _ in 0..20 {
        let outcome = bench.sign_in_from("198.51.100.7", "unknown", "alice", PASSWORD);
        assert!(matches!(outcome, Err(Fault::Busy)));
    }
    Arc::get_mut(&mut bench.portico).unwrap().passwords = free;
    assert!(is_signed_in(&bench.sign_in_from("198.51.100.7", "unknown", "alice", PASSWORD)));
}

#[test]
fn every_spelling_of_a_name_finds_the_person_and_counts_as_one() {
    let bench = Bench::new();
    bench.create_person("josé");
    let spellings = ["josé", "JOSÉ", "jose\u{301}", "\u{ff4a}osé", "jo\u{200b}sé"];
    for spelling in spellings {
        fail(&bench, "198.51.100.7", spelling, 1);
    }
    let attempt =
        |spelling: &str| bench.sign_in_from("198.51.100.7", "unknown", spelling, PASSWORD);
    for spelling in spellings {
        assert_eq!(pause(&attempt(spelling)), Some(1), "{spelling:?}");
    }
    for spelling in spellings {
        bench.clock.advance(SECOND_MS);
        assert!(is_signed_in(&attempt(spelling)), "{spelling:?}");
    }
}
