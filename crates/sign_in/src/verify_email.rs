//! A person confirms that an address is theirs.
//!
//! CloudTrail: `VerifyEmail`.
//! INVARIANT: who confirms has read the mail, and is signed in. An administrator who changed the address of a person
//! to their own can do only the first.

use kernel::email_token::EmailToken;
use kernel::sessions::{person, require_portal};
use kernel::{Ctx, Operation};
use model::attribute::EmailAddress;
use model::{AuditEvent, Fault};
use policy::PersonSession;
use store::{Read, user, user_email};

pub const OPERATION: Operation<VerifyEmailRequest, ()> =
    Operation::writes("SignIn.VerifyEmail", "signin:VerifyEmail", verify_email);

pub struct VerifyEmailRequest {
    /// Token of the link.
    pub token: String,
}

/// Notes that the person confirmed the address. A link that is good no more is a `Conflict`.
pub fn verify_email(ctx: &Ctx<'_>, request: &VerifyEmailRequest) -> Result<(), Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(OPERATION.action, &person.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let address = require_address(ctx, &mut tx, person, &request.token)?;
    user_email::verify(&mut tx, &person.identity_store_id, &person.user_id, address.mailbox())?;
    tx.commit(&AuditEvent::new().asked("userId", &person.user_id).hidden("token"))
}

/// Returns the address that the link asks the person about.
pub fn find_address(ctx: &Ctx<'_>, request: &VerifyEmailRequest) -> Result<EmailAddress, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(OPERATION.action, &person.user_id.arn())?;
    require_address(ctx, &mut ctx.read(&permit)?, person, &request.token)
}

fn require_address(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    person: &PersonSession,
    token: &str,
) -> Result<EmailAddress, Fault> {
    require_portal(read, person)?;
    let (store_id, user_id) = (&person.identity_store_id, &person.user_id);
    let found = EmailToken::open(ctx.portico, token)
        .filter(|token| token.identity_store_id == *store_id && token.user_id == *user_id);
    let address = user::find(read, store_id, user_id)?.and_then(|user| user.email().cloned());
    address.filter(|address| found.is_some_and(|token| token.mailbox == address.mailbox())).ok_or_else(|| {
        Fault::conflict(
            "The link is not good any more: it is older than 7 days, for another address than yours is now, or for \
             another person than you.",
        )
    })
}
