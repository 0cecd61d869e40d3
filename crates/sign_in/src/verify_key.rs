//! The answer of a security key at sign-in, Web Authentication Level 2 §7.2.
//!
//! CloudTrail: `CredentialVerification` with `CredentialType` `WEBAUTHN`; `UserAuthentication`.
//! An answer is counted as a code is: who knows a password makes a bounded number of attempts, events and writes.

use kernel::Ctx;
use kernel::perform::{retry, trace};
use kernel::sessions::sequence::{NextStep, Proven};
use kernel::throttle::count_code;
use model::mfa::{MfaDevice, MfaType};
use model::sign_in_record::CredentialType;
use model::{AuditEvent, Fault};
use store::{Tx, mfa_device};
use webauthn::{Asserted, Refusal};

use crate::authenticate::{AUTHENTICATION, VERIFICATION};
use crate::browser::Browser;
use crate::ceremony::{Audience, CeremonyKind, Opened, relying_party};
use crate::sequence::{Arrival, Ask, Progress, SecondStep, Standing, event_of, name_person};
use crate::step_ticket::StepTicket;

pub struct VerifyKeyRequest {
    /// Ticket of a [`SecondStep`].
    pub ticket: String,
    pub browser: Browser,
    /// Ceremony that the page began, sealed.
    pub ceremony: String,
    /// Answer of the browser, as JSON.
    pub answer: String,
    /// True if the person calls the browser their own.
    pub trusts: bool,
}

/// Outcome of an attempt.
#[derive(Debug)]
pub enum KeyVerification {
    Right {
        progress: Progress,
        /// New value of the cookie of a trusted browser.
        trusted: Option<String>,
    },
    Wrong(WrongKey, SecondStep),
}

/// Why an answer was not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WrongKey {
    /// The ceremony took too long, was ended before, or is another browser's.
    Over,
    /// There may be two copies of the key, because its counter went back.
    Copied,
    /// The authenticator is registered already.
    Known,
    Refused(Refusal),
}

impl WrongKey {
    /// The reason in the log.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Over => "the ceremony is over",
            Self::Copied => Refusal::CounterWentBack.reason(),
            Self::Known => Refusal::AlreadyRegistered.reason(),
            Self::Refused(refusal) => refusal.reason(),
        }
    }
}

impl From<Refusal> for WrongKey {
    fn from(refusal: Refusal) -> Self {
        if refusal == Refusal::CounterWentBack {
            return Self::Copied;
        }
        if refusal == Refusal::AlreadyRegistered { Self::Known } else { Self::Refused(refusal) }
    }
}

/// Verifies the answer of a security key, and goes on. `NoSession` means that the ticket is invalid or expired.
pub fn verify_key(ctx: &Ctx<'_>, request: &VerifyKeyRequest) -> Result<KeyVerification, Fault> {
    let opened = StepTicket::open(ctx.portico, &request.browser.id, &request.ticket);
    let outcome = opened.ok_or(Fault::NoSession).and_then(|ticket| {
        name_person(ctx, &ticket);
        let proof = check(ctx, request, &ticket);
        retry(ctx.portico, || attempt(ctx, request, &ticket, proof.as_ref()))
    });
    if let Err(fault) = &outcome {
        trace(ctx, VERIFICATION, fault)?;
    }
    outcome
}

/// Checks the answer against the ceremony. The database is asked afterwards.
fn check(
    ctx: &Ctx<'_>,
    request: &VerifyKeyRequest,
    ticket: &StepTicket,
) -> Result<(Opened, Asserted), WrongKey> {
    let person = Some((&ticket.identity_store_id, &ticket.user_id));
    let audience = Audience { browser: &request.browser.id, person };
    let kind = CeremonyKind::SecondFactor;
    let opened = Opened::of(ctx, kind, audience, &request.ceremony).ok_or(WrongKey::Over)?;
    let server = relying_party(ctx).ok_or(WrongKey::Over)?;
    let proof = server.finish_assertion(&opened.state, &request.answer)?;
    Ok((opened, proof))
}

fn attempt(
    ctx: &Ctx<'_>,
    request: &VerifyKeyRequest,
    ticket: &StepTicket,
    proof: Result<&(Opened, Asserted), &WrongKey>,
) -> Result<KeyVerification, Fault> {
    let action = if proof.is_ok() { AUTHENTICATION } else { VERIFICATION };
    let mut tx = ctx.begin(ctx.authorize(action, &ticket.user_id.arn())?)?;
    let asks = |step: &NextStep| step.asks_for(MfaType::Webauthn);
    let (arrival, standing) = Arrival::require_step(ctx, &mut tx, ticket, &request.browser, asks)?;
    let (store_id, user_id) = (&ticket.identity_store_id, ticket.user_id.as_str());
    let from = (request.browser.id.as_str(), ctx.request.origin.source_address.as_str());
    let counted = count_code(&mut tx, store_id, user_id, &arrival.counts(ctx), from)?;
    let event = event_of(ctx, ticket, MfaType::Webauthn.as_str());
    let used = match proof {
        Ok((opened, proof)) => use_proof(&mut tx, &standing.factors.devices, opened, proof)?,
        Err(why) => Err(*why),
    };
    let device = match used {
        Ok(device) => device,
        Err(why) => return refuse(ctx, tx, &arrival, (why, &standing), event),
    };
    counted.take_back(&mut tx)?;
    let event = event.asked("deviceId", &device.id);
    let proven = (Proven::Device(MfaType::Webauthn), request.trusts);
    let (progress, trusted) = arrival.succeed(ctx, tx, &standing, proven, event)?;
    Ok(KeyVerification::Right { progress, trusted })
}

/// Uses a proof up: its ceremony is over, and the counter of its device moves forward.
///
/// INVARIANT: both are one conditional statement each, so of two nodes at the same moment one is refused.
pub(crate) fn use_proof<'d>(
    tx: &mut Tx<'_>,
    devices: &'d [MfaDevice],
    opened: &Opened,
    proof: &Asserted,
) -> Result<Result<&'d MfaDevice, WrongKey>, Fault> {
    let is_of_proof =
        |device: &&MfaDevice| device.credential_id.as_ref() == Some(&proof.credential_id);
    // The device may have been removed since the ceremony began.
    let Some(device) = devices.iter().find(is_of_proof) else {
        return Ok(Err(WrongKey::Refused(Refusal::UnknownCredential)));
    };
    if !opened.spend(tx, &device.identity_store_id)? {
        return Ok(Err(WrongKey::Over));
    }
    let counter = i64::from(proof.counter);
    let has_advanced = if counter == 0 && device.counter == 0 {
        mfa_device::note_use(tx, device)?
    } else {
        mfa_device::advance(tx, device, counter, 0)?
    };
    Ok(if has_advanced { Ok(device) } else { Err(WrongKey::Copied) })
}

/// Keeps the count and the event of a wrong answer, and asks again.
fn refuse(
    ctx: &Ctx<'_>,
    tx: Tx<'_>,
    arrival: &Arrival<'_>,
    (why, standing): (WrongKey, &Standing),
    event: AuditEvent,
) -> Result<KeyVerification, Fault> {
    let NextStep::AskDevice(types) = arrival.next_step(standing, Proven::Password) else {
        return Err(Fault::NoSession);
    };
    arrival.note_failure(ctx, CredentialType::Webauthn);
    let may_trust = standing.may_trust();
    let again = arrival.second_step(ctx, Ask::Device { types, may_trust }, None)?;
    let event = event.answered("CredentialVerification", "Failure");
    tx.commit(&event.answered("reason", why.reason()))?;
    Ok(KeyVerification::Wrong(why, again))
}
