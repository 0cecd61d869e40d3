//! Each job of the walk is done once, also by a worker that comes late.

use std::collections::BTreeSet;
use std::sync::Arc;

use examples::Call;
use model::Fault;
use model::job::JobState;
use policy::Caller;
use serde_json::{Value, json};
use testing::{ACCOUNT, Bench, administrator};

use super::walker::{Suite, Walker, walk};
use crate::jobs::{claim_if_due, perform_once, present as find};
use crate::messages::set_address;

/// Does the work of each job twice.
#[derive(Default)]
struct Twice {
    done: BTreeSet<String>,
}

impl Suite for Twice {
    fn refuse(&mut self, _: &Walker, _: &Call) {}

    fn caller(&self, _: &Walker, _: &Call) -> Arc<Caller> {
        administrator(ACCOUNT)
    }

    fn work(&mut self, walker: &Walker) {
        self.work_on(&walker.bench);
    }

    fn see(&mut self, _: &Call, _: &Value) {}
}

impl Twice {
    fn work_on(&mut self, bench: &Bench) {
        while let Some(claimed) = claim_if_due(bench) {
            assert_eq!(perform_once(bench, &claimed), Ok(()), "{claimed:?}");
            let ended = find(bench, &claimed);
            // The row of a job of which nobody asks for the status goes.
            let state = ended.as_ref().map_or(JobState::Succeeded, |job| job.state);
            assert_eq!(state, JobState::Succeeded, "{ended:?}");
            let again = perform_once(bench, &claimed);
            assert!(matches!(again, Err(Fault::Broken(_))), "{claimed:?}: {again:?}");
            assert_eq!(find(bench, &claimed), ended);
            self.done.insert(claimed.kind);
        }
    }

    /// Asks for a link of a person who has forgotten the password.
    fn forget_a_password(&mut self) {
        let bench = Bench::new();
        let (user, _) = bench.create_person("alice");
        set_address(&bench, &user, &json!([{ "Value": "alice@example.com" }]));
        bench.forgot_password("alice").unwrap();
        self.work_on(&bench);
    }

    /// Deletes a group and a user, which no example waits for.
    fn delete_principals(&mut self) {
        let bench = Bench::new();
        let call = |operation: &str, mut body: Value| {
            body["IdentityStoreId"] = bench.store_id().into();
            bench.call(&format!("AWSIdentityStore.{operation}"), &body).unwrap()
        };
        let group = call("CreateGroup", json!({"DisplayName": "Writers"}))["GroupId"].clone();
        call("DeleteGroup", json!({ "GroupId": group }));
        call("DeleteUser", json!({"UserId": bench.create_user("alice").to_string()}));
        self.work_on(&bench);
    }
}

#[test]
fn work_that_is_done_twice_is_done_once() {
    let mut suite = Twice::default();
    walk(Walker::new(), &mut suite);
    suite.forget_a_password();
    suite.delete_principals();
    let all: BTreeSet<String> = service::JOBS.iter().map(|work| work.name().to_owned()).collect();
    assert_eq!(suite.done, all, "each kind of job has an example that waits for it");
}
