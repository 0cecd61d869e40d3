//! Each job of the walk is done once, also by a worker that comes late.

use std::collections::BTreeSet;
use std::sync::Arc;

use examples::Call;
use model::Fault;
use model::job::JobState;
use policy::Caller;
use serde_json::Value;
use testing::{ACCOUNT, administrator};

use super::walker::{Suite, Walker, walk};
use crate::jobs::{claim_if_due, find, perform_once};

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
        let bench = &walker.bench;
        while let Some(claimed) = claim_if_due(bench) {
            assert_eq!(perform_once(bench, &claimed), Ok(()), "{claimed:?}");
            let ended = find(bench, &claimed);
            assert_eq!(ended.state, JobState::Succeeded, "{ended:?}");
            let again = perform_once(bench, &claimed);
            assert!(matches!(again, Err(Fault::Broken(_))), "{claimed:?}: {again:?}");
            assert_eq!(find(bench, &claimed), ended);
            self.done.insert(claimed.kind);
        }
    }

    fn see(&mut self, _: &Call, _: &Value) {}
}

#[test]
fn work_that_is_done_twice_is_done_once() {
    let mut suite = Twice::default();
    walk(Walker::new(), &mut suite);
    let all: BTreeSet<String> = service::JOBS.iter().map(|work| work.name().to_owned()).collect();
    assert_eq!(suite.done, all, "each kind of job has an example that waits for it");
}
