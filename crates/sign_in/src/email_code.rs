//! The code that goes to a person's address in place of a second factor.
//!
//! CloudTrail: `CredentialChallenge` and `CredentialVerification` with `CredentialType` `EMAIL_OTP`.

use kernel::Ctx;
use kernel::perform::{retry, trace};
use kernel::sessions::sequence::{NextStep, Proven};
use kernel::throttle::count_code;
use mail::Content;
use mail::outbox::{self, Post};
use model::attribute::EmailAddress;
use model::sign_in_record::CredentialType;
use model::{AuditEvent, Fault};
use protocol::mac::{Mac as _, keyed};
use store::sign_in_code::{self, SignInCode};
use store::{Read, user};
use subtle::ConstantTimeEq as _;

use crate::authenticate::{AUTHENTICATION, CHALLENGE, VERIFICATION};
use crate::browser::Browser;
use crate::sequence::{Arrival, Ask, SecondStep, Standing, event_of, name_person};
use crate::step_ticket::StepTicket;
use crate::verify_totp::{Verification, WrongCode};

const CREDENTIAL_TYPE: &str = "EMAIL_OTP";

/// Number of digits of a code.
pub const DIGITS: usize = 8;

/// Validity of a code.
const CODE_MS: i64 = 10 * 60 * 1000;

/// Purpose of the key of the MAC.
const PURPOSE: &str = "sign-in code";

pub struct SendEmailCodeRequest {
    /// Ticket of a [`SecondStep`].
    pub ticket: String,
    pub browser: Browser,
}

pub struct VerifyEmailCodeRequest {
    /// Ticket of a [`SecondStep`].
    pub ticket: String,
    pub browser: Browser,
    /// Code as typed.
    pub code: String,
    /// True if the person calls the browser their own.
    pub trusts: bool,
}

/// Sends a code to the person of a ticket. The code before it is over. `Quota` means that too many went there lately.
pub fn send_email_code(ctx: &Ctx<'_>, request: &SendEmailCodeRequest) -> Result<SecondStep, Fault> {
    let outcome = open(ctx, &request.ticket, &request.browser).and_then(|ticket| {
        let code = ctx.random_text(b"0123456789", DIGITS);
        retry(ctx.portico, || send(ctx, &ticket, &request.browser, &code))
    });
    if let Err(fault) = &outcome {
        trace(ctx, CHALLENGE, fault)?;
    }
    outcome
}

/// Verifies a code, and goes on. `NoSession` means that the ticket is invalid or expired.
pub fn verify_email_code(
    ctx: &Ctx<'_>,
    request: &VerifyEmailCodeRequest,
) -> Result<Verification, Fault> {
    let outcome = open(ctx, &request.ticket, &request.browser)
        .and_then(|ticket| retry(ctx.portico, || attempt(ctx, request, &ticket)));
    if let Err(fault) = &outcome {
        trace(ctx, VERIFICATION, fault)?;
    }
    outcome
}

fn open(ctx: &Ctx<'_>, ticket: &str, browser: &Browser) -> Result<StepTicket, Fault> {
    let opened = StepTicket::open(ctx.portico, &browser.id, ticket);
    let ticket = opened.ok_or(Fault::NoSession)?;
    name_person(ctx, &ticket);
    Ok(ticket)
}

fn send(
    ctx: &Ctx<'_>,
    ticket: &StepTicket,
    browser: &Browser,
    code: &str,
) -> Result<SecondStep, Fault> {
    let (store_id, user_id) = (&ticket.identity_store_id, &ticket.user_id);
    let permit = ctx.authorize(CHALLENGE, &user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let (_, _, address) = require_asked(ctx, &mut read, ticket, browser)?;
    outbox::require_room(ctx, &mut read, store_id, &address)?;
    drop(read);

    let mut tx = ctx.begin(permit)?;
    let (arrival, standing, recipient) = require_asked(ctx, &mut tx, ticket, browser)?;
    let person = user::find(&mut tx, store_id, user_id)?.ok_or(Fault::NoSession)?;
    let expires_at_ms = tx.now_ms() + CODE_MS;
    let kept = SignInCode { code_mac: mac(ctx, ticket, browser, code), expires_at_ms };
    sign_in_code::put(&mut tx, store_id, user_id, &kept)?;
    let content = Content::SignInCode {
        display_name: person.display_name.to_string(),
        user_name: person.user_name.to_string(),
        code: code.to_owned(),
    };
    let (identity_store_id, user_id) = (store_id.clone(), Some(user_id.clone()));
    let post = Post { identity_store_id, user_id, recipient, content, expires_at_ms };
    let id = outbox::post(ctx, &mut tx, &post)?;
    let again = arrival.second_step(ctx, ask(&standing), None)?;
    tx.commit(&event_of(ctx, ticket, CREDENTIAL_TYPE).answered("messageId", &id))?;
    Ok(again)
}

fn attempt(
    ctx: &Ctx<'_>,
    request: &VerifyEmailCodeRequest,
    ticket: &StepTicket,
) -> Result<Verification, Fault> {
    let (store_id, user_id) = (&ticket.identity_store_id, &ticket.user_id);
    let typed: String = request.code.chars().filter(|c| !c.is_whitespace()).take(64).collect();
    let typed_mac = mac(ctx, ticket, &request.browser, &typed);
    let is_right = |kept: &SignInCode| bool::from(kept.code_mac.ct_eq(&typed_mac));
    // The event has the name of what the transaction does, so the code is compared before it, too. That decides nothing.
    let permit = ctx.authorize(VERIFICATION, &user_id.arn())?;
    let found = sign_in_code::find(&mut ctx.read(&permit)?, store_id, user_id)?;
    let permit = if found.as_ref().is_some_and(is_right) {
        ctx.authorize(AUTHENTICATION, &user_id.arn())?
    } else {
        permit
    };

    let mut tx = ctx.begin(permit)?;
    let (arrival, standing, _) = require_asked(ctx, &mut tx, ticket, &request.browser)?;
    let from = (request.browser.id.as_str(), ctx.request.origin.source_address.as_str());
    let counted = count_code(&mut tx, store_id, user_id.as_str(), &arrival.counts(ctx), from)?;
    let event = event_of(ctx, ticket, CREDENTIAL_TYPE);
    let found = sign_in_code::find(&mut tx, store_id, user_id)?;
    let live = found.filter(|kept| tx.now_ms() < kept.expires_at_ms);
    let wrong = match &live {
        None => Some(WrongCode::Over),
        Some(kept) if !is_right(kept) => Some(WrongCode::Mistyped),
        Some(kept) => {
            (!sign_in_code::spend(&mut tx, store_id, user_id, kept)?).then_some(WrongCode::Used)
        }
    };
    if let Some(why) = wrong {
        return refuse(ctx, tx, (&arrival, &standing), why, event);
    }
    counted.take_back(&mut tx)?;
    let proven = (Proven::EmailCode, request.trusts);
    let (progress, trusted) = arrival.succeed(ctx, tx, &standing, proven, event)?;
    Ok(Verification::Right { progress, trusted })
}

fn refuse(
    ctx: &Ctx<'_>,
    tx: store::Tx<'_>,
    (arrival, standing): (&Arrival<'_>, &Standing),
    why: WrongCode,
    event: AuditEvent,
) -> Result<Verification, Fault> {
    arrival.note_failure(ctx, CredentialType::EmailOtp);
    let again = arrival.second_step(ctx, ask(standing), None)?;
    tx.commit(
        &event.answered("CredentialVerification", "Failure").answered("reason", why.reason()),
    )?;
    Ok(Verification::Wrong(why, again))
}

fn ask(standing: &Standing) -> Ask {
    Ask::EmailCode { may_trust: standing.may_trust() }
}

/// Finds the person of the ticket, if they are asked for a code by mail.
fn require_asked<'b>(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    ticket: &StepTicket,
    browser: &'b Browser,
) -> Result<(Arrival<'b>, Standing, EmailAddress), Fault> {
    let asks = |step: &NextStep| matches!(step, NextStep::EmailCode);
    let (arrival, standing) = Arrival::require_step(ctx, read, ticket, browser, asks)?;
    let address = standing.address.clone().ok_or(Fault::NoSession)?;
    Ok((arrival, standing, address))
}

/// MAC of a code of a person for a browser. A code has few values, so its hash alone would not hide it.
fn mac(ctx: &Ctx<'_>, ticket: &StepTicket, browser: &Browser, code: &str) -> [u8; 32] {
    let key = ctx.portico.keys.derive(PURPOSE);
    // No id and no code has a space.
    let text = format!("{} {} {code} {}", ticket.identity_store_id, ticket.user_id, browser.id);
    keyed(&key).chain_update(text).finalize().into_bytes().into()
}
