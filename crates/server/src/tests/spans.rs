//! The log lines of a request carry its id, its operation and its caller, on every thread.

use std::sync::mpsc::channel;

use super::kit::{Bench, head, log_of, signed, start_log, text};
use crate::answer_lines::LINES_MAX;
use crate::workers::Workers;

const JSON: (&str, &str) = ("content-type", "application/x-amz-json-1.1");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn every_answer_is_logged_with_its_request_id_operation_and_caller() {
    start_log();
    let bench = Bench::new();
    let target = |name: &'static str| [JSON, ("x-amz-target", name)];
    let sts = "Action=GetCallerIdentity&Version=2011-06-15";
    let group = r#"{"IdentityStoreId":"d-0000000000","DisplayName":"Ops"}"#;
    let list = target("SWBExternalService.ListInstances");
    let create = target("AWSIdentityStore.CreateGroup");
    let operator = "PorticoOperator";
    for (request, operation, caller, body) in [
        // Inline.
        (signed(head("POST", "/", &list), "sso", "{}"), list[1].1, operator, "{}"),
        // Batch.
        (signed(head("POST", "/", &create), "identitystore", group), create[1].1, operator, group),
        // Worker.
        (signed(head("POST", "/", &[FORM]), "sts", sts), "STS.GetCallerIdentity", operator, sts),
        (head("POST", "/", &list), list[1].1, "", "{}"),
        (head("POST", "/", &[JSON, ("x-amz-target", "No.Such")]), "Unknown", "", "{}"),
        // A target of a service that has none.
        (
            head("POST", "/", &[JSON, ("x-amz-target", "STS.GetCallerIdentity")]),
            "Unknown",
            "",
            "{}",
        ),
        (head("GET", "/sign-in", &[]), "Page", "", ""),
        (head("POST", "/", &[FORM]), "Page", "", "a=b"),
        (head("GET", "/readyz", &[]), "Ready", "", ""),
        (head("GET", "/metrics", &[]), "Metrics", "", ""),
        // Sandbox.
        (head("GET", "/_sandbox/mail", &[]), "Sandbox", "", ""),
        // Objects stream.
        (signed(head("GET", "/", &[]), "s3", ""), "S3", operator, ""),
    ] {
        let exchange = bench.begin(request);
        let (answer, _) = bench.answer(exchange, body.to_owned()).await;
        let id = [
            text(answer.headers(), "x-amzn-requestid"),
            text(answer.headers(), "x-amz-request-id"),
        ]
        .concat();
        let lines = log_of(&id);
        let [line] = &lines[..] else { panic!("{operation}: {lines:?}") };
        assert_eq!(line["message"], "answered", "{line}");
        assert_eq!(line["operation"], operation, "{line}");
        assert_eq!(line["status"], answer.status().as_u16(), "{line}");
        let logged = line["caller"].as_str().unwrap_or_default();
        assert!(logged.contains(caller) && logged.is_empty() == caller.is_empty(), "{line}");
    }
}

#[tokio::test]
async fn a_panic_on_a_worker_is_logged_with_the_request() {
    start_log();
    let bench = Bench::new();
    let exchange = bench.begin(head("GET", "/sign-in", &[]));
    let id = exchange.info.id.to_string();
    let workers = Workers::start(1, 1).unwrap();
    let panics = || -> () { panic!("on purpose") };
    let run = workers.run(panics);
    let outcome = tracing::Instrument::instrument(run, exchange.span.clone()).await;
    assert!(outcome.is_err());
    let (done, wait) = channel();
    // The line is written before the next job begins.
    while workers
        .submit(Box::new({
            let done = done.clone();
            move || done.send(()).unwrap()
        }))
        .is_err()
    {}
    wait.recv().unwrap();
    let [line] = log_of(&id).try_into().unwrap();
    assert_eq!((&line["level"], &line["operation"]), (&"ERROR".into(), &"Page".into()), "{line}");
    assert!(line["message"].as_str().unwrap().contains("panicked"), "{line}");
}

#[tokio::test]
async fn a_flood_of_a_stranger_takes_no_line_of_a_known_caller() {
    start_log();
    let bench = Bench::new();
    let list = [JSON, ("x-amz-target", "SWBExternalService.ListInstances")];
    let mut logged = 0;
    for _ in 0..LINES_MAX / 8 + 20 {
        let exchange = bench.begin(head("POST", "/", &list));
        let (answer, _) = bench.answer(exchange, "{}".to_owned()).await;
        logged += log_of(text(answer.headers(), "x-amzn-requestid")).len();
    }
    assert_eq!(logged, LINES_MAX / 8);
    for (request, name) in [
        (signed(head("POST", "/", &list), "sso", "{}"), "x-amzn-requestid"),
        (signed(head("GET", "/", &[]), "s3", "{}"), "x-amz-request-id"),
    ] {
        let exchange = bench.begin(request);
        let (answer, _) = bench.answer(exchange, "{}".to_owned()).await;
        assert_eq!(log_of(text(answer.headers(), name)).len(), 1, "{name}");
    }
}
