//! The clock of a sandbox after it was moved: clients sign by the clock of their machine and get in.

use serde_json::json;

use crate::support::{Answer, Keys, Portico, Request};

const LIST: &str = "SWBExternalService.ListInstances";

/// Moves the clock, and lets the requests that this test signs go on by the machine's.
fn advance_alone(portico: &Portico, seconds: i64) {
    let request = Request::post("/_sandbox/clock").json(&json!({ "advanceSeconds": seconds }));
    assert_eq!(portico.send(&request).status, 200);
}

fn date(portico: &Portico) -> String {
    portico.get("/healthz").header("date").unwrap().to_owned()
}

fn answers(portico: &Portico) -> [Answer; 4] {
    let keys = Keys::sandbox();
    [
        portico.send(&keys.sign_call(LIST, &json!({}), portico)),
        portico.send(&keys.sign("s3", Request::get("/"), portico)),
        portico.send(&keys.presign("s3", Request::get("/"), portico)),
        portico.send(&keys.sign_query(
            "sts",
            &[("Action", "GetCallerIdentity"), ("Version", "2011-06-15")],
            portico,
        )),
    ]
}

#[track_caller]
fn assert_let_in(portico: &Portico) {
    for answer in answers(portico) {
        assert_eq!(answer.status, 200, "{answer}");
    }
}

#[test]
fn clients_that_know_nothing_of_a_move_get_in_after_it() {
    let portico = Portico::sandbox();
    let before = date(&portico);
    // Sixty years: the date's year tells.
    for _ in 0..6 {
        advance_alone(&portico, 10 * 366 * 24 * 60 * 60);
        assert_let_in(&portico);
    }
    let year = |date: &str| date.split(' ').nth(3).unwrap().parse::<u32>().unwrap();
    assert!(year(&date(&portico)) >= year(&before) + 60, "{before} {}", date(&portico));
    portico.reset();
    assert!(year(&date(&portico)) <= year(&before) + 1);
    assert_let_in(&portico);
}

#[test]
fn clients_that_follow_the_date_get_in_too() {
    let portico = Portico::sandbox();
    portico.advance(3600);
    assert_let_in(&portico);
    portico.advance(3600);
    assert_let_in(&portico);
}

#[test]
fn a_signature_from_before_a_move_is_older_by_it() {
    let portico = Portico::sandbox();
    let keys = Keys::sandbox();
    let call = keys.sign_call(LIST, &json!({}), &portico);
    // The link is good for five minutes.
    let link = keys.presign("s3", Request::get("/"), &portico);
    advance_alone(&portico, 4 * 60);
    assert_eq!((portico.send(&call).status, portico.send(&link).status), (200, 200));
    advance_alone(&portico, 2 * 60);
    assert_eq!(portico.send(&call).error(), "InvalidSignatureException");
    assert_eq!(portico.send(&link).error(), "AccessDenied");
    assert_let_in(&portico);
}
