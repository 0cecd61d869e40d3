//! Signing out of the portal.

use model::{AuditEvent, Fault};
use store::session;

use crate::Ctx;
use crate::sessions::{person, require_portal};

/// Ends the portal session of whoever calls, and every command line that it authorised.
pub fn sign_out(ctx: &Ctx<'_>, (): &()) -> Result<(), Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize("signin:SignOut", &person.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let portal = require_portal(&mut tx, person)?;
    session::end(&mut tx, &portal.identity_store_id, &portal.id)?;
    tx.commit(&AuditEvent::new().asked("sessionId", &portal.id))
}
