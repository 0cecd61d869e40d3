//! A server in memory, for tests of operations.
//!
//! ```text
//! let bench = Bench::new();
//! let reply = bench.call("AWSIdentityStore.CreateGroup", json!({"IdentityStoreId": bench.store_id(), …}));
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test stops at the first surprise"
)]

pub mod people;

use std::sync::Arc;

use kernel::jobs::runner::Runner;
use kernel::passwords::Passwords;
use kernel::startup::{Founding, Purpose};
use kernel::{Ctx, Portico, RequestInfo, Settings};
use model::Fault;
use model::ids::RequestId;
use model::instance::Instance;
pub use model::testing::{Counted, StillClock};
use policy::testing::role_session;
use policy::{Caller, Policy, Principal, RoleSession};
use protocol::Fields;
use serde_json::Value;
use sso_admin::create_instance::enable_instance;
use store::{Db, Location, Origin};

/// The management account of every bench.
pub const ACCOUNT: &str = "123456789012";

/// When every bench begins.
pub const START_MS: i64 = 1_800_000_000_000;

/// A server in memory whose organisation has an instance, a clock that stands still until it is
/// moved, and randomness that is the same in every run.
pub struct Bench {
    pub portico: Arc<Portico>,
    pub clock: StillClock,
}

impl Bench {
    pub fn new() -> Self {
        let bench = Self::found(Location::Memory, true);
        enable_instance(&bench.portico).unwrap();
        bench
    }

    /// A server that has an organisation or none, and no instance.
    pub fn found(location: Location, with_organization: bool) -> Self {
        let clock = StillClock::at(START_MS);
        let founding = Founding {
            purpose: Purpose::Serve,
            db: Db::open(location).unwrap(),
            clock: Box::new(clock.clone()),
            random: Box::new(Counted::new(1)),
            root_key: &[7; 32],
            account_id: Some(ACCOUNT.parse().unwrap()),
            with_organization,
            passwords: (1, 8),
            static_keys: Vec::new(),
        };
        let settings = |management_account_id| Settings {
            public_url: "http://localhost:8080".to_owned(),
            region: "us-east-1".to_owned(),
            s3_domain: None,
            s3_data_events: true,
            management_account_id,
        };
        let mut portico = Portico::open(founding, settings).unwrap();
        // Hashes that cost little: no test is about what they cost.
        Arc::get_mut(&mut portico).unwrap().passwords = Passwords::with_cost(1, 8, people::CHEAP);
        Self { portico, clock }
    }

    /// The organisation's instance.
    pub fn instance(&self) -> Instance {
        self.as_caller(&Portico::itself(), |ctx| {
            let permit = ctx.authorize("portico:ReadStanding", "*").unwrap();
            let mut read = ctx.read(&permit).unwrap();
            store::instance::find_of_organization(&mut read).unwrap().unwrap()
        })
    }

    /// The identity store of that instance.
    pub fn store_id(&self) -> String {
        self.instance().identity_store_id.to_string()
    }

    /// Does an operation of the wire as an administrator of the management account.
    pub fn call(&self, operation: &str, body: &Value) -> Result<Value, Fault> {
        self.call_as(&administrator(ACCOUNT), operation, body)
    }

    /// Does an operation of the wire.
    pub fn call_as(
        &self,
        caller: &Arc<Caller>,
        operation: &str,
        body: &Value,
    ) -> Result<Value, Fault> {
        let operation = service::find(operation).unwrap();
        let fields = Fields::from_json(body.to_string().as_bytes())?;
        let mut reply = Vec::new();
        self.as_caller(caller, |ctx| operation.perform(ctx, &fields))?.write_json(&mut reply)?;
        Ok(serde_json::from_slice(&reply).unwrap())
    }

    /// Claims and does one job of any kind, if one is due.
    pub fn run_job(&self) -> Result<bool, Fault> {
        Runner::new(service::JOBS).run_one(&self.portico)
    }

    /// Does what an operation function does, in the name of `caller`.
    pub fn as_caller<T>(&self, caller: &Arc<Caller>, act: impl FnOnce(&Ctx<'_>) -> T) -> T {
        self.as_caller_from("192.0.2.1", caller, act)
    }

    /// The same, from an address.
    pub fn as_caller_from<T>(
        &self,
        source_address: &str,
        caller: &Arc<Caller>,
        act: impl FnOnce(&Ctx<'_>) -> T,
    ) -> T {
        let origin =
            Origin { source_address: source_address.to_owned(), user_agent: "test".to_owned() };
        let id = RequestId::random(&*self.portico.random);
        act(&Ctx::new(&self.portico, caller, &RequestInfo { id, origin, secure: true }))
    }
}

/// A role of an account that may do everything.
pub fn administrator(account: &str) -> Arc<Caller> {
    role(account, r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#)
}

/// A role of an account with one policy, of which these are the statements.
pub fn role(account: &str, statements: &str) -> Arc<Caller> {
    let document = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    let session = RoleSession { issued_at_ms: START_MS, ..role_session(account.parse().unwrap()) };
    Arc::new(Caller {
        principal: Principal::Role(session),
        policies: vec![Arc::new(Policy::parse("test", &document).unwrap())],
    })
}
