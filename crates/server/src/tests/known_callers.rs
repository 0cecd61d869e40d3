//! Callers whose keys or tokens are over, on every protocol: the log names them.

use kernel::credentials::RoleCredentials;
use kernel::credentials::operator::{ROLE_ID, ROLE_NAME};
use kernel::credentials::role_credentials::RoleGrant;
use kernel::{Ctx, Portico, RequestInfo};
use model::Clock;
use protocol::sigv4::{BodyToSign, Signer};
use serde_json::{Value, json};
use store::digest::list_log;
use testing::ACCOUNT;

use super::kit::{Bench, head};
use crate::system::SystemClock;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Operator credentials that expired a second ago.
fn expired_keys(portico: &Portico) -> RoleCredentials {
    let now_ms = SystemClock.now_ms();
    let grant = RoleGrant {
        account_id: ACCOUNT.parse().unwrap(),
        role_name: ROLE_NAME.to_owned(),
        role_id: ROLE_ID.to_owned(),
        session_name: "ops".to_owned(),
        person: None,
        issued_at_ms: now_ms - 3_600_000,
        expires_at_ms: now_ms - 1000,
    };
    RoleCredentials::make(portico, grant).unwrap()
}

/// Sends a request that is signed with these keys. Returns the status, and the identity in the log.
async fn refused(
    bench: &Bench,
    keys: &RoleCredentials,
    (method, target, service): (&str, &str, &str),
    headers: &[(&'static str, &str)],
    body: &str,
) -> (u16, Value) {
    let mut head = head(method, target, headers);
    let now_ms = SystemClock.now_ms();
    let token = Some(&*keys.session_token);
    let (id, secret) = (&keys.access_key_id, &keys.secret_access_key);
    let signer = Signer::new(id, secret, token, ("us-east-1", service), now_ms).unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let whole = BodyToSign::Whole(body.as_bytes());
    signer.sign((method, path, query), &mut head.headers, whole, now_ms).unwrap();
    let exchange = bench.begin(head);
    let request_id = exchange.info.id.to_string();
    let (response, _) = bench.answer(exchange, body.to_owned()).await;
    (response.status().as_u16(), identity(bench, &request_id))
}

/// The identity in the event of a request.
fn identity(bench: &Bench, request_id: &str) -> Value {
    let core = bench.site.core();
    kernel::upkeep::flush_journal(&core.portico).unwrap();
    let (itself, info) = (Portico::itself(), RequestInfo::own(&*core.portico.random));
    let ctx = Ctx::new(&core.portico, &itself, &info);
    let permit = ctx.authorize("portico:Test", "*").unwrap();
    let log = list_log(&mut ctx.read(&permit).unwrap(), "", "g", 10_000).unwrap();
    let mut log = log.into_iter().map(Result::unwrap);
    let event = log.find(|event| event.request_id == request_id).unwrap();
    serde_json::from_str(&event.identity).unwrap()
}

#[tokio::test]
async fn every_signed_protocol_names_the_holder_of_keys_that_are_over() {
    let bench = Bench::new();
    let keys = expired_keys(&bench.site.core().portico);
    let target = ("x-amz-target", "SWBExternalService.ListInstances");
    let write = ("x-amz-target", "AWSOrganizationsV20161128.CreateAccount");
    let query = "Action=GetCallerIdentity&Version=2011-06-15";
    for (what, headers, body) in [
        (("POST", "/", "sso"), vec![target], "{}"),
        (("POST", "/", "organizations"), vec![write], "{}"),
        (("POST", "/", "sts"), vec![FORM], query),
        (("GET", "/photos", "s3"), vec![], ""),
        (("PUT", "/photos/cat", "s3"), vec![("content-length", "4")], "meow"),
    ] {
        let (status, identity) = refused(&bench, &keys, what, &headers, body).await;
        assert!((400..=403).contains(&status), "{what:?}");
        assert_eq!(identity["type"], "AssumedRole", "{what:?}");
        assert_eq!(identity["accessKeyId"], keys.access_key_id.as_str(), "{what:?}");
        assert_eq!(identity["principalId"], format!("{ROLE_ID}:ops"), "{what:?}");
    }
}

#[tokio::test]
async fn every_signed_protocol_names_the_key_of_a_failed_signature() {
    let bench = Bench::new();
    let mut keys = expired_keys(&bench.site.core().portico);
    keys.secret_access_key = "wrong".to_owned();
    let claimed = json!({"type": "Unknown", "accessKeyId": keys.access_key_id});
    let target = ("x-amz-target", "SWBExternalService.ListInstances");
    let query = "Action=GetCallerIdentity&Version=2011-06-15";
    for (what, headers, body) in [
        (("POST", "/", "sso"), vec![target], "{}"),
        // The scope is of another service, so that the signature is not looked at.
        (("POST", "/", "sts"), vec![target], "{}"),
        (("POST", "/", "sts"), vec![FORM], query),
        (("GET", "/photos", "s3"), vec![], ""),
    ] {
        let (_, identity) = refused(&bench, &keys, what, &headers, body).await;
        assert_eq!(identity, claimed, "{what:?}");
    }
}

#[tokio::test]
async fn a_bearer_token_that_nobody_made_names_nobody() {
    let bench = Bench::new();
    let bearer = [("x-amz-sso_bearer_token", "nonsense")];
    let exchange = bench.begin(head("GET", "/assignment/accounts", &bearer));
    let request_id = exchange.info.id.to_string();
    let (response, _) = bench.answer(exchange, String::new()).await;
    assert_eq!(response.status().as_u16(), 401);
    assert_eq!(identity(&bench, &request_id), json!({"type": "Unknown"}));
}
