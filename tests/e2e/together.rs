//! Writes that arrive at the same moment form a batch, and each gets its own answer.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::thread;

use serde_json::{Value, json};

use crate::support::{Answer, Installation, Keys, Organization, Request, text};

const CREATE: &str = "AWSIdentityStore.CreateGroup";

/// The outcome of a request.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Fate {
    Created,
    Doubled,
    Misspelt,
    Denied,
}

#[test]
fn of_writes_that_are_done_together_each_has_its_own_answer_and_its_own_event() {
    let installation = Installation::embedded();
    let portico = installation.serve();
    let organization = Organization::of(&portico, installation.operator());
    let (_, poor) = organization.person_who_may("poor", "Poor", &["s3:ListAllMyBuckets"]);

    let rich = organization.keys.clone();
    let create = |name: &str| json!({"IdentityStoreId": organization.store, "DisplayName": name});
    let sign = |keys: &Keys, name: &str| keys.sign_call(CREATE, &create(name), &portico);
    let wishes: Vec<(Request, Option<Fate>)> = (0..100)
        .map(|number| match number % 4 {
            0 => (sign(&rich, &format!("Group {number}")), Some(Fate::Created)),
            // The first of these requests succeeds, the others conflict with it.
            1 => (sign(&rich, "The same"), None),
            2 => (sign(&rich, ""), Some(Fate::Misspelt)),
            _ => (sign(&poor, &format!("Denied {number}")), Some(Fate::Denied)),
        })
        .collect();
    let (gate, address) = (&Barrier::new(wishes.len()), portico.address);
    let answers: Vec<(Answer, Option<Fate>)> = thread::scope(|scope| {
        let ask = |(request, fate): (Request, Option<Fate>)| {
            scope.spawn(move || {
                gate.wait();
                (request.send(address), fate)
            })
        };
        let threads: Vec<_> = wishes.into_iter().map(ask).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    portico.kill();

    let mut logged = events_of_groups(&installation);
    let mut fates: BTreeMap<Fate, u32> = BTreeMap::new();
    for (answer, expected) in answers {
        let fate = fate(&answer);
        assert!(expected.is_none_or(|expected| expected == fate), "{expected:?}: {answer}");
        *fates.entry(fate).or_default() += 1;
        let events = logged.remove(answer.header("x-amzn-requestid").unwrap()).unwrap_or_default();
        // Events of invalid requests are buffered for up to a second; the server is killed before.
        match fate {
            Fate::Created => assert_eq!(events, [Value::Null], "{answer}"),
            Fate::Denied => assert_eq!(events, [json!("AccessDenied")], "{answer}"),
            Fate::Doubled | Fate::Misspelt => {}
        }
    }
    let expected =
        [(Fate::Created, 26), (Fate::Doubled, 24), (Fate::Misspelt, 25), (Fate::Denied, 25)];
    assert_eq!(fates, BTreeMap::from(expected));
}

fn fate(answer: &Answer) -> Fate {
    match (answer.status, answer.error().as_str()) {
        (200, _) => Fate::Created,
        (400, "ConflictException") => Fate::Doubled,
        (400, "ValidationException") => Fate::Misspelt,
        (400, "AccessDeniedException") => Fate::Denied,
        _ => panic!("{answer}"),
    }
}

/// The error codes of `CreateGroup` events on disk, by request.
fn events_of_groups(installation: &Installation) -> BTreeMap<String, Vec<Value>> {
    let mut events: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for event in installation.audit_log() {
        if event["eventName"] == "CreateGroup" {
            events.entry(text(&event["requestID"])).or_default().push(event["errorCode"].clone());
        }
    }
    events
}
