//! Callers whose keys or tokens are over, on every protocol: the log names them.

use std::net::SocketAddr;

use http::{StatusCode, request};
use kernel::credentials::RoleCredentials;
use kernel::credentials::operator::{ROLE_ID, ROLE_NAME};
use kernel::credentials::role_credentials::RoleGrant;
use kernel::sessions::client_token;
use kernel::sessions::secret::Secret;
use kernel::{Ctx, Portico, RequestInfo};
use model::ids::{SessionId, UserId};
use model::oauth::{ClientToken, TokenKind};
use model::session::{Session, SessionKind};
use model::{Clock, Fault};
use protocol::sigv4::{BodyToSign, Signer};
use serde_json::{Value, json};
use store::LoggedEvent;
use store::digest::list_log;
use testing::ACCOUNT;

use super::kit::{Bench, head};
use crate::front::{self, Refused};
use crate::system::SystemClock;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Operator credentials that expired a second ago.
fn expired_keys(portico: &Portico) -> RoleCredentials {
    keys(portico, -1000)
}

/// Operator credentials that are good for an hour.
fn good_keys(portico: &Portico) -> RoleCredentials {
    keys(portico, 3_600_000)
}

fn keys(portico: &Portico, valid_ms: i64) -> RoleCredentials {
    let now_ms = SystemClock.now_ms();
    let grant = RoleGrant {
        account_id: ACCOUNT.parse().unwrap(),
        role_name: ROLE_NAME.to_owned(),
        role_id: ROLE_ID.to_owned(),
        session_name: "ops".to_owned(),
        person: None,
        issued_at_ms: now_ms - 3_600_000,
        expires_at_ms: now_ms + valid_ms,
    };
    RoleCredentials::make(portico, grant).unwrap()
}

/// Sends a request that is signed with these keys. Returns the status, and the identity in the log.
async fn refused(
    bench: &Bench,
    keys: &RoleCredentials,
    what: (&str, &str, &str),
    headers: &[(&'static str, &str)],
    body: &str,
) -> (u16, Value) {
    let (status, event) = logged(bench, keys, what, headers, body).await;
    (status, serde_json::from_str(&event.identity).unwrap())
}

/// Sends a request that is signed with these keys. Returns the status, and its only event in the log.
async fn logged(
    bench: &Bench,
    keys: &RoleCredentials,
    (method, target, service): (&str, &str, &str),
    headers: &[(&'static str, &str)],
    body: &str,
) -> (u16, LoggedEvent) {
    let mut head = head(method, target, headers);
    sign_with_body(keys, service, &mut head, body);
    let exchange = bench.begin(head);
    let request_id = exchange.info.id.to_string();
    let (response, _) = bench.answer(exchange, body.to_owned()).await;
    (response.status().as_u16(), event(bench, &request_id))
}

/// Signs a request without a body.
fn sign(keys: &RoleCredentials, service: &str, head: &mut request::Parts) {
    sign_with_body(keys, service, head, "");
}

fn sign_with_body(keys: &RoleCredentials, service: &str, head: &mut request::Parts, body: &str) {
    let now_ms = SystemClock.now_ms();
    let token = Some(&*keys.session_token);
    let (id, secret) = (&keys.access_key_id, &keys.secret_access_key);
    let signer = Signer::new(id, secret, token, ("us-east-1", service), now_ms).unwrap();
    let (method, path) = (head.method.as_str(), head.uri.path());
    let query = head.uri.query().unwrap_or_default();
    let whole = BodyToSign::Whole(body.as_bytes());
    signer.sign((method, path, query), &mut head.headers, whole, now_ms).unwrap();
}

/// The only event of a request.
fn event(bench: &Bench, request_id: &str) -> LoggedEvent {
    let core = bench.site.core();
    kernel::upkeep::flush_journal(&core.portico).unwrap();
    let (itself, info) = (Portico::itself(), RequestInfo::own(&*core.portico.random));
    let ctx = Ctx::new(&core.portico, &itself, &info);
    let permit = ctx.authorize("portico:Test", "*").unwrap();
    let log = list_log(&mut ctx.read(&permit).unwrap(), "", "g", 10_000).unwrap();
    let log = log.into_iter().map(Result::unwrap);
    let mut events: Vec<_> = log.filter(|event| event.request_id == request_id).collect();
    assert_eq!(events.len(), 1, "{events:?}");
    events.remove(0)
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
    assert_eq!(event(&bench, &request_id).identity, r#"{"type":"Unknown"}"#);
}

/// A request that is refused before any operation: method, target and service; headers; body; then the
/// status, the action and the code in the event.
type Unserved<'a> =
    ((&'a str, &'a str, &'a str), Vec<(&'static str, &'a str)>, &'a str, (u16, &'a str, &'a str));

#[tokio::test]
async fn whoever_signed_a_request_that_no_operation_is_for_is_named() {
    let bench = Bench::new();
    let keys = good_keys(&bench.site.core().portico);
    let target = |name| vec![("x-amz-target", name)];
    let unserved: Vec<Unserved<'_>> = vec![
        (
            ("POST", "/", "sso"),
            target("SWBExternalService.Nothing"),
            "{}",
            (400, "sso:Unknown", "UnknownOperation"),
        ),
        (
            ("POST", "/", "sso"),
            target("Nobody.Nothing"),
            "{}",
            (400, "portico:Unknown", "UnknownOperation"),
        ),
        (
            ("POST", "/", "sts"),
            target("SWBExternalService.ListInstances"),
            "{}",
            (400, "sso:ListInstances", "SignatureDoesNotMatch"),
        ),
        (
            ("POST", "/", "sts"),
            vec![FORM],
            "Action=Nothing&Version=2011-06-15",
            (400, "sts:Unknown", "UnknownOperation"),
        ),
        (("POST", "/", "sts"), vec![FORM], "Action=", (400, "sts:Unknown", "ValidationException")),
        (("GET", "/UPPER/x", "sso"), vec![], "", (404, "portico:Unknown", "UnknownOperation")),
        (
            ("PUT", "/photos?acl", "s3"),
            vec![("content-length", "4")],
            "<a/>",
            (400, "s3:Unknown", "MalformedXML"),
        ),
        (("PUT", "/photos?acl", "s3"), vec![], "", (404, "s3:Unknown", "NoSuchBucket")),
        (("PUT", "/photos?abac", "s3"), vec![], "", (404, "s3:Unknown", "NoSuchBucket")),
        (("PATCH", "/photos/cat", "s3"), vec![], "", (405, "s3:Unknown", "MethodNotAllowed")),
        (("GET", "/Bad_Name", "s3"), vec![], "", (400, "s3:Unknown", "InvalidBucketName")),
        (
            ("GET", "/photos/cat", "s3"),
            vec![("sec-fetch-dest", "script")],
            "",
            (403, "s3:Unknown", "AccessDenied"),
        ),
        (
            ("POST", "/photos?delete", "s3"),
            vec![("content-length", "7")],
            "<Delete",
            (400, "s3:Unknown", "MalformedXML"),
        ),
        (
            ("POST", "/photos", "s3"),
            vec![("content-type", "multipart/form-data; boundary=x")],
            "--x--",
            (404, "s3:Unknown", "NoSuchBucket"),
        ),
    ];
    for (what, headers, body, (status, action, code)) in unserved {
        let (answered, event) = logged(&bench, &keys, what, &headers, body).await;
        let error = event.error.unwrap();
        let told = error.split(':').next().unwrap();
        assert_eq!((answered, &*event.action, told), (status, action, code), "{what:?} {error}");
        let identity: Value = serde_json::from_str(&event.identity).unwrap();
        assert_eq!(identity["accessKeyId"], keys.access_key_id.as_str(), "{what:?}");
        assert_eq!(identity["principalId"], format!("{ROLE_ID}:ops"), "{what:?}");
    }
}

#[tokio::test]
async fn a_signature_that_cannot_be_read_leaves_the_key_that_it_claims() {
    let bench = Bench::new();
    let header = "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261130/us-east-1/sso/aws4_request";
    let target = ("x-amz-target", "SWBExternalService.ListInstances");
    for (method, path, headers) in [
        ("POST", "/", vec![target, ("authorization", header)]),
        ("POST", "/", vec![("x-amz-target", "Nobody.Nothing"), ("authorization", header)]),
        ("GET", "/photos/cat", vec![("authorization", "AWS AKIAEXAMPLE:c2ln")]),
        ("GET", "/photos/cat?X-Amz-Credential=AKIAEXAMPLE%2F20261130&X-Amz-Expires=0", vec![]),
    ] {
        let exchange = bench.begin(head(method, path, &headers));
        let request_id = exchange.info.id.to_string();
        bench.answer(exchange, "{}".to_owned()).await;
        let identity: Value = serde_json::from_str(&event(&bench, &request_id).identity).unwrap();
        assert_eq!(identity, json!({"type": "Unknown", "accessKeyId": "AKIAEXAMPLE"}), "{path}");
    }
}

#[tokio::test]
async fn a_body_that_was_not_kept_leaves_the_key_that_its_head_names() {
    let bench = Bench::new();
    let keys = good_keys(&bench.site.core().portico);
    let long = "x".repeat(2 * 1024 * 1024);
    let target = [("x-amz-target", "SWBExternalService.ListInstances")];
    // The signature covers a body that is not there any more, so nobody is proven.
    let claimed = json!({"type": "Unknown", "accessKeyId": keys.access_key_id});
    for (service, headers, body) in [("sso", &target[..], &*long), ("sts", &[FORM], &long)] {
        let what = ("POST", "/", service);
        let (status, identity) = refused(&bench, &keys, what, headers, body).await;
        assert_eq!((status, identity), (413, claimed.clone()));
    }
}

#[tokio::test]
async fn the_event_of_an_unserved_request_says_what_was_asked_for() {
    let bench = Bench::new();
    let keys = good_keys(&bench.site.core().portico);
    let target = [("x-amz-target", "SWBExternalService.Nothing")];
    let (_, event) = logged(&bench, &keys, ("POST", "/", "sso"), &target, "{}").await;
    let details =
        r#"{"requestParameters":{"target":"SWBExternalService.Nothing"},"responseElements":{}}"#;
    assert_eq!(event.details, details);
    let what = ("PUT", "/photos?acl&secret=1", "s3");
    let (_, event) = logged(&bench, &keys, what, &[], "").await;
    let details = r#"{"requestParameters":{"method":"PUT","path":"/photos","subresources":["acl"]},"responseElements":{}}"#;
    assert_eq!(event.details, details);
}

/// The secret of a session that never was. It proves nothing but whose it was made for.
fn secret(portico: &Portico) -> (Session, Secret) {
    let session = Session {
        identity_store_id: "d-1234567890".parse().unwrap(),
        id: SessionId::random(&*portico.random),
        user_id: UserId::random(&*portico.random),
        kind: SessionKind::Portal,
        source_address: String::new(),
        user_agent: String::new(),
        created_at_ms: 0,
        expires_at_ms: 1,
        used_at_ms: 0,
        proved_at_ms: 0,
        whole_proof_at_ms: 0,
    };
    let secret = Secret::of_session(portico, &session).unwrap();
    (session, secret)
}

#[tokio::test]
async fn a_person_who_is_refused_by_a_page_is_named() {
    let bench = Bench::new();
    let (session, secret) = secret(&bench.site.core().portico);
    let public_url = bench.site.core().portico.settings.public_url.clone();
    let port = public_url.rsplit(':').next().unwrap().to_owned();
    let cookie = format!("portico-session-{port}={}", secret.reveal());
    let cookies = [("cookie", cookie.as_str())];
    let form = [cookies[0], FORM];
    for (method, path, headers, body, status, code) in [
        ("GET", "/nothing", &cookies[..], "", 404, "UnknownOperation"),
        ("DELETE", "/start", &cookies, "", 405, "UnknownOperation"),
        ("POST", "/sign-out", &form, "token=wrong", 403, "AccessDenied"),
        ("POST", "/start/console", &form, "", 403, "AccessDenied"),
        ("GET", "/authorize?a=%ff", &cookies, "", 400, "SerializationException"),
    ] {
        let exchange = bench.begin(head(method, path, headers));
        let request_id = exchange.info.id.to_string();
        let (response, _) = bench.answer(exchange, body.to_owned()).await;
        assert_eq!(response.status().as_u16(), status, "{method} {path}");
        let event = event(&bench, &request_id);
        let identity: Value = serde_json::from_str(&event.identity).unwrap();
        assert_eq!(identity["credentialId"], session.id.as_str(), "{method} {path}");
        let error = event.error.unwrap();
        assert!(error.starts_with(code), "{method} {path}: {error}");
    }
}

#[tokio::test]
async fn a_person_whose_request_for_the_portal_cannot_be_read_is_named() {
    let bench = Bench::new();
    let portico = &bench.site.core().portico;
    let (session, _) = secret(portico);
    let token = ClientToken {
        identity_store_id: session.identity_store_id,
        user_id: session.user_id,
        session_id: session.id.clone(),
        generation: 0,
        kind: TokenKind::Access,
        expires_at_ms: session.expires_at_ms,
    };
    let token = client_token::seal(&portico.keys, &token).unwrap();
    let bearer = [("x-amz-sso_bearer_token", token.as_str())];
    let exchange = bench.begin(head("GET", "/assignment/accounts?max_result=%ff", &bearer));
    let request_id = exchange.info.id.to_string();
    let (response, _) = bench.answer(exchange, String::new()).await;
    assert_eq!(response.status().as_u16(), 400);
    let identity: Value = serde_json::from_str(&event(&bench, &request_id).identity).unwrap();
    assert_eq!(identity["credentialId"], session.id.as_str());
}

#[tokio::test]
async fn a_request_that_is_refused_before_the_router_names_whom_its_head_proves() {
    let bench = Bench::new();
    let keys = good_keys(&bench.site.core().portico);
    let refused = |service: &str| {
        let mut head = head("GET", "/photos/cat", &[]);
        sign(&keys, service, &mut head);
        let must = "come from a page of this server".into();
        let refused = Refused { status: StatusCode::FORBIDDEN, fault: Fault::NotAdmitted { must } };
        front::refuse(&bench.site, head, SocketAddr::from(([192, 0, 2, 1], 4711)), refused)
    };
    // S3 signs the hash of the body in the head, the others do not.
    for (service, is_proven) in [("s3", true), ("sso", false)] {
        let response = refused(service).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        let request_id = response.headers()["x-amzn-requestid"].to_str().unwrap();
        let event = event(&bench, request_id);
        let identity: Value = serde_json::from_str(&event.identity).unwrap();
        assert_eq!(identity["accessKeyId"], keys.access_key_id.as_str(), "{service}");
        assert_eq!(identity["type"] == "AssumedRole", is_proven, "{service}");
        assert!(!is_proven || event.error.unwrap().starts_with("AccessDenied: "));
    }
}
