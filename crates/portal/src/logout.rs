//! AWS SSO, `Logout`: ends the session of the token.

use kernel::reply::NoReply;
use kernel::sessions::person;
use kernel::{Ctx, Operation};
use model::{AuditEvent, Fault};
use protocol::NoFields;
use store::session;

pub const OPERATION: Operation<NoFields, NoReply> =
    Operation::writes("SSOPortal.Logout", "awsssoportal:Logout", logout);

/// Ends the session of the token, with its tokens and the role credentials that were issued through
/// it. The browser session that authorized the command line continues.
pub fn logout(ctx: &Ctx<'_>, _: &NoFields) -> Result<NoReply, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(OPERATION.action, &person.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    session::end(&mut tx, &person.identity_store_id, &person.session_id)?;
    tx.commit(&AuditEvent::new().asked("sessionId", &person.session_id))?;
    Ok(NoReply {})
}
