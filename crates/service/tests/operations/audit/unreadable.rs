//! Rows that no server writes: events without an id, and digests that cannot be read. They are told in words,
//! and sealing goes on.

use kernel::Portico;
use kernel::audit::export::{Exported, Span, export};
use kernel::audit::verify::Finding;
use kernel::upkeep::flush_journal;
use serde_json::Value;

use super::Log;

/// A log with three digests of a few events each.
fn log() -> Log {
    let log = Log::new();
    for number in 0..3 {
        log.leave(number);
        log.seal();
    }
    log
}

/// Leaves more events than are written one by one, and seals them. Fails unless all are sealed.
fn go_on(log: &Log) {
    let before = log.verify().events;
    for number in 0..150 {
        log.leave(number);
    }
    log.seal();
    let report = log.verify();
    assert_eq!((report.events, report.unsealed), (before + 150, 0), "{:?}", report.findings);
}

fn exported(log: &Log) -> (Exported, Vec<Value>) {
    let (mut out, span) = (Vec::new(), Span { from_ms: 0, to_ms: i64::MAX });
    let exported = log
        .bench
        .as_caller(&Portico::itself(), |ctx| export(ctx, span, service::is_read, &mut out))
        .unwrap();
    let lines = String::from_utf8(out).unwrap();
    (exported, lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Adds an event of this id.
fn add(log: &Log, id: &str) {
    log.write(&format!(
        "INSERT INTO audit_event SELECT {id}, at_ms, request_id, account_id, caller_arn, identity, action,
            resource, source_address, user_agent, error, details, 0, writer, sequence, mac
        FROM audit_event WHERE sequence = 2 LIMIT 1"
    ));
}

#[test]
fn an_event_without_an_id_is_found_and_stops_nothing() {
    for id in ["''", "NULL"] {
        let log = log();
        add(&log, id);
        assert_eq!(log.verify().findings, [Finding::WithoutId { count: 1 }], "{id}");
        go_on(&log);
        assert_eq!(log.verify().findings, [Finding::WithoutId { count: 1 }], "{id}");
        assert_eq!(exported(&log).0.left_out, 1, "{id}");
        log.write("UPDATE audit_event SET id = NULL WHERE digest = 2");
        assert!(log.verify().findings.len() > 1, "{id}");
    }
}

#[test]
fn an_event_whose_id_is_no_time_is_exported_without_proof() {
    let log = log();
    add(&log, "'x'");
    let (exported, lines) = exported(&log);
    assert_eq!(exported.left_out, 0);
    let odd = lines.iter().find(|line| line["eventID"] == "x").unwrap();
    assert_eq!(odd["proof"], "none");
}

#[test]
fn a_digest_that_cannot_be_read_is_found_and_the_next_follows_the_one_before_it() {
    for change in ["hash = 'x'", "hash = zeroblob(31)", "signature = 'x'", "event_count = 'x'"] {
        let log = log();
        log.write(&format!("UPDATE audit_digest SET {change} WHERE number = 3"));
        assert_eq!(log.verify().findings, [Finding::NoDigest { number: 3 }], "{change}");
        assert_eq!(log.verify().head.unwrap().number, 2);
        log.leave(1);
        log.seal();
        assert_eq!(log.bench.portico.watch.findings(), 1, "{change}");
        go_on(&log);
        let report = log.verify();
        assert_eq!(report.findings, [Finding::NoDigest { number: 3 }], "{change}");
        // It was told once: the end of the digests can be read again.
        assert_eq!(log.bench.portico.watch.findings(), 1, "{change}");
        let (_, lines) = exported(&log);
        assert!(lines.iter().any(|line| line["proof"] == "mac"), "{change}");
        assert!(lines.iter().all(|line| line["proof"] != "none"), "{change}");
    }
}

#[test]
fn a_journal_is_written_while_the_newest_digest_cannot_be_read() {
    let log = log();
    log.write("UPDATE audit_digest SET hash = 'x' WHERE number = 3");
    for number in 0..150 {
        log.leave(number);
    }
    flush_journal(&log.bench.portico).unwrap();
    assert_eq!(log.verify().unsealed, 150);
}

#[test]
fn a_digest_between_others_that_cannot_be_read_is_found() {
    let log = log();
    log.write("UPDATE audit_digest SET hash = 'x' WHERE number = 2");
    let next = Finding::Altered { number: 3 };
    assert_eq!(log.verify().findings, [Finding::NoDigest { number: 2 }, next]);
    go_on(&log);
}

#[test]
fn a_digest_whose_number_is_none_is_found_and_stops_nothing() {
    for number in ["'x'", "2.5", "0", "-1", "NULL"] {
        let log = log();
        log.write(&format!(
            "INSERT INTO audit_digest (number, sealed_at_ms, event_count, hash, signature, format)
            SELECT {number}, sealed_at_ms, event_count, hash, signature, format
            FROM audit_digest WHERE number = 1"
        ));
        assert_eq!(log.verify().findings, [Finding::OddDigests { count: 1 }], "{number}");
        go_on(&log);
    }
}

#[test]
fn a_digest_with_the_highest_number_stops_sealing_loudly() {
    let log = log();
    log.write(
        "INSERT INTO audit_digest (number, sealed_at_ms, event_count, hash, signature, format)
        SELECT 9223372036854775807, sealed_at_ms, event_count, hash, signature, format
        FROM audit_digest WHERE number = 1",
    );
    log.leave(1);
    log.seal();
    assert_eq!(log.bench.portico.watch.findings(), 1);
    let found = log.verify().findings;
    assert!(found.contains(&Finding::Forged { number: i64::MAX }) || found.len() > 1, "{found:?}");
    log.write("DELETE FROM audit_digest WHERE number > 9");
    log.seal();
    go_on(&log);
    assert_eq!(log.verify().findings, []);
}
