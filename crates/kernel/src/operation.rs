//! Operations of the wire: a typed constant beside the function of each.
//!
//! ```text
//! pub const OPERATION: Operation<ListGroupsRequest, ListGroupsReply> =
//!     Operation::reads("AWSIdentityStore.ListGroups", "identitystore:ListGroups", list_groups);
//! ```
//!
//! The constant ties the name and the action to the types: a function with another request or reply
//! does not compile. Everything else takes the name and the action from it.

use model::Fault;
use protocol::{Fields, FromFields};

use crate::Ctx;
use crate::perform::{perform, trace};
use crate::reply::WriteReply;

/// An operation with its request and reply types.
pub struct Operation<Request, Reply> {
    /// `X-Amz-Target`; for other protocols `<service>.<operation>` in the same form.
    pub name: &'static str,
    /// The action that policies allow or deny, `service:Action`.
    pub action: &'static str,
    pub access: Access,
    run: fn(&Ctx<'_>, &Request) -> Result<Reply, Fault>,
}

/// Whether an operation leaves something behind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Access {
    /// It only reads. Its event is buffered for up to a second.
    Reads,
    /// It commits, and its event with it.
    Writes,
    /// It commits after work that others must not wait for: it hashes a password.
    WritesSlowly,
}

impl<Request, Reply> Operation<Request, Reply> {
    /// Declares an operation that only reads.
    #[must_use]
    pub const fn reads(
        name: &'static str,
        action: &'static str,
        run: fn(&Ctx<'_>, &Request) -> Result<Reply, Fault>,
    ) -> Self {
        Self { name, action, access: Access::Reads, run }
    }

    /// Declares an operation that commits.
    #[must_use]
    pub const fn writes(
        name: &'static str,
        action: &'static str,
        run: fn(&Ctx<'_>, &Request) -> Result<Reply, Fault>,
    ) -> Self {
        Self { name, action, access: Access::Writes, run }
    }

    /// Declares an operation that commits after slow work.
    #[must_use]
    pub const fn writes_slowly(
        name: &'static str,
        action: &'static str,
        run: fn(&Ctx<'_>, &Request) -> Result<Reply, Fault>,
    ) -> Self {
        Self { name, action, access: Access::WritesSlowly, run }
    }

    /// Does the operation and leaves its trace in the audit log. Pages call operations by this.
    pub fn call(&self, ctx: &Ctx<'_>, request: &Request) -> Result<Reply, Fault> {
        perform(ctx, (self.action, self.access), || (self.run)(ctx, request))
    }
}

/// An operation as routers see it: without its types.
pub trait Served: Sync {
    /// `X-Amz-Target`, or `<service>.<operation>`.
    fn name(&self) -> &'static str;

    /// The action that policies allow or deny.
    fn action(&self) -> &'static str;

    fn access(&self) -> Access;

    /// Reads the request, does the operation, and leaves its trace. The reply is not written yet.
    fn perform(&self, ctx: &Ctx<'_>, fields: &Fields<'_>) -> Result<Box<dyn WriteReply>, Fault>;
}

impl<Request: FromFields, Reply: WriteReply + 'static> Served for Operation<Request, Reply> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn action(&self) -> &'static str {
        self.action
    }

    fn access(&self) -> Access {
        self.access
    }

    fn perform(&self, ctx: &Ctx<'_>, fields: &Fields<'_>) -> Result<Box<dyn WriteReply>, Fault> {
        match Request::from_fields(fields) {
            Ok(request) => Ok(Box::new(self.call(ctx, &request)?)),
            Err(fault) => trace(ctx, self.action, Some(&fault)).and(Err(fault)),
        }
    }
}
