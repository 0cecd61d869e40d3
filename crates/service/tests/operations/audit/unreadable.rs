//! Rows that no server writes: events with odd ids, and digests that cannot be read. They are told in words,
//! and sealing goes on.

use kernel::Portico;
use kernel::audit::export::{Exported, Span, export};
use kernel::audit::verify::Finding;
use kernel::key_ring::ROTATE_AFTER_MS;
use kernel::upkeep::{every_minute, flush_journal};
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

/// Ids that no server gives: none, bytes, and text that is no UTF-8 and sorts before and behind all others.
const ODD_IDS: [&str; 8] = [
    "''",
    "NULL",
    "X'30'",
    "CAST(X'2FFF' AS TEXT)",
    "CAST(X'30FF' AS TEXT)",
    "CAST(X'FF' AS TEXT)",
    "CAST(X'3000FF' AS TEXT)",
    "char(233)",
];

#[test]
fn an_event_with_an_odd_id_is_found_and_stops_nothing() {
    for id in ODD_IDS {
        let log = log();
        let whole = exported(&log).0;
        // The export left an event of its own.
        log.seal();
        add(&log, id);
        assert_eq!(log.verify().findings, [Finding::OddIds { count: 1 }], "{id}");
        let expected = Exported { events: whole.events + 1, left_out: 1, flaws: Vec::new() };
        assert_eq!(exported(&log).0, expected, "{id}");
        log.seal();
        go_on(&log);
        assert_eq!(log.verify().findings, [Finding::OddIds { count: 1 }], "{id}");
        assert_eq!(log.bench.portico.watch.findings(), 1, "{id}");
        log.write("UPDATE audit_event SET id = NULL WHERE digest = 2");
        assert!(log.verify().findings.len() > 1, "{id}");
    }
}

#[test]
fn many_odd_ids_hide_no_row_behind_them() {
    for digest in ["0", "-1", "1", "77"] {
        let log = log();
        log.write(&format!(
            "INSERT INTO audit_event
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)
                SELECT '/' || CAST(X'FF' AS TEXT) || i, at_ms, request_id, account_id, caller_arn, identity,
                    action, resource, source_address, user_agent, error, details, {digest}, writer, sequence, mac
                FROM n, (SELECT * FROM audit_event WHERE sequence = 2)"
        ));
        log.write(&format!(
            "UPDATE audit_event SET digest = {digest}, action = 'x' WHERE sequence = 3"
        ));
        let report = log.verify();
        let is_told = |found: &Finding| matches!(found, Finding::WrongMac { .. });
        assert!(report.findings.iter().any(is_told), "{digest}: {:?}", report.findings);
        assert!(report.findings.contains(&Finding::OddIds { count: 1100 }), "{digest}");
        let (exported, lines) = exported(&log);
        assert_eq!((exported.left_out, lines.len() as u64), (1100, exported.events));
        assert!(lines.iter().any(|line| line["proof"] == "none"), "{digest}");
        log.seal();
        let aside = log.text("CAST(COUNT(*) AS TEXT) FROM audit_event WHERE digest = 0");
        assert_eq!(aside, "0", "{digest}");
    }
}

#[test]
fn a_table_that_marks_other_rows_is_told_and_stops_no_other_duty() {
    for (event, outcome) in [("IGNORE", true), ("ABORT, 'no'", false)] {
        let log = log();
        let bench = &log.bench;
        every_minute(&bench.portico).unwrap();
        log.write(&format!(
            "CREATE TRIGGER other BEFORE UPDATE ON audit_event WHEN NEW.digest > 0
            BEGIN SELECT RAISE({event}); END"
        ));
        log.leave(1);
        flush_journal(&bench.portico).unwrap();
        bench.clock.advance(ROTATE_AFTER_MS + 1);
        assert_eq!(every_minute(&bench.portico).is_ok(), outcome, "{event}");
        assert!(bench.portico.watch.findings() > 0, "{event}");
        assert_eq!(
            log.text("CAST(COUNT(DISTINCT number) AS TEXT) FROM master_key"),
            "2",
            "{event}"
        );
        log.write("CREATE TEMP TABLE unused (a); DROP TRIGGER other");
        log.seal();
        assert_eq!((log.verify().unsealed, log.verify().findings), (0, vec![]), "{event}");
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
