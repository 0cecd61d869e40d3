//! Link that lets a person set a password: what it is good for, and the ticket for the page that it leads to.
//!
//! INVARIANT: opening a link changes nothing, because programs that look for harmful mail open links too.

use kernel::sessions::secret::hash_secret;
use kernel::strength::is_guaranteed;
use kernel::{Ctx, Operation};
use model::attribute::EmailAddress;
use model::password::{LinkPurpose, PasswordLink};
use model::token::TokenHash;
use model::{AuditEvent, Fault};
use store::user_password::{self, Signer};
use store::{Read, instance, password_link, user};

use super::ticket::{Proof, Ticket};

pub const OPERATION: Operation<OpenPasswordLinkRequest, OpenedLink> =
    Operation::reads("SignIn.OpenPasswordLink", "signin:OpenPasswordLink", open_password_link);

/// Reason in the event of a link that is good no more.
const STRONGER: &str = "the person may do more than who answers for the link";

pub struct OpenPasswordLinkRequest {
    pub secret: String,
    /// Cookie of the browser.
    pub browser: String,
}

/// Link that is good.
#[derive(Debug)]
pub struct OpenedLink {
    pub purpose: LinkPurpose,
    pub user_name: String,
    /// Ticket for `set_new_password`.
    pub ticket: String,
}

/// Opens a link. `NoSession` means that it is good no more, or never was.
pub fn open_password_link(
    ctx: &Ctx<'_>,
    request: &OpenPasswordLinkRequest,
) -> Result<OpenedLink, Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let mut read = ctx.read(&permit)?;
    let secret_hash = hash_secret(&request.secret);
    let (link, signer) = require_link(ctx, &mut read, &secret_hash)?;
    let ticket = Ticket {
        identity_store_id: link.identity_store_id,
        user_id: link.user_id,
        proof: Proof::Link(secret_hash),
    };
    let ticket = ticket.seal(ctx, &request.browser)?;
    Ok(OpenedLink { purpose: link.purpose, user_name: signer.user_name, ticket })
}

/// Returns a link that is good, and its person. `NoSession` means that it is not.
pub(super) fn require_link(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    secret_hash: &TokenHash,
) -> Result<(PasswordLink, Signer), Fault> {
    let found = password_link::find(read, secret_hash, ctx.now_ms())?;
    let link = found.ok_or(Fault::NoSession)?;
    let (store_id, user_id) = (&link.identity_store_id, &link.user_id);
    let instance = instance::find_by_store(read, store_id)?.ok_or(Fault::NoSession)?;
    let found = user_password::find_signer(read, store_id, user_id)?;
    let signer = found.filter(|signer| signer.is_enabled).ok_or(Fault::NoSession)?;
    // The password was replaced beside the job that made the link.
    let revision = signer.password.as_ref().map_or(0, |password| password.revision);
    if link.password_revision.is_some_and(|of_link| of_link != revision) {
        return Err(Fault::NoSession);
    }
    // A link to a former address may be in the mailbox of another person by now.
    if link.mailbox.is_some() {
        let user = user::find(read, store_id, user_id)?.ok_or(Fault::NoSession)?;
        if user.email().map(EmailAddress::mailbox) != link.mailbox.as_deref() {
            return Err(Fault::NoSession);
        }
    }
    if is_guaranteed(ctx, read, &instance, user_id, &link.guarantor)? {
        return Ok((link, signer));
    }
    ctx.describe(AuditEvent::new().asked("userId", user_id).answered("reason", STRONGER));
    Err(Fault::NoSession)
}
