//! Set-up link that the first start prints: valid once, for the operator.

use kernel::sessions::secret::hash_secret;
use kernel::{Ctx, Operation};
use model::{AuditEvent, Fault};
use store::setup_link;

pub const OPERATION: Operation<RedeemSetupLinkRequest, ()> =
    Operation::writes("SignIn.RedeemSetUpLink", "signin:RedeemSetUpLink", redeem_setup_link);

pub struct RedeemSetupLinkRequest {
    pub token: String,
}

/// Redeems the link. A caller for whom this succeeds is the operator.
pub fn redeem_setup_link(ctx: &Ctx<'_>, request: &RedeemSetupLinkRequest) -> Result<(), Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let mut tx = ctx.begin(permit)?;
    if !setup_link::redeem(&mut tx, &hash_secret(&request.token))? {
        return Err(Fault::conflict(
            "The link is not good any more: it was used, is older than 24 hours, or a newer one was \
             made. On the server's host, `portico admin setup-link` prints another.",
        ));
    }
    tx.commit(&AuditEvent::new().hidden("token"))
}
