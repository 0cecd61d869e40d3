//! AWS SSO, `Logout`: ends what the token's command line was let in to.

use kernel::reply::NoReply;
use kernel::sessions::person;
use kernel::{Ctx, Operation};
use model::{AuditEvent, Fault};
use protocol::NoFields;
use store::session;

pub const OPERATION: Operation<NoFields, NoReply> =
    Operation::writes("SSOPortal.Logout", "awsssoportal:Logout", logout);

/// Ends the session of the token, with its tokens and the keys that were given out through it. A
/// browser's session that let the command line in goes on.
pub fn logout(ctx: &Ctx<'_>, _: &NoFields) -> Result<NoReply, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(OPERATION.action, &person.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    session::end(&mut tx, &person.identity_store_id, &person.session_id)?;
    tx.commit(&AuditEvent::new().asked("sessionId", &person.session_id))?;
    Ok(NoReply {})
}
