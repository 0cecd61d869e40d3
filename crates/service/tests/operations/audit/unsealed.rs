//! Verification of events that no digest seals yet, and of rows that are kept out of every digest.

use kernel::audit::verify::Finding;
use kernel::upkeep::flush_journal;

use super::Log;

/// The last row but one of those that no digest seals.
const SOME: &str =
    "(SELECT id FROM audit_event WHERE digest = 0 ORDER BY id DESC LIMIT 1 OFFSET 1)";

/// A log with one digest and some unsealed events.
fn log() -> Log {
    let log = Log::new();
    log.leave(1);
    log.seal();
    for number in 0..5 {
        log.leave(number);
    }
    flush_journal(&log.bench.portico).unwrap();
    let report = log.verify();
    assert_eq!((report.findings.as_slice(), report.unsealed), ([].as_slice(), 5));
    log.write("CREATE TABLE kept AS SELECT * FROM audit_event");
    log
}

impl Log {
    /// Manipulates the file, returns the findings, and undoes the manipulation.
    fn findings_of(&self, sql: &str) -> Vec<Finding> {
        let found = self.findings_after(sql);
        self.write("DELETE FROM audit_event; INSERT INTO audit_event SELECT * FROM kept");
        assert_eq!(self.verify().findings, []);
        found
    }

    /// The lane and the number of an event.
    fn place(&self, id: &str) -> (String, i64) {
        let column = |name| self.text(&format!("(SELECT {name} FROM kept WHERE id = {id})"));
        (column("writer"), column("CAST(sequence AS TEXT)").parse().unwrap())
    }
}

#[test]
fn the_age_of_what_is_not_sealed_is_told() {
    let log = log();
    log.bench.clock.advance(70_000);
    let report = log.verify();
    assert_eq!((report.unsealed, report.oldest_unsealed_ms), (5, 70_004));
    log.seal();
    assert_eq!((log.verify().unsealed, log.verify().oldest_unsealed_ms), (0, 0));
}

#[test]
fn an_event_that_was_altered_before_its_digest_is_found_whatever_the_column() {
    let log = log();
    for column in [
        "at_ms = at_ms + 1",
        "request_id = 'x'",
        "account_id = NULL",
        "caller_arn = 'x'",
        "identity = '{}'",
        "action = 'sso:ListInstances'",
        "resource = 'x'",
        "source_address = '198.51.100.1'",
        "user_agent = ''",
        "error = ''",
        "details = '{}'",
        "mac = zeroblob(32)",
    ] {
        let found = log.findings_of(&format!("UPDATE audit_event SET {column} WHERE id = {SOME}"));
        // Its number counts as missing, because nothing proves it any more.
        let (writer, number) = log.place(SOME);
        let gap = Finding::MissingEvents { writer, first: number, last: number };
        assert_eq!(found, [Finding::WrongMac { id: log.text(SOME) }, gap], "{column}");
    }
}

#[test]
fn an_event_that_was_added_is_found_wherever_it_is() {
    let log = log();
    for digest in ["0", "-1", "-5", "1", "77", "0.5", "'x'", "9223372036854775807"] {
        let found = log.findings_of(&format!(
            "INSERT INTO audit_event SELECT 'x', at_ms, request_id, account_id, caller_arn, identity,
                'sso:Forged', resource, source_address, user_agent, error, details, {digest}, writer,
                sequence, mac
            FROM kept WHERE id = {SOME}"
        ));
        let is_named = found.iter().any(|finding| {
            matches!(finding, Finding::WrongMac { id } | Finding::NoEvent { id } if id == "x")
        });
        assert!(is_named, "{digest}: {found:?}");
    }
    // Rows without a MAC are not taken for those of an earlier version.
    let found = log.findings_of(
        "INSERT INTO audit_event SELECT 'x', at_ms, request_id, account_id, caller_arn, identity,
            action, resource, source_address, user_agent, error, details, 0, '', 0, NULL
        FROM kept LIMIT 1",
    );
    assert_eq!(found, [Finding::NoMac { id: "x".to_owned() }]);
}

#[test]
fn an_event_that_was_parked_or_removed_is_found() {
    let log = log();
    let (writer, number) = log.place(SOME);
    let gap = |first, last| Finding::MissingEvents { writer: writer.clone(), first, last };
    let found = log.findings_of(&format!("DELETE FROM audit_event WHERE id = {SOME}"));
    assert_eq!(found, [gap(number, number)]);
    let found = log.findings_of("DELETE FROM audit_event WHERE digest = 1");
    assert_eq!(found[0], Finding::Miscounted { number: 1, sealed: number - 4, found: 0 });
    assert_eq!(found[1..], [gap(1, number - 4)]);
    let found = log.findings_of(&format!("UPDATE audit_event SET digest = -5 WHERE id = {SOME}"));
    assert_eq!(found, [Finding::Parked { id: log.text(SOME) }]);
    let found = log.findings_of(&format!("UPDATE audit_event SET digest = 9 WHERE id = {SOME}"));
    assert_eq!(found, [Finding::MissingDigest { number: 9 }]);
}

#[test]
fn an_emptied_log_is_found() {
    let log = log();
    let found = log.findings_after("DELETE FROM audit_event; DELETE FROM audit_digest");
    assert_eq!(found, [Finding::Empty]);
}

#[test]
fn many_findings_are_counted() {
    let log = log();
    log.write(
        "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 2500)
        INSERT INTO audit_event SELECT 'x' || n, at_ms, request_id, account_id, caller_arn, identity,
            action, resource, source_address, user_agent, error, details, 0, writer, sequence, mac
        FROM many, (SELECT * FROM kept LIMIT 1)",
    );
    let report = log.verify();
    assert_eq!((report.findings.len(), report.more_findings), (100, 2400));
    assert_eq!(report.unsealed, 2505);
    // Sealing sets them aside, and seals the others.
    log.seal();
    let report = log.verify();
    assert_eq!((report.findings.len(), report.more_findings), (100, 2400));
    assert_eq!((report.unsealed, report.digests), (0, 2));
    assert_eq!(log.bench.portico.watch.findings(), 2500);
}
