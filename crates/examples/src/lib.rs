//! One successful call of every operation, written once and driven by three test suites.
//!
//! The calls form a walk: it builds an organization, reads it from all sides and takes it down again,
//! so that each call finds what it needs. A new operation is one `step` in the file of its service.
//! A driver implements [`Api`] and decides what else happens around each call:
//!
//! - the tests of `service` call in memory and check who is refused,
//! - `tests/e2e/operation_walk` calls over HTTP and compares the audit log,
//! - `cargo xtask model-check` compares the replies with AWS's service models.
//!
//! INVARIANT: each driver compares the operations that it was given with those that are served.

pub mod identity_store;
pub mod organizations;
pub mod portal;
pub mod portico_admin;
pub mod sso_admin;
pub mod sso_oidc;
pub mod sts;
pub mod world;

use serde_json::Value;

pub use world::World;

/// A call of an operation with an input that the operation accepts.
#[derive(Clone, Debug)]
pub struct Call {
    /// The name in the table of operations: `AWSIdentityStore.ListGroups`.
    pub operation: &'static str,
    /// The members as the service model names them.
    pub input: Value,
    pub callers: Callers,
}

/// The callers for whom a call succeeds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Callers {
    /// Roles of the owning account whose policies allow the action.
    Permitted,
    /// Roles of every account of the organization whose policies allow the action.
    Organization,
    /// Everyone with valid keys, whatever the policies say.
    AnyKeys,
    /// The person whose access token is in the input.
    AccessToken,
    /// Everyone, without a signature too.
    Everyone,
    /// Roles of an account outside of any organization whose policies allow the action.
    StandaloneAccount,
}

impl Call {
    /// A call that succeeds for [`Callers::Permitted`].
    #[must_use]
    pub fn new(operation: &'static str, input: Value) -> Self {
        Self { operation, input, callers: Callers::Permitted }
    }

    /// The call with other callers.
    #[must_use]
    pub fn by(self, callers: Callers) -> Self {
        Self { callers, ..self }
    }
}

/// The server under test, as a driver reaches it.
///
/// A driver that goes on after a failed call answers null; the walk passes null on.
pub trait Api {
    /// Makes the call for callers who must be refused, and checks that they are.
    fn refuse(&mut self, call: &Call);

    /// Makes the call for a caller who must succeed, and answers with the reply.
    fn succeed(&mut self, call: &Call) -> Value;

    /// Makes the call until `is_pending` is false of the reply, and answers with that reply.
    fn wait(&mut self, call: &Call, is_pending: &dyn Fn(&Value) -> bool) -> Value;

    /// Signs a person in to the portal with a one-time password, who chooses another one.
    fn sign_in(&mut self, user_name: &str, one_time_password: &Value);

    /// Lets a device in: the person who signed in last confirms the code and allows access.
    /// `authorization` is the reply of `StartDeviceAuthorization`.
    fn approve(&mut self, authorization: &Value);

    /// Makes a call for those who must be refused and then for one who must succeed.
    fn call(&mut self, call: &Call) -> Value {
        self.refuse(call);
        self.succeed(call)
    }

    /// Makes a call that is open to [`Callers::Permitted`].
    fn step(&mut self, operation: &'static str, input: Value) -> Value {
        self.call(&Call::new(operation, input))
    }
}

/// Makes every call of every service.
pub fn walk(api: &mut dyn Api, world: &mut World) {
    organizations::walk(api, world);
    sts::walk(api);
    sso_admin::walk_instance(api, world);
    identity_store::walk(api, world);
    sso_admin::walk_permission_sets(api, world);
    sso_admin::walk_assignments(api, world);
    portico_admin::walk(api, world);
    sso_oidc::walk(api, world);
    portal::walk(api, world);
    sso_admin::take_down_permission_sets(api, world);
    identity_store::take_down(api, world);
    sso_admin::take_down_instance(api, world);
}
