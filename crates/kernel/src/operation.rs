//! Wire operations: each is declared by a typed constant beside its function.
//!
//! ```text
//! pub const OPERATION: Operation<ListGroupsRequest, ListGroupsReply> =
//!     Operation::reads("AWSIdentityStore.ListGroups", "identitystore:ListGroups", list_groups);
//! ```
//!
//! The constant ties the name and the action to the types: a function with another request or reply
//! does not compile. No two operations of a service have equal types, so that no function compiles in
//! the constant of another. All other code takes the name and the action from the constant.

use std::any::Any;

use model::Fault;
use protocol::{Fields, FromFields};

use crate::perform::{perform, trace};
use crate::reply::WriteReply;
use crate::{Access, Ctx};

/// Operation with its request and reply types.
pub struct Operation<Request, Reply> {
    /// `X-Amz-Target`; for other protocols `<service>.<operation>` in the same form.
    pub name: &'static str,
    /// Action in policies, `service:Action`.
    pub action: &'static str,
    pub access: Access,
    run: fn(&Ctx<'_>, &Request) -> Result<Reply, Fault>,
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

    /// Runs the operation and records it in the audit log. Pages call operations through this.
    pub fn call(&self, ctx: &Ctx<'_>, request: &Request) -> Result<Reply, Fault> {
        perform(ctx, (self.action, self.access), || (self.run)(ctx, request))
    }
}

/// Operation without its types, for routers.
pub trait Served: Any + Sync {
    /// Returns `X-Amz-Target`, or `<service>.<operation>`.
    fn name(&self) -> &'static str;

    /// Returns the action in policies.
    fn action(&self) -> &'static str;

    fn access(&self) -> Access;

    /// Reads the request, runs the operation and records it. The reply is not serialized yet.
    fn perform(&self, ctx: &Ctx<'_>, fields: &Fields<'_>) -> Result<Box<dyn WriteReply>, Fault>;
}

impl<Request: FromFields + 'static, Reply: WriteReply + 'static> Served
    for Operation<Request, Reply>
{
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
            Err(fault) => trace(ctx, self.action, &fault).and(Err(fault)),
        }
    }
}
