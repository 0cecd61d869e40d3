//! Hostile requests: each gets the right typed error and changes nothing, and a normal call still
//! succeeds. One file, because all tests compare the same state before and after.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{
    Answer, Keys, Organization, Portico, Request, Visitor, aws_json, signing_name,
};

const LIST: &str = "SWBExternalService.ListInstances";
const CREATE: &str = "AWSIdentityStore.CreateGroup";

/// The state of the organization that a hostile request could change.
fn everything(organization: &Organization<'_>) -> Value {
    let list = |operation: &str, input: Value| organization.call(operation, &input).ok();
    json!([
        list("AWSIdentityStore.ListGroups", organization.of_store(json!({}))),
        list("AWSIdentityStore.ListUsers", organization.of_store(json!({}))),
        list("SWBExternalService.ListPermissionSets", organization.of_instance(json!({}))),
        list(LIST, json!({})),
        list("AWSOrganizationsV20161128.ListAccounts", json!({})),
    ])
}

/// Sends hostile requests to a sandbox; afterwards its state is unchanged and a normal call succeeds.
#[track_caller]
fn changes_nothing(abuse: impl FnOnce(&Organization<'_>)) {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let before = everything(&organization);
    abuse(&organization);
    assert_eq!(everything(&organization), before);
    organization.create_group("Ordinary");
}

#[track_caller]
fn assert_told(answer: &Answer, status: u16, error: &str) {
    assert_eq!((answer.status, answer.error().as_str()), (status, error), "{answer}");
}

/// Checks an error page: its status and its heading.
#[track_caller]
fn assert_shown(answer: &Answer, status: u16, heading: &str) {
    let shown = answer.text().contains(&format!(">{heading}</h1>"));
    assert!(answer.status == status && shown, "{status} {heading}: {answer}");
}

/// A signed awsJson call with any bytes as its body.
fn call_with(organization: &Organization<'_>, operation: &str, body: impl Into<Vec<u8>>) -> Answer {
    let portico = organization.portico;
    let service = signing_name(operation).unwrap_or("sso");
    portico.send(&organization.keys.sign(service, aws_json(operation, body), portico))
}

/// Sends bytes unchanged, and reads until the server closes the connection.
fn exchange(portico: &Portico, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(portico.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    // A server that refuses early may close before it has read the whole request; its answer counts.
    let _ = stream.write_all(bytes);
    let mut said = Vec::new();
    // A reset after the answer does not matter.
    let _ = stream.read_to_end(&mut said);
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn a_body_that_is_no_json_object_is_told_so() {
    changes_nothing(|organization| {
        let cases: &[&[u8]] = &[
            b"{",
            b"[]",
            b"null",
            b"\"x\"",
            b"{\"a\":1}}",
            b"\xff\xfe",
            b"{'a':1}",
            b"{\"a\":01}",
            b"{\"DisplayName\":\"a\",\"DisplayName\":\"b\"}",
        ];
        for body in cases {
            assert_told(&call_with(organization, CREATE, *body), 400, "SerializationException");
        }
    });
}

#[test]
fn nesting_is_bounded() {
    changes_nothing(|organization| {
        for depth in [100, 100_000] {
            let deep = format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
            assert_told(&call_with(organization, LIST, deep), 400, "SerializationException");
        }
    });
}

#[test]
fn a_target_that_is_not_known_is_told_so() {
    changes_nothing(|organization| {
        for target in [
            "SWBExternalService.Nothing",
            "SWBExternalService",
            "Nothing.ListInstances",
            "swbexternalservice.listinstances",
            "SWBExternalService.ListInstances.",
            "AWSIdentityStore.ListInstances",
            // Services of other protocols.
            "STS.GetCallerIdentity",
            "AWSSecurityTokenServiceV20110615.GetCallerIdentity",
        ] {
            let answer = call_with(organization, target, "{}");
            assert_told(&answer, 400, "UnknownOperationException");
        }
    });
}

#[test]
fn a_body_of_five_megabytes_is_too_large() {
    changes_nothing(|organization| {
        let body = format!("{{\"DisplayName\":\"{}\"}}", "x".repeat(5_000_000));
        let answer = call_with(organization, CREATE, body.clone());
        assert_told(&answer, 413, "RequestEntityTooLargeException");
        let answer = organization.portico.send(&Request::post("/token").body(body.clone()));
        assert_told(&answer, 413, "InvalidRequestException");
        let form =
            Request::post("/sign-in").header("content-type", "application/x-www-form-urlencoded");
        assert_shown(&organization.portico.send(&form.body(body)), 413, "Too much was sent");
    });
}

#[test]
fn a_signature_holds_for_what_was_signed_alone() {
    changes_nothing(|organization| {
        let portico = organization.portico;
        let input = organization.of_store(json!({ "DisplayName": "Forged" }));
        let good = || Keys::sandbox().sign_call(CREATE, &input, portico);

        let mut other_body = good();
        other_body.body =
            organization.of_store(json!({ "DisplayName": "Other" })).to_string().into();
        assert_told(&portico.send(&other_body), 400, "InvalidSignatureException");

        let mut other_target = good();
        for (name, value) in &mut other_target.headers {
            if name == "x-amz-target" {
                *value = "AWSIdentityStore.ListGroups".to_owned();
            }
        }
        assert_told(&portico.send(&other_target), 400, "InvalidSignatureException");

        let wrong = Keys { secret: "guess".to_owned(), ..Keys::sandbox() };
        let answer = portico.call_as(&wrong, CREATE, &input);
        assert_told(&answer, 400, "InvalidSignatureException");
        let unknown = Keys { id: "nobody".to_owned(), ..Keys::sandbox() };
        let answer = portico.call_as(&unknown, CREATE, &input);
        assert_told(&answer, 400, "UnrecognizedClientException");
        let token = Some("not-a-token".to_owned());
        let strange = Keys { session_token: token, ..Keys::sandbox() };
        let answer = portico.call_as(&strange, CREATE, &input);
        assert_told(&answer, 400, "UnrecognizedClientException");
        let doubled = portico.send(&{
            let request = good();
            let (name, value) =
                request.headers.iter().find(|(name, _)| name == "authorization").unwrap();
            let (name, value) = (name.clone(), value.clone());
            request.header(&name, &value)
        });
        assert_told(&doubled, 400, "IncompleteSignatureException");
        let old = "AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=";
        let request = Request::get("/").header("authorization", old);
        assert_told(&portico.send(&request), 400, "InvalidRequest");
    });
}

#[test]
fn a_request_that_is_replayed_later_is_refused() {
    changes_nothing(|organization| {
        let portico = organization.portico;
        let input = organization.of_store(json!({ "DisplayName": "Replayed" }));
        let request = Keys::sandbox().sign_call(CREATE, &input, portico);
        portico.advance(6 * 60);
        assert_told(&portico.send(&request), 400, "InvalidSignatureException");
        let presigned = Keys::sandbox().presign("s3", Request::get("/"), portico);
        let answer = portico.send(&presigned);
        assert_eq!(answer.status, 200, "{answer}");
        portico.advance(6 * 60);
        assert_told(&portico.send(&presigned), 403, "AccessDenied");
    });
}

#[test]
fn names_hold_no_control_characters() {
    changes_nothing(|organization| {
        for name in ["", "\0", "a\0b", "a\u{7f}b", "a\u{1b}[31m", "\u{202e}\0", &"x".repeat(1025)] {
            let input = organization.of_store(json!({ "DisplayName": name }));
            assert_told(&organization.call(CREATE, &input), 400, "ValidationException");
        }
    });
}

#[test]
fn a_cookie_authenticates_no_call_and_a_signature_no_page() {
    changes_nothing(|organization| {
        let portico = organization.portico;
        let mut browser = Visitor::of(portico);
        browser.open("/sign-in");
        let call = Request::post("/").header("x-amz-target", LIST).body("{}");
        let answer = browser.send(call);
        assert_told(&answer, 400, "MissingAuthenticationTokenException");
        let signed = |page: &str| Keys::sandbox().sign("sso", Request::get(page), portico);
        let answer = portico.send(&signed("/start"));
        let leads_to = (answer.status, answer.header("location"));
        assert_eq!(leads_to, (303, Some("/sign-in?return_to=%2Fstart")), "{answer}");
        for page in ["/console", "/console/users"] {
            assert_shown(&portico.send(&signed(page)), 403, "The console is closed");
        }
    });
}

#[test]
fn keys_of_objects_lead_to_no_file_outside() {
    changes_nothing(|organization| {
        let portico = organization.portico;
        let send = |request: Request| portico.send(&Keys::sandbox().sign("s3", request, portico));
        assert_eq!(send(Request::new("PUT", "/letters")).status, 200);
        let long = format!("/letters/{}", "k".repeat(1025));
        assert_told(&send(Request::new("PUT", &long).body("x")), 400, "KeyTooLongError");
        // An object key is not a file path.
        for key in ["../../etc/passwd", "a//b", "/absolute", "a/./b"] {
            let target = format!("/letters/{key}");
            assert_eq!(send(Request::new("PUT", &target).body(key)).status, 200, "{key}");
            let got = send(Request::get(&target));
            assert_eq!((got.status, got.text().as_str()), (200, key));
            assert_eq!(send(Request::new("DELETE", &target)).status, 204, "{key}");
        }
        // RFC 3986 §2.3: dots are unreserved, so a signature covers no escaped spelling of them.
        for (key, status, error) in [
            ("%2e%2e/%2e%2e/etc/passwd", 403, "SignatureDoesNotMatch"),
            ("..%2f..%2fetc%2fpasswd", 403, "SignatureDoesNotMatch"),
            ("%00", 400, "InvalidArgument"),
        ] {
            let target = format!("/letters/{key}");
            for request in [Request::new("PUT", &target).body(key), Request::get(&target)] {
                assert_told(&send(request), status, error);
            }
        }
        for bucket in ["..", "%2e%2e", "A_B", "a", "192.168.0.1", "b..c"] {
            let answer = send(Request::new("PUT", &format!("/{bucket}")));
            assert_told(&answer, 400, "InvalidBucketName");
        }
        assert_eq!(send(Request::new("DELETE", "/letters")).status, 204);
    });
}

#[test]
fn a_form_is_taken_from_its_own_page_and_browser_alone() {
    changes_nothing(|organization| {
        let portico = organization.portico;
        let user = organization.create_user("alice");
        let mut alice = organization.sign_in_first("alice", &user);
        let bob = organization.create_user("bob");
        let mut bobs = organization.sign_in_first("bob", &bob);
        let page = bobs.open("/start").text();
        let (_, rest) = page.split_once("name=\"form_token\" value=\"").unwrap();
        let bobs_token = rest.split('"').next().unwrap().to_owned();
        for path in [
            "/authorize",
            "/console/sign-out",
            "/device",
            "/device/consent",
            "/setup",
            "/setup/enable",
            "/sign-in",
            "/sign-in/new-password",
            "/sign-out",
            "/start/access-keys",
            "/start/console",
        ] {
            for token in ["", "guess", bobs_token.as_str()] {
                let form = Request::post(path).form(&[("form_token", token)]);
                assert_shown(&alice.send(form), 403, "This page is out of date");
            }
        }
        // A valid form token, sent from a page of another site.
        let page = alice.open("/start").text();
        let (_, rest) = page.split_once("name=\"form_token\" value=\"").unwrap();
        let token = rest.split('"').next().unwrap();
        for site in ["cross-site", "same-site"] {
            let form = Request::post("/sign-out").form(&[("form_token", token)]);
            let answer = alice.send(form.header("sec-fetch-site", site));
            assert_eq!(answer.status, 403, "{answer}");
        }
        alice.open("/start").assert_says("Access portal");
        for id in [user, bob] {
            let input = organization.of_store(json!({ "UserId": id }));
            portico.call("AWSIdentityStore.DeleteUser", &input).ok();
        }
    });
}

#[test]
fn two_hundred_slow_connections_keep_nobody_out() {
    changes_nothing(|organization| {
        let portico = organization.portico;
        let slow: Vec<TcpStream> = (0..200)
            .map(|_| {
                let mut stream = TcpStream::connect(portico.address).unwrap();
                stream.write_all(b"POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-ta").unwrap();
                stream
            })
            .collect();
        for _ in 0..10 {
            organization.call(LIST, &json!({})).ok();
        }
        assert_eq!(slow.len(), 200);
    });
}

#[test]
fn a_head_is_16_kib_at_most() {
    changes_nothing(|organization| {
        for path in ["/healthz", "/sign-in", "/bucket/key?list-type=2"] {
            let head_of = |length: usize| {
                let start =
                    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\na: ");
                let filler = "b".repeat(length - start.len() - 4);
                exchange(organization.portico, format!("{start}{filler}\r\n\r\n").as_bytes())
            };
            let said = head_of(16 * 1024);
            assert!(said.starts_with("HTTP/1.1 ") && !said.starts_with("HTTP/1.1 431"), "{said}");
            for length in [16 * 1024 + 1, 64 * 1024, 1_000_000] {
                let said = head_of(length);
                let is_told = said.starts_with("HTTP/1.1 431") && said.contains("16384 bytes");
                assert!(is_told, "{length} {said}");
            }
        }
    });
}

#[test]
fn a_head_with_too_many_lines_or_of_two_meanings_is_refused() {
    changes_nothing(|organization| {
        let portico = organization.portico;
        let many = format!(
            "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{}\r\n",
            "a: b\r\n".repeat(1000)
        );
        let inner = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        let head = "POST /token HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n";
        let said = exchange(portico, many.as_bytes());
        assert!(said.starts_with("HTTP/1.1 431"), "{said}");
        let shapes = [
            format!("{head}content-length: 4\r\ncontent-length: 40\r\n\r\n{{}}{inner}"),
            format!("{head}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n{inner}"),
            format!("{head}content-length: +2\r\n\r\n{{}}{inner}"),
            format!("{head}content-length : 2\r\n\r\n{{}}{inner}"),
            "GET / HTTP/9.9\r\n\r\n".to_owned(),
            "\0\0\0\0\r\n\r\n".to_owned(),
        ];
        for shape in shapes {
            let said = exchange(portico, shape.as_bytes());
            assert_eq!(said.matches("HTTP/1.1 ").count(), 1, "{shape:.200} {said}");
            assert!(said.starts_with("HTTP/1.1 400"), "{shape:.200} {said}");
        }
        // RFC 9112 §6.3: the chunks define the body; bytes after them are not another request.
        let both = format!(
            "{head}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{inner}"
        );
        let said = exchange(portico, both.as_bytes());
        assert_eq!(said.matches("HTTP/1.1 ").count(), 1, "{said}");
        assert!(said.starts_with("HTTP/1.1 400"), "{said}");
    });
}
