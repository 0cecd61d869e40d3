//! Export of the audit log.

use kernel::Portico;
use kernel::audit::export::{Span, export};
use kernel::upkeep::flush_journal;
use serde_json::{Value, json};
use testing::{ACCOUNT, START_MS, role};

use super::Log;

fn lines(log: &Log, span: Span) -> Vec<Value> {
    let mut out = Vec::new();
    let exported = log
        .bench
        .as_caller(&Portico::itself(), |ctx| export(ctx, span, service::is_read, &mut out))
        .unwrap();
    let lines: Vec<Value> = String::from_utf8(out)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!((exported.events, exported.left_out), (lines.len() as u64, 0));
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

#[test]
fn an_exported_event_says_what_proves_it() {
    let log = Log::new();
    log.leave(1);
    log.seal();
    log.bench.clock.advance(1000);
    log.leave(2);
    flush_journal(&log.bench.portico).unwrap();
    let span = Span { from_ms: START_MS, to_ms: i64::MAX };
    let proofs = |log: &Log| -> Vec<String> {
        let lines = lines(log, span);
        lines.iter().map(|line| line["proof"].as_str().unwrap().to_owned()).collect()
    };
    let before = proofs(&log);
    let (unsealed, sealed) = (2, before.len() - 2);
    let expected = |sealed, unsealed| [vec!["sealed"; sealed], vec!["mac"; unsealed]].concat();
    assert_eq!(before, expected(sealed, unsealed));

    for digest in [0, 1, 9] {
        log.write(&format!(
            "INSERT INTO audit_event SELECT '{:012x}-{digest}', at_ms, request_id, account_id,
                caller_arn, identity, action, resource, source_address, user_agent, error, details,
                {digest}, '', 0, NULL
            FROM audit_event WHERE id = (SELECT MIN(id) FROM audit_event)",
            START_MS + 999
        ));
    }
    assert_eq!(proofs(&log)[sealed..sealed + 3], ["none"; 3]);
    // A digest of the earlier format proves nothing by its number alone.
    log.write(
        "INSERT INTO audit_digest (number, sealed_at_ms, event_count, hash, signature, format)
        VALUES (9, 1, 1, zeroblob(32), zeroblob(64), 1)",
    );
    assert_eq!(proofs(&log)[sealed..sealed + 3], ["none"; 3]);
    log.write("UPDATE audit_digest SET format = 1 WHERE number = 1");
    assert_eq!(proofs(&log)[sealed..sealed + 3], ["none"; 3]);
    // A row that has no form as a record stops nothing.
    log.write("UPDATE audit_event SET identity = 'x' WHERE mac IS NULL AND digest = 9");
    let mut out = Vec::new();
    let exported = log
        .bench
        .as_caller(&Portico::itself(), |ctx| export(ctx, span, service::is_read, &mut out))
        .unwrap();
    assert_eq!(exported.left_out, 1);
}
