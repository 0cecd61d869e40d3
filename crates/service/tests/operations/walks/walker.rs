//! A driver of `examples::walk` that calls operations in memory, with its jobs and its clock.

use std::collections::BTreeSet;
use std::sync::Arc;

use ::oauth::device::{DeviceRequest, approve_device, confirm_device};
use ::sign_in::authenticate::Authentication::MustSetPassword;
use examples::{Api, Call, Callers, World};
use kernel::credentials::person::caller_of_access_token;
use kernel::sessions::NewSession;
use kernel::{Portico, Served};
use model::Fault;
use policy::Caller;
use serde_json::Value;
use store::Location;
use testing::people::{BROWSER, PASSWORD};
use testing::{ACCOUNT, Bench, administrator};

/// Minimum time between a device's requests for its token.
const POLL_INTERVAL_MS: i64 = 1000;

/// Checks of one suite for each call.
pub(super) trait Suite {
    /// Checks that callers are refused, before the call succeeds.
    fn refuse(&mut self, walker: &Walker, call: &Call);

    /// The caller who must succeed in place of an administrator.
    fn caller(&self, walker: &Walker, call: &Call) -> Arc<Caller>;

    /// Runs every job that is due.
    fn work(&mut self, walker: &Walker) {
        walker.work();
    }

    /// Looks at a reply.
    fn see(&mut self, call: &Call, reply: &Value);
}

/// The server of a walk.
pub(super) struct Walker {
    pub(super) bench: Bench,
    /// A server whose account is in no organization.
    standalone: Bench,
    /// The session of the person who signed in last.
    portal: Option<NewSession>,
    done: BTreeSet<&'static str>,
}

/// Makes every call; each served operation must be among them.
pub(super) fn walk(walker: Walker, suite: &mut dyn Suite) {
    let mut driver = Driver { walker, suite };
    examples::walk(&mut driver, &mut World::default());
    let served: BTreeSet<_> = service::operations().map(Served::name).collect();
    assert_eq!(driver.walker.done, served, "each operation has an example");
}

impl Walker {
    pub(super) fn new() -> Self {
        Self {
            bench: Bench::new(),
            standalone: Bench::found(Location::Memory, false),
            portal: None,
            done: BTreeSet::new(),
        }
    }

    /// The outcome of a call by a caller.
    pub(super) fn call_as(&self, caller: &Arc<Caller>, call: &Call) -> Result<Value, Fault> {
        self.bench.call_as(caller, call.operation, &call.input)
    }

    /// Runs every job that is due.
    pub(super) fn work(&self) {
        while self.bench.run_job().unwrap() {}
    }
}

struct Driver<'a> {
    walker: Walker,
    suite: &'a mut dyn Suite,
}

impl Api for Driver<'_> {
    fn refuse(&mut self, call: &Call) {
        assert!(service::find(call.operation).is_some(), "{} is not served", call.operation);
        self.suite.refuse(&self.walker, call);
    }

    fn succeed(&mut self, call: &Call) -> Value {
        let walker = &mut self.walker;
        let reply = match call.callers {
            Callers::Permitted | Callers::Organization | Callers::AnyKeys => {
                walker.call_as(&self.suite.caller(walker, call), call)
            }
            Callers::AccessToken => {
                let token = call.input["accessToken"].as_str().unwrap();
                let person = caller_of_access_token(&walker.bench.portico, token).unwrap();
                walker.call_as(&person, call)
            }
            Callers::Everyone => walker.call_as(&Portico::anonymous(), call),
            Callers::StandaloneAccount => {
                let caller = administrator(ACCOUNT);
                walker.standalone.call_as(&caller, call.operation, &call.input)
            }
        };
        let reply = reply.unwrap_or_else(|fault| panic!("{call:?}: {fault:?}"));
        walker.done.insert(call.operation);
        self.suite.see(call, &reply);
        reply
    }

    fn wait(&mut self, call: &Call, is_pending: &dyn Fn(&Value) -> bool) -> Value {
        self.suite.work(&self.walker);
        let reply = self.succeed(call);
        assert!(!is_pending(&reply), "{reply}");
        reply
    }

    fn sign_in(&mut self, user_name: &str, one_time_password: &Value) {
        let bench = &self.walker.bench;
        let outcome = bench.sign_in(user_name, one_time_password.as_str().unwrap()).unwrap();
        let MustSetPassword { ticket, .. } = outcome else { panic!("{outcome:?}") };
        self.walker.portal = Some(bench.set_password(&ticket, BROWSER, PASSWORD).unwrap());
    }

    fn approve(&mut self, authorization: &Value) {
        let bench = &self.walker.bench;
        let user_code = authorization["userCode"].as_str().unwrap().to_owned();
        let person = bench.caller_of(self.walker.portal.as_ref().unwrap()).unwrap();
        let request = DeviceRequest { user_code };
        for step in [confirm_device, approve_device] {
            bench.as_caller(&person, |ctx| step(ctx, &request)).unwrap();
        }
        bench.clock.advance(POLL_INTERVAL_MS);
    }
}
