//! New password after a one-time password, or by a link. Setting it signs the person in.
//!
//! AWS IAM Identity Center User Guide, "Password requirements when managing identities".

use kernel::Ctx;
use kernel::passwords::Sitter;
use kernel::perform::{retry, trace};
use kernel::sessions::{NewSession, begin_portal_session};
use kernel::strength::is_vouched;
use model::password::{NewPassword, PasswordHash, PasswordKind, PasswordLink};
use model::source_network::Networks;
use model::{AuditEvent, Fault};
use store::user_password::{self, Signer};
use store::{Read, instance, session, user_email};

use super::authenticate::STRONGER;
use super::leaked::is_leaked;
use super::notice;
use super::open_password_link::require_link;
use super::ticket::{Proof, Ticket};

const ACTION: &str = "signin:SetPassword";

/// Labels of the two fields of the page, for error messages.
pub const NEW_PASSWORD: &str = "New password";
pub const CONFIRM_PASSWORD: &str = "Confirm password";

/// Minimum length of a user name that a password must not contain.
const NAME_CHARS_MIN: usize = 3;

pub struct SetNewPasswordRequest {
    /// Ticket of `Authentication::MustSetPassword` or `OpenedLink`.
    pub ticket: String,
    /// Cookie of the browser, as at the sign-in.
    pub browser: String,
    pub new_password: String,
    pub confirm_password: String,
}

/// Sets the password and begins a session. `NoSession` means that the ticket is invalid or expired.
///
/// The hash is made outside of any transaction, so this is called without `retry`.
pub fn set_new_password(
    ctx: &Ctx<'_>,
    request: &SetNewPasswordRequest,
) -> Result<NewSession, Fault> {
    let outcome = set(ctx, request);
    if let Err(fault) = &outcome {
        trace(ctx, ACTION, fault)?;
    }
    outcome
}

fn set(ctx: &Ctx<'_>, request: &SetNewPasswordRequest) -> Result<NewSession, Fault> {
    let must = |must: &'static str| Fault::invalid(NEW_PASSWORD, must);
    let ticket = Ticket::open(ctx.portico, &request.browser, &request.ticket);
    let ticket = ticket.ok_or(Fault::NoSession)?;
    let (signer, remembered) = retry(ctx.portico, || look_up(ctx, &ticket))?;
    let is_first = remembered.is_empty();

    let password: NewPassword = request.new_password.parse().map_err(must)?;
    if request.confirm_password != request.new_password {
        return Err(Fault::invalid(CONFIRM_PASSWORD, "be the same as the new password"));
    }
    if names_user(password.as_str(), &signer.user_name) {
        return Err(must("not hold your user name"));
    }
    if is_leaked(password.as_str()) {
        return Err(must(
            "not be one that is known from leaks, nor a common word with a few signs added",
        ));
    }
    let networks = Networks::of(&ctx.request.origin.source_address);
    let seat = ctx.portico.passwords.take_seat(Sitter::Known(&networks))?;
    let bytes = password.as_str().as_bytes();
    for past in &remembered {
        if seat.is_right(bytes, past)? {
            return Err(must("be none of your last three"));
        }
    }
    let hash = seat.keep(bytes, &*ctx.portico.random)?;
    drop(seat);
    retry(ctx.portico, || replace(ctx, &ticket, &hash, is_first))
}

fn look_up(ctx: &Ctx<'_>, ticket: &Ticket) -> Result<(Signer, Vec<PasswordHash>), Fault> {
    let permit = ctx.authorize(ACTION, &ticket.user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let (signer, _) = require_signer(ctx, &mut read, ticket)?;
    let (store_id, user_id) = (&ticket.identity_store_id, &ticket.user_id);
    Ok((signer, user_password::list_remembered(&mut read, store_id, user_id)?))
}

/// `is_first` tells that the person never had a password. Then there is nothing to warn of.
fn replace(
    ctx: &Ctx<'_>,
    ticket: &Ticket,
    hash: &PasswordHash,
    is_first: bool,
) -> Result<NewSession, Fault> {
    let permit = ctx.authorize(ACTION, &ticket.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let (_, link) = require_signer(ctx, &mut tx, ticket)?;
    let (store_id, user_id) = (&ticket.identity_store_id, &ticket.user_id);
    user_password::replace(&mut tx, store_id, user_id, hash, &PasswordKind::Chosen)?;
    // Sessions of anyone who knew the previous password end.
    let ended = session::end_all_of_user(&mut tx, store_id, user_id)?;
    let new = begin_portal_session(ctx, &mut tx, store_id, user_id)?;
    let mut event = AuditEvent::new()
        .asked("userId", user_id)
        .hidden("password")
        .answered("sessionsEnded", ended)
        .answered("sessionId", &new.session.id);
    if let Some(link) = link {
        event = event.asked("link", link.purpose.as_str());
        // The link was in the mail to this address, and no administrator has read it.
        if let Some(email_key) = &link.email_key {
            user_email::verify(&mut tx, store_id, user_id, email_key)?;
            event = event.answered("VerifyEmail", "Success");
        }
    }
    if !is_first {
        notice::password_changed(ctx, &mut tx, store_id, user_id)?;
    }
    tx.commit(&event)?;
    Ok(new)
}

/// Returns the user of the ticket, if its link is still good, or the one-time password of the ticket is still the latest
/// password and its voucher is still good.
fn require_signer(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    ticket: &Ticket,
) -> Result<(Signer, Option<PasswordLink>), Fault> {
    let revision = match &ticket.proof {
        Proof::OneTimePassword { revision } => *revision,
        Proof::Link(secret_hash) => {
            let (link, signer) = require_link(ctx, read, secret_hash)?;
            return Ok((signer, Some(link)));
        }
    };
    let (store_id, user_id) = (&ticket.identity_store_id, &ticket.user_id);
    let instance = instance::find_by_store(read, store_id)?.ok_or(Fault::NoSession)?;
    let found = user_password::find_signer(read, store_id, user_id)?;
    let signer = found.filter(|signer| signer.is_enabled).ok_or(Fault::NoSession)?;
    let password = signer.password.as_ref().filter(|it| it.revision == revision);
    let Some(PasswordKind::Spent { voucher }) = password.map(|password| &password.kind) else {
        return Err(Fault::NoSession);
    };
    if is_vouched(ctx, read, &instance, user_id, voucher.as_ref())? {
        return Ok((signer, None));
    }
    ctx.describe(AuditEvent::new().asked("userId", user_id).answered("reason", STRONGER));
    Err(Fault::NoSession)
}

/// Tells whether a password contains the user name, or the part of an address before the `@`.
fn names_user(password: &str, user_name: &str) -> bool {
    let (password, user_name) = (password.to_lowercase(), user_name.to_lowercase());
    let local = user_name.split('@').next().unwrap_or_default();
    [user_name.as_str(), local]
        .into_iter()
        .any(|name| name.chars().count() >= NAME_CHARS_MIN && password.contains(name))
}

#[cfg(test)]
mod tests {
    use super::names_user;

    #[test]
    fn a_password_must_not_hold_the_user_name() {
        assert!(names_user("xAlice-2026!", "alice"));
        assert!(names_user("Alice-2026!", "alice@example.com"));
        assert!(!names_user("Alice-2026!", "bob"));
        assert!(!names_user("Always-2026!", "al"));
    }
}
