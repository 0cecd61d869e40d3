//! New password after a one-time password, or by a link. The sign-in sequence goes on from there.
//!
//! AWS IAM Identity Center User Guide, "Password requirements when managing identities".
//! INVARIANT: the answer that a password is one of the last ones tells a former password of the person, so it is counted
//! before the hash. The last of a few such answers ends the link or the one-time password.

use kernel::Ctx;
use kernel::perform::{retry, trace};
use kernel::sessions::sequence::Proven;
use kernel::strength::is_vouched;
use kernel::throttle::{CountedChoice, count_choice};
use mail::notice;
use model::password::{PasswordKind, PasswordLink, StoredHash};
use model::{AuditEvent, Fault};
use store::user_password::{self, Signer};
use store::{Read, instance, password_link, session, user, user_email};

use super::authenticate::STRONGER;
use super::browser::Browser;
use super::chosen_password::{Typed, hash_chosen, require_rules};
use super::open_password_link::require_link;
use super::password_rules::PasswordRules;
use super::sequence::{Arrival, Progress};
use super::ticket::{Proof, Ticket};

const ACTION: &str = "signin:SetPassword";

/// Complaint about the last of several former passwords.
pub const TOO_MANY: &str = "You typed one of your last passwords five times, so your link or one-time password has ended and \
    nothing was changed. Ask for another one, and choose a password that you have not had.";

pub struct SetNewPasswordRequest {
    /// Ticket of `Authentication::MustSetPassword` or `OpenedLink`.
    pub ticket: String,
    /// The browser, as at the sign-in.
    pub browser: Browser,
    pub new_password: String,
    pub confirm_password: String,
}

/// Sets the password and goes on. `NoSession` means that the ticket is invalid or expired. [`TOO_MANY`] is a conflict.
///
/// The hash is made outside of any transaction, so this is called without `retry`.
pub fn set_new_password(ctx: &Ctx<'_>, request: &SetNewPasswordRequest) -> Result<Progress, Fault> {
    let outcome = set(ctx, request);
    if let Err(fault) = &outcome {
        trace(ctx, ACTION, fault)?;
    }
    outcome
}

/// Returns the rules for the person of a ticket. `NoSession` means that the ticket is invalid or expired.
pub fn find_rules(ctx: &Ctx<'_>, browser: &str, ticket: &str) -> Result<PasswordRules, Fault> {
    let ticket = Ticket::open(ctx.portico, browser, ticket).ok_or(Fault::NoSession)?;
    retry(ctx.portico, || look_up(ctx, &ticket)).map(|(rules, _)| rules)
}

fn set(ctx: &Ctx<'_>, request: &SetNewPasswordRequest) -> Result<Progress, Fault> {
    let ticket = Ticket::open(ctx.portico, &request.browser.id, &request.ticket);
    let ticket = ticket.ok_or(Fault::NoSession)?;
    let (rules, remembered) = retry(ctx.portico, || look_up(ctx, &ticket))?;
    let typed =
        Typed { new_password: &request.new_password, confirm_password: &request.confirm_password };
    require_rules(&rules, typed)?;
    let is_first = rules.is_first();
    let counted = if is_first { None } else { Some(retry(ctx.portico, || count(ctx, &ticket))?) };
    let owner = (&ticket.identity_store_id, &ticket.user_id);
    let hash = match (hash_chosen(ctx, owner, (&rules, &remembered), typed), &counted) {
        (Ok(Some(hash)), _) => hash,
        (Ok(None), Some(counted)) if counted.is_last() => {
            return Err(
                retry(ctx.portico, || end(ctx, &ticket)).map_or_else(|fault| fault, |()| over())
            );
        }
        (Ok(None), _) => return Err(rules.reused()),
        (Err(fault), counted) => {
            if let Some(counted) = counted {
                retry(ctx.portico, || forgive(ctx, &ticket, counted))?;
            }
            return Err(fault);
        }
    };
    let chosen = Chosen { hash, is_first, counted };
    retry(ctx.portico, || replace(ctx, &ticket, &request.browser, &chosen))
}

fn over() -> Fault {
    Fault::conflict(TOO_MANY)
}

/// Counts a choice before it is compared with former passwords.
fn count(ctx: &Ctx<'_>, ticket: &Ticket) -> Result<CountedChoice, Fault> {
    let permit = ctx.authorize(ACTION, &ticket.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    require_signer(ctx, &mut tx, ticket)?;
    let owner = (&ticket.identity_store_id, &ticket.user_id);
    let counted = count_choice(&mut tx, owner, &ticket.proof.ceremony())?.ok_or_else(over)?;
    // What comes of the choice has the event.
    tx.commit(&AuditEvent::new().if_recorded(false))?;
    Ok(counted)
}

/// Takes a choice back that was not compared.
fn forgive(ctx: &Ctx<'_>, ticket: &Ticket, counted: &CountedChoice) -> Result<(), Fault> {
    let permit = ctx.authorize(ACTION, &ticket.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    counted.take_back(&mut tx)?;
    tx.commit(&AuditEvent::new().if_recorded(false))
}

/// Ends the link or the one-time password of a ticket whose holder has had the last answer about former passwords.
fn end(ctx: &Ctx<'_>, ticket: &Ticket) -> Result<(), Fault> {
    let permit = ctx.authorize(ACTION, &ticket.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let (store_id, user_id) = (&ticket.identity_store_id, &ticket.user_id);
    match &ticket.proof {
        Proof::OneTimePassword { revision } => {
            user_password::end_spent(&mut tx, store_id, user_id, *revision)?;
        }
        Proof::Link(secret_hash) => password_link::delete(&mut tx, secret_hash)?,
    }
    let event = AuditEvent::new().asked("userId", user_id).hidden("password");
    tx.commit(&event.answered("reason", "too many former passwords were typed"))
}

fn look_up(ctx: &Ctx<'_>, ticket: &Ticket) -> Result<(PasswordRules, Vec<StoredHash>), Fault> {
    let permit = ctx.authorize(ACTION, &ticket.user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let signer = require_signer(ctx, &mut read, ticket)?.0;
    let (store_id, user_id) = (&ticket.identity_store_id, &signer.user_id);
    let instance = instance::find_by_store(&mut read, store_id)?.ok_or(Fault::NoSession)?;
    let user = user::find(&mut read, store_id, user_id)?.ok_or(Fault::NoSession)?;
    let rules = PasswordRules::find(&mut read, &instance.id, &user)?;
    let remembered =
        user_password::list_remembered(&mut read, store_id, user_id, rules.remembered())?;
    Ok((rules.of_first(remembered.is_empty()), remembered))
}

/// Password that is to be set.
struct Chosen {
    hash: StoredHash,
    /// True if the person never had a password. Then there is nothing to warn of.
    is_first: bool,
    counted: Option<CountedChoice>,
}

fn replace(
    ctx: &Ctx<'_>,
    ticket: &Ticket,
    browser: &Browser,
    chosen: &Chosen,
) -> Result<Progress, Fault> {
    let permit = ctx.authorize(ACTION, &ticket.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let (_, link) = require_signer(ctx, &mut tx, ticket)?;
    let (store_id, user_id) = (&ticket.identity_store_id, &ticket.user_id);
    if let Some(counted) = &chosen.counted {
        counted.take_back(&mut tx)?;
    }
    user_password::replace(&mut tx, store_id, user_id, &chosen.hash, &PasswordKind::Chosen)?;
    // Sessions of anyone who knew the previous password end.
    let ended = session::end_all_of_user(&mut tx, store_id, user_id)?;
    let mut event = AuditEvent::new()
        .asked("userId", user_id)
        .hidden("password")
        .answered("sessionsEnded", ended);
    if let Some(link) = link {
        event = event.asked("link", link.purpose.as_str());
        // The link was in the mail to this address, and no administrator has read it.
        if let Some(mailbox) = &link.mailbox {
            user_email::verify(&mut tx, store_id, user_id, mailbox)?;
            event = event.answered("VerifyEmail", "Success");
        }
    }
    if !chosen.is_first {
        notice::password_changed(ctx, &mut tx, store_id, user_id)?;
    }
    let arrival = Arrival::find(&mut tx, (store_id, user_id), browser)?;
    let (progress, event) = arrival.advance(ctx, &mut tx, Proven::Password, &event)?;
    tx.commit(&event)?;
    Ok(progress)
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
