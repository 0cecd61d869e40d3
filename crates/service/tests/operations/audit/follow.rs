//! Following the sealed log, while it grows and moves into files.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use kernel::Portico;
use kernel::audit::follow::{Follow, Start};
use kernel::audit::position::Position;
use model::Fault;
use serde_json::Value;
use testing::START_MS;

use super::archive::{Archive, DAY_MS};
use super::removal::removed;

/// Follows the log until `goes_on` says no, which is asked with the number of the pause.
fn follow(
    archive: &Archive,
    start: Start,
    goes_on: impl Fn(u32) -> bool,
) -> Result<Vec<Value>, Fault> {
    let out = RefCell::new(Vec::new());
    let pauses = Cell::new(0);
    let wait = |pause: Duration| {
        let is_idle = pause > Duration::ZERO;
        pauses.set(pauses.get() + u32::from(is_idle));
        !is_idle || goes_on(pauses.get())
    };
    archive.bench.as_caller(&Portico::itself(), |ctx| {
        let follow = Follow::begin(ctx, start)?;
        let left_out = follow.write(ctx, service::is_read, &mut *out.borrow_mut(), &wait)?;
        assert_eq!(left_out, 0);
        Ok(())
    })?;
    let text = String::from_utf8(out.into_inner()).unwrap();
    Ok(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn all(archive: &Archive) -> Vec<Value> {
    follow(archive, Start::At { from_ms: 0 }, |_| false).unwrap()
}

fn places(lines: &[Value]) -> Vec<(i64, String)> {
    let place = |line: &Value| {
        (line["digest"].as_i64().unwrap(), line["eventID"].as_str().unwrap().to_owned())
    };
    lines.iter().map(place).collect()
}

#[test]
fn events_come_once_and_in_order_while_they_are_sealed_and_move() {
    let archive = Archive::new();
    archive.day();
    archive.day();
    let lines = follow(&archive, Start::At { from_ms: 0 }, |pause| {
        archive.bench.clock.advance(DAY_MS);
        match pause {
            1 | 3 => archive.move_all(),
            2 => archive.day(),
            4 => {
                archive.write(3);
                archive.seal();
            }
            _ => return false,
        }
        true
    });
    let followed = places(&lines.unwrap());
    assert!(archive.count("audit_archive WHERE state = 'MOVED'") > 1);
    assert!(followed.is_sorted() && followed.len() > 400);
    let mut once = followed.clone();
    once.dedup();
    assert_eq!(once, followed);
    let exported = archive.export(kernel::audit::export::Span::between(None, None).unwrap()).0;
    let mut sealed: Vec<Value> =
        exported.into_iter().filter(|line| line["digest"].is_i64()).collect();
    sealed.retain(|line| line["digest"].as_i64() <= followed.last().map(|last| last.0));
    let mut sealed = places(&sealed);
    sealed.sort();
    assert_eq!(sealed, followed);
}

#[test]
fn a_reader_goes_on_behind_any_event() {
    let archive = Archive::moved(1);
    let lines = all(&archive);
    assert!(archive.count("audit_event WHERE digest > 0") > 0);
    for (place, line) in
        lines.iter().enumerate().step_by(37).chain([(lines.len() - 1, &lines[lines.len() - 1])])
    {
        let (digest, id) = places(std::slice::from_ref(line)).remove(0);
        let behind = Position { digest, event: Some(id) };
        let rest = follow(&archive, Start::Behind(behind), |_| false).unwrap();
        assert_eq!(rest, lines[place + 1..], "{place}");
        let of_later: Vec<&Value> =
            lines.iter().filter(|line| line["digest"].as_i64() > Some(digest)).collect();
        let rest = follow(&archive, Start::Behind(Position::behind(digest)), |_| false).unwrap();
        assert_eq!(rest.iter().collect::<Vec<_>>(), of_later);
    }
}

#[test]
fn a_follower_begins_with_a_moment() {
    let archive = Archive::new();
    archive.day();
    archive.day();
    let from_ms = START_MS + DAY_MS;
    let lines = follow(&archive, Start::At { from_ms }, |_| false).unwrap();
    let (from, all) = ("2027-01-16T08:00:00.000Z", all(&archive));
    let is_later = |line: &&Value| line["eventTime"].as_str().unwrap() >= from;
    assert_eq!(lines.iter().collect::<Vec<_>>(), all.iter().filter(is_later).collect::<Vec<_>>());
    assert!(lines.len() > 100 && lines.len() < all.len());
}

#[test]
fn a_place_that_the_log_has_not_or_no_more_is_refused() {
    let archive = removed();
    let last = archive.count("audit_digest") + 3;
    let refused = |digest| {
        let refused = follow(&archive, Start::Behind(Position::behind(digest)), |_| false);
        let Fault::Invalid { field, must } = refused.unwrap_err() else { panic!() };
        assert_eq!(field, "--after");
        must
    };
    assert!(refused(last + 1).contains(&format!("ends with digest {last}")));
    assert!(refused(1).contains("be 3 or later"));
    // From the beginning there is only what is left.
    assert!(all(&archive)[0]["digest"].as_i64() > Some(1));
}
