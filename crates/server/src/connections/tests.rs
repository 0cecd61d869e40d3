//! The shares of connections, and who makes room for whom.

use std::sync::Arc;

use model::source_network::Networks;
use tokio::sync::oneshot;

use super::connection::Stage;
use super::testing::connections;
use super::{Admission, Connection, Connections, Phase, Underway, admit};

struct Open {
    connection: Arc<Connection>,
    displaced: oneshot::Receiver<()>,
}

impl Open {
    fn is_displaced(&mut self) -> bool {
        self.displaced.try_recv().is_ok()
    }
}

fn open(all: &Arc<Connections>, address: &str) -> Result<Open, bool> {
    match admit(all, &Networks::of(address)) {
        Admission::Admitted(connection, displaced) => Ok(Open { connection, displaced }),
        Admission::Displacing => Err(true),
        Admission::Refused => Err(false),
    }
}

#[test]
fn an_address_over_its_share_displaces_its_own_oldest() {
    let all = connections(2);
    let mut other = open(&all, "198.51.100.1").ok().unwrap();
    let mut own: Vec<Open> = (0..2).map(|_| open(&all, "192.0.2.1").ok().unwrap()).collect();
    assert!(matches!(open(&all, "192.0.2.1"), Err(true)));
    assert!(!other.is_displaced());
    assert_eq!(own.iter_mut().map(Open::is_displaced).collect::<Vec<_>>(), [true, false]);
    // The place is free when the connection has ended.
    own.remove(0);
    assert!(open(&all, "192.0.2.1").is_ok());
    assert_eq!((all.displaced(), all.refused()), (1, 0));
}

#[test]
fn a_block_over_its_share_displaces_one_of_its_own() {
    let all = connections(2);
    let mut other = open(&all, "198.51.100.1").ok().unwrap();
    let mut own: Vec<Open> =
        (1..=8).map(|host| open(&all, &format!("192.0.2.{host}")).ok().unwrap()).collect();
    assert!(matches!(open(&all, "192.0.2.9"), Err(true)));
    assert!(own[0].is_displaced() && !other.is_displaced());
}

#[test]
fn when_all_is_taken_the_one_that_waits_the_longest_is_displaced() {
    let all = connections(2);
    let mut open_ones: Vec<Open> =
        (0..16).map(|number| open(&all, &format!("10.0.{number}.1")).ok().unwrap()).collect();
    // The first answers a request, the second receives a body, the third has been used since.
    assert!(
        open_ones[0].connection.begin(Stage::Busy)
            && open_ones[1].connection.begin(Stage::Collecting)
    );
    assert!(open_ones[2].connection.begin(Stage::Busy));
    open_ones[2].connection.end(Stage::Busy, true);
    assert!(matches!(open(&all, "10.1.0.1"), Err(true)));
    let displaced = open_ones.iter_mut().position(Open::is_displaced);
    assert_eq!(displaced, Some(3));
    assert!(!open_ones[3].connection.begin(Stage::Busy));
}

#[test]
fn a_body_on_its_way_is_displaced_if_nothing_idle_is_left() {
    let all = connections(2);
    let mut own: Vec<Open> = (0..2).map(|_| open(&all, "192.0.2.1").ok().unwrap()).collect();
    assert!(own.iter().all(|open| open.connection.begin(Stage::Collecting)));
    own[0].connection.answer_now();
    assert!(matches!(open(&all, "192.0.2.1"), Err(true)));
    assert!(own[1].is_displaced() && !own[0].is_displaced());
}

#[test]
fn requests_that_are_being_answered_are_never_displaced() {
    let all = connections(2);
    let mut own: Vec<Open> = (0..2).map(|_| open(&all, "192.0.2.1").ok().unwrap()).collect();
    assert!(own.iter().all(|open| open.connection.begin(Stage::Busy)));
    assert!(matches!(open(&all, "192.0.2.1"), Err(false)));
    assert!(!own.iter_mut().any(Open::is_displaced));
    assert_eq!((all.displaced(), all.refused(), all.count()), (0, 1, 2));
}

#[test]
fn proxies_may_take_all_but_the_reserve() {
    let all = connections(2);
    let proxies = Networks::of_proxies();
    let mut held = Vec::new();
    while let Admission::Admitted(connection, _) = admit(&all, &proxies) {
        assert!(connection.begin(Stage::Busy));
        held.push(connection);
    }
    assert_eq!(held.len(), 14);
    assert!(open(&all, "192.0.2.1").is_ok());
    drop(held);
    assert_eq!(all.count(), 0);
}

#[test]
fn requests_that_share_a_connection_are_one_phase_of_it() {
    let all = connections(1);
    let mut open = open(&all, "192.0.2.1").ok().unwrap();
    let connection = Arc::clone(&open.connection);
    let begin = |has_body| Underway::begin(&connection, has_body, 0).unwrap();
    let (first, second) = (begin(true), begin(true));
    let collecting = connection.phase();
    assert!(matches!(collecting, Phase::Collecting(_)));
    first.answer_now();
    first.answer_now();
    assert_eq!(connection.phase(), Phase::Busy);
    assert!(matches!(self::open(&all, "192.0.2.1"), Err(false)));
    first.end(true);
    first.end(true);
    assert!(matches!(connection.phase(), Phase::Collecting(_)));
    // Further bodies do not make the connection a younger one.
    let before = connection.phase();
    let third = begin(true);
    assert_eq!(connection.phase(), before);
    second.end(true);
    third.end(false);
    assert!(matches!(connection.phase(), Phase::Waiting(_)));
    assert!(matches!(self::open(&all, "192.0.2.1"), Err(true)) && open.is_displaced());
    assert!(Underway::begin(&connection, false, 0).is_none());
}
