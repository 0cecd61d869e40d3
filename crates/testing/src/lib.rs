//! In-memory server for tests of operations.
//!
//! ```text
//! let bench = Bench::new();
//! let reply = bench.call("AWSIdentityStore.CreateGroup", json!({"IdentityStoreId": bench.store_id(), …}));
//! ```

#![expect(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::new_without_default,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]

pub mod center;
pub mod people;
pub mod security_key;

use std::sync::Arc;

use kernel::jobs::PAUSE_MS;
use kernel::jobs::runner::Runner;
use kernel::passwords::Passwords;
use kernel::startup::{Founding, Purpose};
use kernel::{Ctx, Portico, RequestInfo, Settings};
use model::ids::RequestId;
use model::instance::Instance;
use model::mfa::{MfaSettings, NoMfaSignInBehavior};
pub use model::testing::{Counted, StillClock};
use model::{AuditEvent, Clock, Fault, Random};
use policy::testing::role_session;
use policy::{Caller, Policies, Policy, PolicyType, Principal, RoleSession};
use protocol::Fields;
use serde_json::Value;
pub use service::{JOBS, find};
pub use sso_admin::create_instance::enable_instance;
use store::job::Kinds;
use store::{Db, Location, Origin, Stamp};

/// Management account of every bench.
pub const ACCOUNT: &str = "123456789012";

/// The address that requests come from.
pub const ADDRESS: &str = "192.0.2.1";

/// Start time of every bench.
pub const START_MS: i64 = 1_800_000_000_000;

/// Returns what a server is opened with that has an organisation and no keys of its own.
pub fn founding(
    db: Db,
    clock: impl Clock + 'static,
    random: impl Random + 'static,
) -> Founding<'static> {
    Founding {
        purpose: Purpose::Serve,
        db,
        clock: Box::new(clock),
        random: Box::new(random),
        root_key: &[7; 32],
        account_id: Some(ACCOUNT.parse().unwrap()),
        with_organization: true,
        passwords: (1, 1),
        static_keys: Vec::new(),
        head_folder: None,
        archive_folder: None,
    }
}

/// In-memory server with an organisation and its instance, a clock that is moved by hand, and
/// deterministic randomness.
pub struct Bench {
    pub portico: Arc<Portico>,
    pub clock: StillClock,
}

impl Bench {
    pub fn new() -> Self {
        let bench = Self::found(Location::Memory, true);
        enable_instance(&bench.portico).unwrap();
        bench.let_in_without_mfa();
        bench
    }

    /// Lets people in with the password alone, as most tests need it. It leaves no event and uses up no randomness.
    pub fn let_in_without_mfa(&self) {
        let permit =
            policy::authorize(&Portico::itself(), "portico:Test", "*", &policy::NoFacts).unwrap();
        let found =
            store::instance::find_of_organization(&mut self.portico.db.read(&permit).unwrap());
        let instance_id = found.unwrap().unwrap().id;
        let no_mfa_sign_in_behavior = NoMfaSignInBehavior::Allowed;
        let settings = MfaSettings { no_mfa_sign_in_behavior, ..MfaSettings::default() };
        let stamp = Stamp::new(START_MS, &[0; 10], String::new(), Origin::default());
        let mut tx = self.portico.db.begin(permit, stamp).unwrap();
        store::setting::put(&mut tx, &instance_id, &settings).unwrap();
        tx.commit(&AuditEvent::new().if_recorded(false)).unwrap();
    }

    /// Makes a server without an instance, with or without an organisation.
    pub fn found(location: Location, with_organization: bool) -> Self {
        let clock = StillClock::at(START_MS);
        let db = Db::open(location).unwrap();
        let founding = Founding {
            with_organization,
            passwords: (1, 8),
            ..founding(db, clock.clone(), Counted::new(1))
        };
        let settings = |management_account_id| Settings {
            public_url: "http://localhost:8080".to_owned(),
            ..Settings::new(management_account_id)
        };
        let mut portico = Portico::open(founding, settings).unwrap();
        // Password hashes are cheap, because no test depends on their cost.
        Arc::get_mut(&mut portico).unwrap().passwords = Passwords::with_cost(1, 8, people::CHEAP);
        Self { portico, clock }
    }

    /// Returns the organisation's instance.
    pub fn instance(&self) -> Instance {
        self.as_caller(&Portico::itself(), |ctx| {
            let permit = ctx.authorize("portico:ReadStanding", "*").unwrap();
            let mut read = ctx.read(&permit).unwrap();
            store::instance::find_of_organization(&mut read).unwrap().unwrap()
        })
    }

    /// Returns the id of the identity store of that instance.
    pub fn store_id(&self) -> String {
        self.instance().identity_store_id.to_string()
    }

    /// Calls a wire operation as an administrator of the management account.
    pub fn call(&self, operation: &str, body: &Value) -> Result<Value, Fault> {
        self.call_as(&administrator(ACCOUNT), operation, body)
    }

    /// Calls a wire operation.
    pub fn call_as(
        &self,
        caller: &Arc<Caller>,
        operation: &str,
        body: &Value,
    ) -> Result<Value, Fault> {
        self.call_from(ADDRESS, caller, operation, body)
    }

    /// Calls a wire operation from an address.
    pub fn call_from(
        &self,
        address: &str,
        caller: &Arc<Caller>,
        operation: &str,
        body: &Value,
    ) -> Result<Value, Fault> {
        let operation = service::find(operation).unwrap();
        let fields = Fields::from_json(body.to_string().as_bytes())?;
        let mut reply = Vec::new();
        let perform = |ctx: &Ctx<'_>| operation.perform(ctx, &fields);
        self.as_caller_from(address, caller, perform)?.write_json(&mut reply)?;
        Ok(serde_json::from_slice(&reply).unwrap())
    }

    /// Claims and runs one job of any kind, if one is due.
    pub fn run_job(&self) -> Result<bool, Fault> {
        Runner::new(service::JOBS, 0).run_some(&self.portico)
    }

    /// Runs jobs until none is due, and moves the clock over the pauses of jobs that go on.
    pub fn finish_jobs(&self) {
        loop {
            while self.run_job().unwrap() {}
            let wait_ms = self.next_job_due_ms().map(|due_ms| due_ms - self.portico.clock.now_ms());
            match wait_ms {
                Some(wait_ms) if wait_ms <= PAUSE_MS => self.clock.advance(wait_ms),
                _ => return,
            }
        }
    }

    fn next_job_due_ms(&self) -> Option<i64> {
        let kinds = Kinds::of(service::JOBS.iter().map(|work| work.name()));
        self.as_caller(&Portico::itself(), |ctx| {
            let permit = ctx.authorize("portico:ReadJob", "*").unwrap();
            store::job::next_due_ms(&mut ctx.read(&permit).unwrap(), &kinds).unwrap()
        })
    }

    /// Runs `act` with the context of a request of `caller`.
    pub fn as_caller<T>(&self, caller: &Arc<Caller>, act: impl FnOnce(&Ctx<'_>) -> T) -> T {
        self.as_caller_from(ADDRESS, caller, act)
    }

    /// Runs `act` with the context of a request of `caller` from an address.
    pub fn as_caller_from<T>(
        &self,
        source_address: &str,
        caller: &Arc<Caller>,
        act: impl FnOnce(&Ctx<'_>) -> T,
    ) -> T {
        let origin =
            Origin { source_address: source_address.to_owned(), user_agent: "test".to_owned() };
        let id = RequestId::random(&*self.portico.random);
        act(&Ctx::new(&self.portico, caller, &RequestInfo::new(id, origin, true)))
    }
}

/// Makes a role session of an account with permission to do everything.
pub fn administrator(account: &str) -> Arc<Caller> {
    role(account, r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#)
}

/// Makes a role session of an account with one policy that has these statements.
pub fn role(account: &str, statements: &str) -> Arc<Caller> {
    let document = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    let policy = Policy::parse(PolicyType::IdentityBased, "test", &document).unwrap();
    let session = RoleSession { issued_at_ms: START_MS, ..role_session(account.parse().unwrap()) };
    Arc::new(Caller {
        principal: Principal::Role(session),
        policies: Policies::identity_based(vec![Arc::new(policy)]),
    })
}
