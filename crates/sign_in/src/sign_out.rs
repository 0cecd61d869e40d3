//! Sign-out from the portal.

use kernel::sessions::{person, require_portal};
use kernel::{Ctx, Operation};
use model::{AuditEvent, Fault};
use store::session;

pub const OPERATION: Operation<(), ()> =
    Operation::writes("SignIn.SignOut", "signin:SignOut", sign_out);

/// Ends the portal session of the caller, and every client session that it authorized.
pub fn sign_out(ctx: &Ctx<'_>, (): &()) -> Result<(), Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(OPERATION.action, &person.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let portal = require_portal(&mut tx, person)?;
    session::end(&mut tx, &portal.identity_store_id, &portal.id)?;
    tx.commit(&AuditEvent::new().asked("sessionId", &portal.id))
}
