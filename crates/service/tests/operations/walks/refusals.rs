//! Callers without permission and callers of other accounts are refused by every operation.

use std::sync::Arc;

use examples::{Call, Callers};
use kernel::Portico;
use model::Fault;
use policy::Caller;
use serde_json::{Value, json};
use testing::{ACCOUNT, administrator, role};

use super::walker::{Suite, Walker, walk};

struct Refusals {
    /// A role of the management account that is allowed nothing.
    nothing: Arc<Caller>,
    /// An administrator of a member account.
    member: Arc<Caller>,
    /// An administrator of an account outside of the organization.
    outsider: Arc<Caller>,
    /// The reads that show whether a refused call changed anything.
    reads: Vec<(&'static str, Value)>,
}

impl Refusals {
    fn new(walker: &Walker) -> Self {
        let new = json!({"AccountName": "Member", "Email": "member@example.com"});
        let made = walker.bench.call("AWSOrganizationsV20161128.CreateAccount", &new).unwrap();
        walker.work();
        let id = json!({"CreateAccountRequestId": made["CreateAccountStatus"]["Id"]});
        let operation = "AWSOrganizationsV20161128.DescribeCreateAccountStatus";
        let status = walker.bench.call(operation, &id).unwrap();
        let member = status["CreateAccountStatus"]["AccountId"].as_str().unwrap();
        let store = json!({"IdentityStoreId": walker.bench.store_id()});
        let instance = json!({"InstanceArn": walker.bench.instance().id.arn()});
        Self {
            nothing: role(ACCOUNT, r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#),
            member: administrator(member),
            outsider: administrator("210987654321"),
            reads: vec![
                ("AWSIdentityStore.ListUsers", store.clone()),
                ("AWSIdentityStore.ListGroups", store),
                ("SWBExternalService.DescribeInstance", instance.clone()),
                ("SWBExternalService.ListPermissionSets", instance),
                ("AWSOrganizationsV20161128.ListAccounts", json!({})),
                ("AWSOrganizationsV20161128.ListCreateAccountStatus", json!({})),
            ],
        }
    }

    fn read(&self, walker: &Walker) -> Vec<Result<Value, Fault>> {
        self.reads.iter().map(|(operation, body)| walker.bench.call(operation, body)).collect()
    }
}

impl Suite for Refusals {
    fn refuse(&mut self, walker: &Walker, call: &Call) {
        let before = self.read(walker);
        let outcome = |caller: &Arc<Caller>| walker.call_as(caller, call);
        let assert_denied = |caller| {
            let outcome = outcome(caller);
            assert!(matches!(outcome, Err(Fault::Denied(_))), "{call:?}: {outcome:?}");
        };
        match call.callers {
            Callers::Permitted => {
                [&self.nothing, &self.member, &self.outsider].into_iter().for_each(assert_denied);
            }
            Callers::Organization => {
                assert_denied(&self.nothing);
                let outcome = outcome(&self.member);
                assert!(outcome.is_ok(), "{call:?}: {outcome:?}");
            }
            Callers::AnyKeys => {
                let outcome = outcome(&self.nothing);
                assert!(outcome.is_ok(), "{call:?}: {outcome:?}");
            }
            Callers::AccessToken => {
                for caller in [&Portico::anonymous(), &administrator(ACCOUNT)] {
                    assert_eq!(outcome(caller), Err(Fault::NoSession), "{call:?}");
                }
            }
            Callers::Everyone => {}
            Callers::StandaloneAccount => assert_denied(&self.nothing),
        }
        assert_eq!(self.read(walker), before, "{call:?} was refused");
    }

    fn caller(&self, _: &Walker, _: &Call) -> Arc<Caller> {
        administrator(ACCOUNT)
    }

    fn see(&mut self, _: &Call, _: &Value) {}
}

#[test]
fn no_operation_is_done_without_permission_or_from_another_account() {
    let walker = Walker::new();
    let mut refusals = Refusals::new(&walker);
    walk(walker, &mut refusals);
}
