//! The names that a server on loopback answers to, and the web pages that may not use a sandbox.

use serde_json::json;

use crate::support::{Answer, Keys, Portico, Request, aws_json};

const LIST: &str = "SWBExternalService.ListInstances";

/// An administrator's call under this name, signed as a page that has rebound the name would.
fn call_under(portico: &Portico, host: &str) -> Answer {
    let request = aws_json(LIST, "{}").header("host", host).header("sec-fetch-site", "same-origin");
    let request = request.header("origin", &format!("http://{host}"));
    portico.send(&Keys::sandbox().sign("sso", request, portico))
}

#[test]
fn a_sandbox_answers_to_loopback_names_only() {
    let portico = Portico::sandbox();
    let port = portico.address.port();
    for host in ["localhost", "127.0.0.1", "127.1.2.3", "[::1]", "aws.localhost", "localhost."] {
        call_under(&portico, &format!("{host}:{port}")).ok();
    }
    for host in ["rebind.attacker.example", "localhost.attacker.example", "10.0.0.1"] {
        let answer = call_under(&portico, &format!("{host}:{port}"));
        assert_eq!(answer.status, 421, "{host} {answer}");
        assert!(answer.text().contains("--allow-host NAME"), "{answer}");
        for target in ["/_sandbox/mail", "/sign-in", "/metrics", "/bucket/key"] {
            let request = Request::get(target).header("host", host);
            assert_eq!(portico.send(&request).status, 421, "{host} {target}");
        }
        let health = Request::get("/healthz").header("host", host);
        assert_eq!(portico.send(&health).status, 200);
    }
}

#[test]
fn a_sandbox_answers_to_the_names_that_it_was_given() {
    let portico = Portico::sandbox_with(&["--allow-host", "aws.test", "--allow-host", "10.0.0.1"]);
    for host in ["aws.test", "AWS.test:80", "10.0.0.1:8080", "localhost"] {
        call_under(&portico, host).ok();
    }
    assert_eq!(call_under(&portico, "photos.aws.test").status, 421);
}

#[test]
fn a_server_on_loopback_answers_to_no_name_of_others() {
    let portico = Portico::serve();
    let status = |host: &str| portico.send(&Request::get("/NOWHERE").header("host", host)).status;
    for host in ["localhost", "127.0.0.1", "192.168.7.7:8080", "[2001:db8::1]"] {
        assert_eq!(status(host), 404, "{host}");
    }
    let answer = portico.send(&Request::get("/sign-in").header("host", "rebind.attacker.example"));
    assert_eq!(answer.status, 421);
    assert!(answer.text().contains("--public-url URL"), "{answer}");
}

#[test]
fn a_page_of_another_site_does_nothing_to_a_sandbox_with_signed_links() {
    let portico = Portico::sandbox();
    let keys = Keys::sandbox();
    let s3 = |request: Request| portico.send(&keys.sign("s3", request, &portico));
    assert_eq!(s3(Request::new("PUT", "/letters")).status, 200);
    assert_eq!(s3(Request::new("PUT", "/letters/k").body("v")).status, 200);
    let delete = "<Delete><Object><Key>k</Key></Object></Delete>";
    let link = keys.presign("s3", Request::post("/letters?delete="), &portico).body(delete);
    let read = keys.presign("s3", Request::get("/letters/k"), &portico);
    for headers in [
        &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")][..],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        // A page of another port on this machine.
        &[("origin", "http://localhost:3000"), ("sec-fetch-site", "same-site")],
        // A link that a person follows.
        &[
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ],
    ] {
        let marked = |request: &Request| {
            let mark = |request: Request, (name, value): &(&str, &str)| request.header(name, value);
            portico.send(&headers.iter().fold(request.clone(), mark))
        };
        for request in [
            &link,
            &read,
            &Request::post("/_sandbox/reset"),
            &Request::get("/_sandbox/mail"),
            &keys.sign_call(LIST, &json!({}), &portico),
        ] {
            let answer = marked(request);
            assert_eq!(answer.status, 403, "{request:?} {headers:?} {answer}");
            assert!(answer.text().contains("a web page of another site"), "{answer}");
        }
    }
    assert_eq!(s3(Request::get("/letters/k")).text(), "v");
    // A link that a person typed into the browser.
    assert_eq!(portico.send(&read.header("sec-fetch-site", "none")).text(), "v");
}

#[test]
fn an_application_on_another_port_leads_people_to_the_pages_of_a_sandbox() {
    let portico = Portico::sandbox();
    let link = Request::get("/device").header("sec-fetch-site", "same-site");
    let link = link.header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "document");
    let answer = portico.send(&link);
    assert_eq!((answer.status, answer.header("location").is_some()), (303, true), "{answer}");
}
