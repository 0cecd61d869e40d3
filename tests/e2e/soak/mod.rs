//! A mixed load at an even rate, after which the server is as large as before it.
//!
//! `./test` runs it for half a minute on each engine. `PORTICO_SOAK_SECONDS` and `PORTICO_SOAK_RATE` (turns a second)
//! make it longer and faster:
//!
//!     PORTICO_SOAK_SECONDS=3600 PORTICO_SOAK_RATE=200 cargo test --release -p server --test e2e soak::a_mixed -- --nocapture

mod person;
mod size;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use self::person::{Person, TURNS};
use self::size::Size;
use crate::support::{Installation, Keys, Organization, Portico, Request, number_of};

/// Number of people who use the server at the same time, each on a thread of their own.
const PEOPLE: usize = 4;

/// Number of times that each person takes every turn before the first measurement: caches are filled, and connections
/// open.
const WARM_UP: usize = 4;

/// Length of the load, unless `PORTICO_SOAK_SECONDS` gives another.
const SECONDS: u64 = 30;

/// Number of turns a second of all people together, unless `PORTICO_SOAK_RATE` gives another.
const RATE: u64 = 60;

/// A second, in the unit of turns.
const NANOS: u64 = 1_000_000_000;

/// Time between two lines of what was measured.
const LINE_EVERY: Duration = Duration::from_mins(1);

#[test]
fn a_mixed_load_leaves_the_server_as_it_was_on_sqlite() {
    assert_stays_flat(&Installation::embedded());
}

pub fn assert_stays_flat(installation: &Installation) {
    let length = Duration::from_secs(number_of("PORTICO_SOAK_SECONDS").unwrap_or(SECONDS));
    let rate = number_of("PORTICO_SOAK_RATE").unwrap_or(RATE);
    let portico = installation.serve();
    // The longest keys that there are: an hour's load needs them to its end.
    let said = installation.run(&["admin", "credentials", "--duration", "43200"]);
    let keys = Keys::read(&said.json());
    // It enables the instance, before others ask for it.
    Organization::of(&portico, keys.clone());
    portico.send(&keys.sign("s3", Request::new("PUT", "/soak"), &portico)).ok();
    thread::scope(|scope| {
        let everyone: Vec<_> = (0..PEOPLE)
            .map(|number| {
                let (portico, keys) = (&portico, keys.clone());
                scope.spawn(move || warmed_up(portico, keys, number))
            })
            .collect();
        let everyone = everyone.into_iter().map(|thread| thread.join().unwrap());
        soak(installation, &portico, everyone.collect(), length, rate);
    });
    assert!(portico.terminate().success());
    installation.run(&["audit", "verify"]).ok();
}

fn warmed_up(portico: &Portico, keys: Keys, number: usize) -> Person<'_> {
    let mut person = Person::of(Organization::of(portico, keys), number);
    for turn in 0..WARM_UP * TURNS.len() {
        person.take(turn);
    }
    person
}

/// Lets everyone take their turns at an even rate, and compares the sizes before and after.
fn soak(
    installation: &Installation,
    portico: &Portico,
    everyone: Vec<Person<'_>>,
    length: Duration,
    rate: u64,
) {
    let before = Size::of(installation, portico);
    println!("{} {before}", installation.engine());
    let (begun, turns) = (now(), AtomicUsize::new(0));
    thread::scope(|scope| {
        let threads: Vec<_> = everyone
            .into_iter()
            .map(|mut person| {
                let turns = &turns;
                scope.spawn(move || {
                    loop {
                        let turn = turns.fetch_add(1, Ordering::Relaxed);
                        let due = Duration::from_nanos(u64::try_from(turn).unwrap() * NANOS / rate);
                        if due >= length {
                            break;
                        }
                        pace(begun + due);
                        person.take(turn);
                    }
                })
            })
            .collect();
        let mut line_at = begun + LINE_EVERY;
        while line_at < begun + length && !threads.iter().all(ScopedJoinHandle::is_finished) {
            pace(line_at);
            println!("{} {}", installation.engine(), Size::of(installation, portico));
            line_at += LINE_EVERY;
        }
    });
    let after = Size::of(installation, portico);
    println!("{} {after}, after {} s", installation.engine(), begun.elapsed().as_secs());
    after.assert_flat_since(&before);
}

/// Waits for the time of a turn. Nothing is waited for that the server does.
fn pace(due: Instant) {
    while let Some(left) = due.checked_duration_since(now()).filter(|left| !left.is_zero()) {
        thread::park_timeout(left);
    }
}

#[expect(clippy::disallowed_methods, reason = "a rate is measured by the clock of the test")]
fn now() -> Instant {
    Instant::now()
}
