//! Audit log in a file, which tests manipulate from outside the program.

use std::slice::from_ref;

use kernel::Portico;
use kernel::audit::Head;
use kernel::audit::export::{Span, export};
use kernel::audit::seal::{seal_due, seal_if_many};
use kernel::audit::verify::{Finding, Report, verify};
use kernel::upkeep::flush_journal;
use rusqlite::Connection;
use serde_json::{Value, json};
use store::Location;
use tempfile::TempDir;
use testing::{ACCOUNT, Bench, START_MS, role};

struct Log {
    bench: Bench,
    folder: TempDir,
}

impl Log {
    /// Makes a log with three digests: two of 1,000 events, and one of the remaining few.
    fn sealed() -> Self {
        let log = Self::new();
        for number in 0..2005 {
            log.leave(number);
        }
        log.seal();
        log
    }

    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = Location::Sqlite(folder.path().join("portico.sqlite"));
        Self { bench: Bench::found(file, true), folder }
    }

    /// Leaves an event in the log.
    fn leave(&self, number: u32) {
        self.bench.clock.advance(1);
        let body = json!({"MaxResults": 1 + number % 20});
        self.bench.call("AWSOrganizationsV20161128.ListAccounts", &body).unwrap();
    }

    fn seal(&self) {
        flush_journal(&self.bench.portico).unwrap();
        seal_due(&self.bench.portico).unwrap();
    }

    fn verify(&self) -> Report {
        verify(&self.bench.portico, None).unwrap()
    }

    /// Manipulates the file and returns the findings of the verification.
    fn findings_after(&self, sql: &str) -> Vec<Finding> {
        self.write(sql);
        self.verify().findings
    }

    /// Manipulates the file from outside the program.
    fn write(&self, sql: &str) {
        let file = Connection::open(self.folder.path().join("portico.sqlite")).unwrap();
        file.execute_batch(sql).unwrap();
        assert!(file.changes() > 0 || sql.starts_with("CREATE TABLE"), "{sql}");
    }
}

const SOME: &str = "(SELECT id FROM audit_event WHERE digest = 2 ORDER BY id LIMIT 1 OFFSET 500)";

#[test]
fn events_are_sealed_a_digest_at_a_time_and_proved() {
    let log = Log::sealed();
    let report = log.verify();
    assert_eq!(report.findings, []);
    assert_eq!(report.digests, 3);
    // Events of the founding of the organisation, of the keys, and those left by the test.
    assert!(report.events > 2005, "{}", report.events);
    let head = report.head.unwrap();
    assert_eq!(head.number, 3);
    assert_eq!(verify(&log.bench.portico, Some(&head)).unwrap().findings, []);

    // Sealing without new events makes no digest; with new events it makes the next one.
    log.seal();
    assert_eq!(log.verify().digests, 3);
    log.leave(0);
    log.seal();
    let report = log.verify();
    assert_eq!((report.findings, report.digests), (Vec::new(), 4));
    assert_eq!(verify(&log.bench.portico, Some(&head)).unwrap().findings, []);
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
    (0..19).for_each(|_| leave_fifty());
    // 1,000 events, and the events of the organisation and the keys.
    assert_eq!(log.verify().digests, 2);
}

#[test]
fn many_reads_are_sealed_when_they_are_written() {
    let log = Log::new();
    for number in 0..1099 {
        log.leave(number);
    }
    flush_journal(&log.bench.portico).unwrap();
    // The first 1,000 are sealed; fewer than 100 are left.
    let report = log.verify();
    assert_eq!((report.findings, report.digests), (Vec::new(), 1));
}

#[test]
fn an_altered_event_is_found_whatever_the_column() {
    let log = Log::sealed();
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
    ] {
        log.write(&format!("CREATE TABLE kept AS SELECT * FROM audit_event WHERE id = {SOME}"));
        let found =
            log.findings_after(&format!("UPDATE audit_event SET {column} WHERE id = {SOME}"));
        assert_eq!(found, [Finding::Altered { number: 2 }], "{column}");
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
    let miscounted = |number, found| Finding::Miscounted { number, sealed: 1000, found };
    let one_less = miscounted(2, 999);
    log.write(&format!("CREATE TABLE kept AS SELECT * FROM audit_event WHERE id = {SOME}"));
    log.write("CREATE TABLE all_kept AS SELECT * FROM audit_event");
    let found = log.findings_after("DELETE FROM audit_event WHERE id IN (SELECT id FROM kept)");
    assert_eq!(found, from_ref(&one_less));
    log.write("INSERT INTO audit_event SELECT * FROM kept");

    let found = log.findings_after(
        "INSERT INTO audit_event SELECT id || 'x', at_ms, request_id, account_id, caller_arn,
            identity, action, resource, source_address, user_agent, error, details, digest,
            writer, sequence, mac
        FROM kept",
    );
    assert_eq!(found, [miscounted(2, 1001)]);
    log.write("DELETE FROM audit_event WHERE id IN (SELECT id || 'x' FROM kept)");

    // An event is moved out of its digest, to be sealed again with other content.
    let found =
        log.findings_after("UPDATE audit_event SET digest = 0 WHERE id IN (SELECT id FROM kept)");
    assert_eq!(found, from_ref(&one_less));
    let found =
        log.findings_after("UPDATE audit_event SET digest = 1 WHERE id IN (SELECT id FROM kept)");
    assert_eq!(found, [miscounted(1, 1001), one_less]);
    log.write("UPDATE audit_event SET digest = 2 WHERE id IN (SELECT id FROM kept)");

    // Two events are swapped.
    let found = log.findings_after(
        "UPDATE audit_event SET id = 'x' WHERE id IN (SELECT id FROM kept);
        UPDATE audit_event SET id = (SELECT id FROM kept)
            WHERE id = (SELECT MIN(id) FROM audit_event WHERE digest = 2);
        UPDATE audit_event SET id = (SELECT MIN(id) FROM all_kept WHERE digest = 2)
            WHERE id = 'x'",
    );
    assert_eq!(found, [Finding::Altered { number: 2 }]);
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
    assert_eq!(log.findings_after("DELETE FROM audit_digest"), [missing(1)]);
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
    let head = log.verify().head.unwrap();
    log.write(
        "DELETE FROM audit_event WHERE digest = 3; DELETE FROM audit_digest WHERE number = 3",
    );
    // The log by itself does not show the truncation.
    assert_eq!(log.verify().findings, []);
    let gone = [Finding::OtherHead { number: 3 }];
    assert_eq!(verify(&log.bench.portico, Some(&head)).unwrap().findings, gone);
    // A new digest with the same number has another hash.
    log.leave(0);
    log.seal();
    assert_eq!(log.verify().digests, 3);
    assert_eq!(verify(&log.bench.portico, Some(&head)).unwrap().findings, gone);
    let other = Head { number: 2, hash: head.hash };
    let found = verify(&log.bench.portico, Some(&other)).unwrap().findings;
    assert_eq!(found, [Finding::OtherHead { number: 2 }]);
}

#[test]
fn the_findings_are_sentences() {
    let found = Finding::Miscounted { number: 7, sealed: 10, found: 9 };
    assert_eq!(found.to_string(), "Digest 7 sealed 10 events, and 9 are there.");
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

fn lines(log: &Log, span: Span) -> Vec<Value> {
    let mut out = Vec::new();
    let count = log
        .bench
        .as_caller(&Portico::itself(), |ctx| export(ctx, span, service::is_read, &mut out))
        .unwrap();
    let lines: Vec<Value> = String::from_utf8(out)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(count, lines.len() as u64);
    lines
}

#[test]
fn events_are_exported_in_the_form_of_cloudtrail() {
    let log = Log::new();
    log.bench.clock.advance(1000);
    let body = json!({"AccountName": "A", "Email": "a@example.com"});
    log.bench.call("AWSOrganizationsV20161128.CreateAccount", &body).unwrap();
    log.bench.clock.advance(1000);
    let caller = role(ACCOUNT, r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#);
    let refused = log.bench.call_as(&caller, "SWBExternalService.CreateInstance", &json!({}));
    assert!(refused.is_err());
    flush_journal(&log.bench.portico).unwrap();

    let to = Span { from_ms: START_MS + 1000, to_ms: START_MS + 2000 };
    let [made] = lines(&log, to).try_into().unwrap();
    assert_eq!(made["eventVersion"], "1.11");
    assert_eq!(made["eventTime"], "2027-01-15T08:00:01.000Z");
    assert_eq!(made["eventSource"], "organizations.amazonaws.com");
    assert_eq!(made["eventName"], "CreateAccount");
    assert_eq!(made["awsRegion"], "us-east-1");
    assert_eq!(made["sourceIPAddress"], "192.0.2.1");
    assert_eq!(made["userAgent"], "test");
    assert_eq!(made["userIdentity"]["type"], "AssumedRole");
    assert_eq!(made["userIdentity"]["accountId"], ACCOUNT);
    assert_eq!(made["requestParameters"]["accountName"], "A");
    assert!(made["responseElements"]["createAccountRequestId"].is_string());
    assert_eq!((&made["readOnly"], &made["eventType"]), (&false.into(), &"AwsApiCall".into()));
    assert_eq!(made["recipientAccountId"], ACCOUNT);
    assert!(made.get("errorCode").is_none() && made["eventID"].is_string());

    let from = Span { from_ms: START_MS + 2000, to_ms: i64::MAX };
    let later = lines(&log, from);
    let denied = later.iter().find(|event| event["eventName"] == "CreateInstance").unwrap();
    assert_eq!(denied["errorCode"], "AccessDenied");
    assert!(denied["errorMessage"].as_str().unwrap().contains("sso:CreateInstance"));
    assert_eq!(denied["requestParameters"], Value::Null);
    let arn = denied["resources"][0]["ARN"].as_str().unwrap();
    assert!(arn.starts_with("arn:aws:sso:::instance/"));
    // The exports leave events too.
    let again = lines(&log, from);
    let exports = again.iter().filter(|event| event["eventName"] == "ExportAudit").count();
    assert_eq!(exports, 3);
}

#[test]
fn a_span_is_read_from_two_moments() {
    let span = Span::between(Some("2027-01-15T08:00:01Z"), None).unwrap();
    assert_eq!((span.from_ms, span.to_ms), (START_MS + 1000, i64::MAX));
    let span = Span::between(None, Some("2027-01-15T09:00:01+01:00")).unwrap();
    assert_eq!((span.from_ms, span.to_ms), (0, START_MS + 1000));
    assert!(Span::between(Some("yesterday"), None).is_err());
    assert!(Span::between(Some("2027-01-15T08:00:01Z"), Some("2027-01-15T08:00:01Z")).is_err());
}
