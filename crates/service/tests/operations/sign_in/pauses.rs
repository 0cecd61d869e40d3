//! Pauses after failed sign-ins, and who they apply to.

use std::sync::Arc;

use ::sign_in::authenticate::Authentication;
use kernel::passwords::{Passwords, Sitter};
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
    // An unknown client from the network that failed has to wait until the count is free.
    let stranger = bench.sign_in_from("203.0.113.200", "unknown", "alice", "wrong");
    assert_eq!(pause(&stranger), Some(60));
    // The person does not have to wait on a network or in a browser that they used before.
    assert!(is_signed_in(&bench.sign_in_from("192.0.2.1", "new browser", "alice", PASSWORD)));
    assert!(is_signed_in(&bench.sign_in_from("203.0.113.200", BROWSER, "alice", PASSWORD)));
    // Other people do not have to wait either.
    bench.create_person("bob");
    assert!(is_signed_in(&bench.sign_in_from("203.0.113.5", "unknown", "bob", PASSWORD)));
}

#[test]
fn an_attacker_who_asks_all_the_time_does_not_keep_a_person_in_a_new_place_out() {
    let bench = Bench::new();
    bench.create_person("alice");
    let attack = |number: usize| {
        let address = format!("2001:db8:7:{number:x}::1");
        pause(&bench.sign_in_from(&address, "unknown", "alice", "wrong"))
    };
    let person = || bench.sign_in_from("198.51.100.9", "new", "alice", PASSWORD);
    let mut number = 0;
    // Ten minutes of an attempt each second, from another part of one rented network each time.
    for _ in 0..600 {
        number += 1;
        assert!(attack(number).is_none_or(|seconds| seconds <= 60));
        bench.clock.advance(SECOND_MS);
    }
    while attack(number + 1).is_none() {
        number += 1;
    }
    for _ in 0..30 {
        if is_signed_in(&person()) {
            return;
        }
        bench.clock.advance(SECOND_MS);
        attack(number);
    }
    panic!("the person was not heard for half a minute");
}

#[test]
fn networks_that_have_not_failed_are_heard_once_a_pause_whoever_asks_first() {
    let bench = Bench::new();
    bench.create_person("alice");
    let block = |number: usize| format!("10.0.{number}.1");
    for number in 0..36 {
        let heard = (0..31).any(|_| {
            bench.clock.advance(SECOND_MS);
            pause(&bench.sign_in_from(&block(number), "unknown", "alice", "wrong")).is_none()
        });
        assert!(heard, "{number}");
    }
    let mut moments = Vec::new();
    for number in 100..200 {
        let outcome = bench.sign_in_from(&block(number), "unknown", "alice", "wrong");
        moments.push(pause(&outcome).unwrap());
    }
    moments.sort_unstable();
    assert!(moments.iter().all(|seconds| (15..=30).contains(seconds)), "{moments:?}");
    moments.dedup();
    assert!(moments.len() > 10, "{moments:?}");
}

#[test]
fn attempts_at_once_from_many_places_get_no_more_tries_than_one_after_the_other() {
    let bench = Bench::new();
    bench.create_person("alice");
    for number in 0..29 {
        fail(&bench, &format!("203.0.113.{number}"), "alice", 1);
    }
    let heard = |attempt: &(dyn Fn(usize) + Sync)| {
        let work = bench.portico.passwords.work();
        std::thread::scope(|scope| {
            for number in 0..8 {
                scope.spawn(move || attempt(number));
            }
        });
        (bench.portico.passwords.work() - work) / CHEAP.work()
    };
    let one_person = |number| {
        drop(bench.sign_in_from(&format!("10.0.{number}.1"), "unknown", "alice", "wrong"));
    };
    assert_eq!(heard(&one_person), 1);
    for number in 0..59 {
        fail(&bench, "198.51.100.7", &format!("nobody-{number}"), 1);
    }
    let one_place = |number| {
        drop(bench.sign_in_from("198.51.100.7", "unknown", &format!("nobody-{number}"), "wrong"));
    };
    assert_eq!(heard(&one_place), 1);
}

#[test]
fn a_right_password_leaves_the_counts_as_they_were() {
    let bench = Bench::new();
    bench.create_person("alice");
    for number in 0..59 {
        fail(&bench, "198.51.100.7", &format!("nobody-{number}"), 1);
    }
    for _ in 0..3 {
        assert!(is_signed_in(&bench.sign_in_from("198.51.100.7", "new", "alice", PASSWORD)));
    }
    fail(&bench, "198.51.100.7", "nobody", 1);
    assert!(pause(&bench.sign_in_from("198.51.100.7", "unknown", "nobody-60", "wrong")).is_some());
}

/// Pauses tell nobody apart: not who has a one-time password, who has chosen one, and who is no user.
#[test]
fn whoever_has_a_one_time_password_is_paused_as_everybody_is() {
    let bench = Bench::new();
    bench.create_person("chosen");
    bench.one_time_password(&bench.create_user("one-time"));
    let pauses = |name: &str, address: &str| -> Vec<Option<u64>> {
        let attempt = |_| pause(&bench.sign_in_from(address, "unknown", name, "wrong"));
        (0..8).map(attempt).collect()
    };
    let of_nobody = pauses("nobody", "203.0.113.1");
    assert_eq!(of_nobody.iter().filter(|pause| pause.is_none()).count(), 5);
    assert_eq!(pauses("chosen", "203.0.113.2"), of_nobody);
    assert_eq!(pauses("one-time", "203.0.113.3"), of_nobody);
}

#[test]
fn strangers_everywhere_do_not_hold_up_a_one_time_password() {
    let bench = Bench::new();
    let user_id = bench.create_user("alice");
    let once = bench.one_time_password(&user_id);
    for number in 0..40 {
        fail(&bench, &format!("203.0.113.{number}"), "alice", 1);
    }
    let outcome = bench.sign_in_from("203.0.113.0", "unknown", "alice", &once);
    assert!(matches!(outcome, Ok(Authentication::MustSetPassword { .. })), "{outcome:?}");
}

#[test]
fn a_storm_of_strangers_keeps_no_known_person_out() {
    let mut bench = Bench::new();
    bench.create_person("alice");
    let small = Passwords::with_cost(1, 1, CHEAP);
    Arc::get_mut(&mut bench.portico).unwrap().passwords = small;
    let _storm = bench.portico.passwords.take_seat(Sitter::Stranger).unwrap();
    let stranger = bench.sign_in_from("198.51.100.7", "unknown", "alice", PASSWORD);
    assert!(matches!(stranger, Err(Fault::Busy)));
    assert!(is_signed_in(&bench.sign_in("alice", PASSWORD)));
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
