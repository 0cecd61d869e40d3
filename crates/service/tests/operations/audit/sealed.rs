//! Verification of sealed events and of their digests.

use std::slice::from_ref;

use kernel::audit::Head;
use kernel::audit::seal::seal_if_many;
use kernel::audit::verify::{Finding, verify};
use kernel::upkeep::flush_journal;

use super::Log;

const SOME: &str = "(SELECT id FROM audit_event WHERE digest = 2 ORDER BY id LIMIT 1 OFFSET 100)";

#[test]
fn events_are_sealed_a_digest_at_a_time_and_proved() {
    let log = Log::sealed();
    let report = log.verify();
    assert_eq!(report.findings, []);
    assert_eq!(report.digests, 3);
    // Events of the founding of the organisation, of the keys, and those left by the test.
    assert!(report.events > 405, "{}", report.events);
    let head = report.head.unwrap();
    assert_eq!(head.number, 3);
    assert_eq!(verify(&log.bench.portico, Some(&head), &mut |_| ()).unwrap().findings, []);

    // Sealing without new events makes no digest; with new events it makes the next one.
    log.seal();
    assert_eq!(log.verify().digests, 3);
    log.leave(0);
    log.seal();
    let report = log.verify();
    assert_eq!((report.findings, report.digests), (Vec::new(), 4));
    assert_eq!(verify(&log.bench.portico, Some(&head), &mut |_| ()).unwrap().findings, []);
}

#[test]
fn what_waits_is_sealed_at_once_when_it_fills_a_digest() {
    let log = Log::new();
    let leave_fifty = || {
        for number in 0..50 {
            log.leave(number);
        }
        flush_journal(&log.bench.portico).unwrap();
        seal_if_many(&log.bench.portico).unwrap();
    };
    leave_fifty();
    assert_eq!(log.verify().digests, 0);
    (0..3).for_each(|_| leave_fifty());
    // 200 events, and the events of the organisation and the keys.
    assert_eq!(log.verify().digests, 2);
}

#[test]
fn many_reads_are_sealed_when_they_are_written() {
    let log = Log::new();
    for number in 0..299 {
        log.leave(number);
    }
    flush_journal(&log.bench.portico).unwrap();
    // The first 200 are sealed; fewer than 100 are left.
    let report = log.verify();
    assert_eq!((report.findings, report.digests), (Vec::new(), 1));
}

/// The finding of a log without this event.
fn gap(log: &Log, id: &str) -> Finding {
    let column =
        |name: &str| log.text(&format!("(SELECT {name} FROM audit_event WHERE id = {id})"));
    let number = column("CAST(sequence AS TEXT)").parse().unwrap();
    Finding::MissingEvents { writer: column("writer"), first: number, last: number }
}

#[test]
fn an_altered_event_is_found_whatever_the_column() {
    let log = Log::sealed();
    let gap = gap(&log, SOME);
    for column in [
        "at_ms = at_ms + 1",
        "request_id = request_id || 'x'",
        "account_id = NULL",
        "account_id = '210987654321'",
        "caller_arn = 'x'",
        "identity = '{}'",
        "action = 'sso:ListInstances'",
        "resource = 'x'",
        "source_address = '198.51.100.1'",
        "user_agent = ''",
        "error = ''",
        "details = '{}'",
        "writer = 'x'",
        "sequence = sequence + 1",
        "mac = zeroblob(32)",
    ] {
        log.write(&format!("CREATE TABLE kept AS SELECT * FROM audit_event WHERE id = {SOME}"));
        let found =
            log.findings_after(&format!("UPDATE audit_event SET {column} WHERE id = {SOME}"));
        let wrong = Finding::WrongMac { id: log.text(SOME) };
        // The event as it was written is not there any more.
        assert_eq!(found, [wrong, Finding::Altered { number: 2 }, gap.clone()], "{column}");
        log.write(&format!(
            "DELETE FROM audit_event WHERE id = {SOME};
            INSERT INTO audit_event SELECT * FROM kept; DROP TABLE kept"
        ));
        assert_eq!(log.verify().findings, [], "{column}");
    }
}

#[test]
fn an_event_that_was_removed_added_or_moved_is_found() {
    let log = Log::sealed();
    let gap = gap(&log, SOME);
    let miscounted = |number, found| Finding::Miscounted { number, sealed: 200, found };
    let one_less = miscounted(2, 199);
    log.write(&format!("CREATE TABLE kept AS SELECT * FROM audit_event WHERE id = {SOME}"));
    log.write("CREATE TABLE all_kept AS SELECT * FROM audit_event");
    let found = log.findings_after("DELETE FROM audit_event WHERE id IN (SELECT id FROM kept)");
    assert_eq!(found, [one_less.clone(), gap.clone()]);
    log.write("INSERT INTO audit_event SELECT * FROM kept");

    let found = log.findings_after(
        "INSERT INTO audit_event SELECT id || 'x', at_ms, request_id, account_id, caller_arn,
            identity, action, resource, source_address, user_agent, error, details, digest,
            writer, sequence, mac
        FROM kept",
    );
    let copy = Finding::WrongMac { id: log.text("(SELECT id || 'x' FROM kept)") };
    assert_eq!(found, [copy, miscounted(2, 201)]);
    log.write("DELETE FROM audit_event WHERE id IN (SELECT id || 'x' FROM kept)");

    // An event is moved out of its digest, to be sealed again with other content.
    let found =
        log.findings_after("UPDATE audit_event SET digest = 0 WHERE id IN (SELECT id FROM kept)");
    assert_eq!(found, from_ref(&one_less));
    let found =
        log.findings_after("UPDATE audit_event SET digest = 1 WHERE id IN (SELECT id FROM kept)");
    assert_eq!(found, [miscounted(1, 201), one_less]);
    log.write("UPDATE audit_event SET digest = 2 WHERE id IN (SELECT id FROM kept)");

    // Two events are swapped.
    let first_gap = self::gap(&log, "(SELECT MIN(id) FROM audit_event WHERE digest = 2)");
    let found = log.findings_after(
        "UPDATE audit_event SET id = 'x' WHERE id IN (SELECT id FROM kept);
        UPDATE audit_event SET id = (SELECT id FROM kept)
            WHERE id = (SELECT MIN(id) FROM audit_event WHERE digest = 2);
        UPDATE audit_event SET id = (SELECT MIN(id) FROM all_kept WHERE digest = 2)
            WHERE id = 'x'",
    );
    let wrong = |id| Finding::WrongMac { id };
    let first = wrong(log.text("(SELECT MIN(id) FROM all_kept WHERE digest = 2)"));
    let second = wrong(log.text("(SELECT id FROM kept)"));
    assert_eq!(found, [first, second, Finding::Altered { number: 2 }, first_gap, gap]);
}

#[test]
fn a_digest_that_was_removed_or_forged_is_found() {
    let log = Log::sealed();
    log.write("CREATE TABLE kept AS SELECT * FROM audit_digest");
    let back = "DELETE FROM audit_digest; INSERT INTO audit_digest SELECT * FROM kept";
    let missing = |number| Finding::MissingDigest { number };
    let (altered, forged) = (Finding::Altered { number: 2 }, Finding::Forged { number: 2 });

    assert_eq!(log.findings_after("DELETE FROM audit_digest WHERE number = 1"), [missing(1)]);
    log.write(back);
    assert_eq!(log.findings_after("DELETE FROM audit_digest WHERE number = 2"), [missing(2)]);
    log.write(back);
    assert_eq!(log.findings_after("DELETE FROM audit_digest WHERE number = 3"), [missing(3)]);
    log.write(back);
    let all = [missing(1), missing(2), missing(3)];
    assert_eq!(log.findings_after("DELETE FROM audit_digest"), all);
    log.write(&back.replace("DELETE FROM audit_digest; ", ""));

    let time = "UPDATE audit_digest SET sealed_at_ms = 0 WHERE number = 2";
    assert_eq!(log.findings_after(time), from_ref(&altered));
    log.write(back);
    let hash = "UPDATE audit_digest SET hash = zeroblob(32) WHERE number = 2";
    // The following digest no longer matches either.
    let next = Finding::Altered { number: 3 };
    assert_eq!(log.findings_after(hash), [altered, forged.clone(), next]);
    log.write(back);
    let signature = "UPDATE audit_digest SET signature = zeroblob(64) WHERE number = 2";
    assert_eq!(log.findings_after(signature), [forged]);
    log.write(back);
    assert_eq!(log.verify().findings, []);
}

#[test]
fn an_end_that_was_cut_off_is_found_by_a_head_that_was_kept() {
    let log = Log::sealed();
    log.leave(0);
    log.seal();
    let head = log.verify().head.unwrap();
    let gap = gap(&log, "(SELECT id FROM audit_event WHERE digest = 4)");
    log.write(
        "DELETE FROM audit_event WHERE digest = 4; DELETE FROM audit_digest WHERE number = 4",
    );
    // The log by itself does not show the truncation.
    assert_eq!(log.verify().findings, []);
    let gone = Finding::OtherHead { number: 4 };
    let ends = Finding::EndsBefore { number: 4, last: 3 };
    assert_eq!(verify(&log.bench.portico, Some(&head), &mut |_| ()).unwrap().findings, [ends]);
    // A new digest with the same number has another hash, and the lane goes on behind a gap.
    log.leave(0);
    log.seal();
    assert_eq!(log.verify().digests, 4);
    assert_eq!(
        verify(&log.bench.portico, Some(&head), &mut |_| ()).unwrap().findings,
        [gone, gap.clone()]
    );
    let other = Head { number: 2, hash: head.hash };
    let found = verify(&log.bench.portico, Some(&other), &mut |_| ()).unwrap().findings;
    assert_eq!(found, [Finding::OtherHead { number: 2 }, gap]);
}

#[test]
fn the_findings_are_sentences() {
    let found = Finding::Miscounted { number: 7, sealed: 10, found: 9 };
    assert_eq!(found.to_string(), "Digest 7 sealed 10 events, and 9 are there.");
    let ends = |last| Finding::EndsBefore { number: 23, last }.to_string();
    assert_eq!(ends(20), "Digest 23 is missing; the log ends with 20.");
    assert_eq!(ends(0), "Digest 23 is missing; the log has no digest.");
}

#[test]
fn a_head_reads_back_as_it_was_written() {
    let head = Head { number: 12, hash: [0xA5; 32] };
    assert_eq!(head.to_string(), format!("12:{}", "a5".repeat(32)));
    assert_eq!(head.to_string().parse(), Ok(head));
    for text in ["", "1", "1:", "0:aa", "x:aa", "1:ä", &format!("1:{}", "+1".repeat(32))] {
        assert!(text.parse::<Head>().is_err(), "{text}");
    }
}
