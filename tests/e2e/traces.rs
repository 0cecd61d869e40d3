//! Events that are on disk when the answer arrives: the server is killed right after the last answer.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Answer, Installation, Organization, Request, Visitor, text};

/// The event's name, and its error code.
type Told = (&'static str, Option<&'static str>);

#[test]
fn changes_denials_vends_and_sign_ins_are_on_disk_before_their_answers() {
    let installation = Installation::embedded();
    let portico = installation.serve();
    let organization = Organization::of(&portico, installation.operator());
    let (line, poor) = organization.person_who_may("poor", "Poor", &["s3:ListAllMyBuckets"]);
    let mut browser = Visitor::of(&portico);
    let page = browser.open("/sign-in");

    let group = organization.of_store(json!({ "DisplayName": "Traced" }));
    let create = "AWSIdentityStore.CreateGroup";
    let vend = |role: &str| {
        let account = &organization.account;
        let path = format!("/federation/credentials?account_id={account}&role_name={role}");
        let request = Request::get(&path);
        portico.send(&request.header("x-amz-sso_bearer_token", &line.access_token))
    };
    let wrong = [("user_name", "poor"), ("password", "Wrong-Guess-1")];
    let answers: Vec<(Answer, Told)> = vec![
        (organization.call(create, &group), ("CreateGroup", None)),
        (portico.call_as(&poor, create, &group), ("CreateGroup", Some("AccessDenied"))),
        (vend("Poor"), ("GetRoleCredentials", None)),
        (vend("Rich"), ("GetRoleCredentials", Some("AccessDenied"))),
        (browser.submit(&page, &wrong).answer, ("CredentialVerification", None)),
    ];
    portico.kill();

    let mut events: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for event in installation.audit_log() {
        events.entry(text(&event["requestID"])).or_default().push(event);
    }
    for (answer, (name, error)) in answers {
        let of_request = events.get(answer.header("x-amzn-requestid").unwrap());
        let told = of_request.is_some_and(|events| {
            events
                .iter()
                .any(|event| event["eventName"] == name && event["errorCode"].as_str() == error)
        });
        assert!(told, "{name} {error:?} {answer}: {of_request:?}");
    }
}

#[test]
fn what_strangers_do_is_never_in_the_name_of_the_server() {
    let installation = Installation::embedded();
    let portico = installation.serve();
    for (method, target) in [("HEAD", "/start"), ("GET", "/setup?token=x"), ("GET", "/sign-in")] {
        portico.send(&Request::new(method, target));
    }
    let knock = Request::post("/token").json(&json!({}));
    let knocked = text(&json!(portico.send(&knock).header("x-amzn-requestid").unwrap()));
    assert!(portico.terminate().success());

    let exported = installation.run(&["audit", "export"]).ok();
    assert!(exported.contains(&knocked), "the journal was written");
    assert!(!exported.contains("ReadStanding"), "{exported}");
}

/// The lock file is made by servers, and no backup has it.
#[test]
fn a_command_seals_its_event_itself_in_a_restored_folder() {
    let installation = Installation::embedded();
    installation.serve().terminate();
    std::fs::remove_file(installation.data().join("portico.lock")).unwrap();
    let said = installation.run(&["audit", "verify", "--accept-head"]).ok();
    assert!(said.contains("Accepted"), "{said}");
    let log = installation.audit_log();
    let accepted = log.iter().find(|event| event["eventName"] == "AcceptAuditHead").unwrap();
    assert_eq!(accepted["proof"], "sealed");
    installation.serve().terminate();
}

#[test]
fn a_command_seals_its_event_itself_while_no_server_runs() {
    let installation = Installation::embedded();
    let portico = installation.serve();
    installation.operator();
    portico.terminate();
    installation.operator();
    installation.run(&["admin", "setup-link"]).ok();
    let vends = |log: Vec<Value>| -> Vec<Value> {
        let proofs =
            log.into_iter().filter(|event| event["eventName"] == "VendOperatorCredentials");
        proofs.map(|event| event["proof"].clone()).collect()
    };
    assert_eq!(vends(installation.audit_log()), ["sealed", "sealed"]);
    let said = installation.run(&["audit", "verify"]).ok();
    assert!(!said.contains("not sealed yet"), "{said}");
    // A server starts and goes on from there.
    installation.serve().terminate();
    installation.run(&["audit", "verify"]).ok();
}
