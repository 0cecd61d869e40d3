//! The code of an authenticator app at sign-in, RFC 6238.
//!
//! CloudTrail: `CredentialVerification` with `CredentialType` `TOTP`, or `RESYNC_TOTP` for the second of two codes of an
//! app whose clock is wrong; `UserAuthentication`.

use kernel::Ctx;
use kernel::perform::{retry, trace};
use kernel::sessions::sequence::{NextStep, Proven};
use kernel::throttle::count_code;
use kernel::totp_record::open_key;
use model::ids::MfaDeviceId;
use model::mfa::{MfaDevice, MfaType};
use model::sign_in_record::CredentialType;
use model::{AuditEvent, Fault};
use protocol::totp::{step_of, typed_code};
use store::mfa_device;

use crate::authenticate::{AUTHENTICATION, VERIFICATION};
use crate::browser::Browser;
use crate::factors::Factors;
use crate::sequence::{Arrival, Ask, Progress, SecondStep, Standing, event_of, name_person};
use crate::step_ticket::StepTicket;

/// Number of time steps by which a clock may differ. RFC 6238 §5.2 recommends one.
pub(crate) const REACH: i64 = 1;

/// Number of time steps in which a code is looked for whose clock is wrong: ten minutes. RFC 6238 §6.
pub(crate) const RESYNC_REACH: i64 = 20;

pub struct VerifyTotpRequest {
    /// Ticket of a [`SecondStep`].
    pub ticket: String,
    pub browser: Browser,
    /// Code as typed.
    pub code: String,
    /// True if the person calls the browser their own.
    pub trusts: bool,
}

/// Outcome of an attempt.
#[derive(Debug)]
pub enum Verification {
    Right {
        progress: Progress,
        /// New value of the cookie of a trusted browser.
        trusted: Option<String>,
    },
    Wrong(WrongCode, SecondStep),
}

/// Why a code was not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WrongCode {
    Mistyped,
    /// Each code is good once.
    Used,
    /// The code is right for another time. The next one tells whether the clock of the device is wrong.
    OutOfStep,
    /// The code was replaced, used or has expired. Only of a code in a message.
    Over,
    /// The person may do more by now than the administrator who registered the device.
    Unvouched,
}

impl WrongCode {
    /// The reason in the log.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Mistyped => "the code is wrong",
            Self::Used => "the code was used",
            Self::OutOfStep => "the code is of another time",
            Self::Over => "the code is over",
            Self::Unvouched => "the person may do more than who registered the device",
        }
    }
}

/// Verifies a code, and goes on. `NoSession` means that the ticket is invalid or expired.
pub fn verify_totp(ctx: &Ctx<'_>, request: &VerifyTotpRequest) -> Result<Verification, Fault> {
    let opened = StepTicket::open(ctx.portico, &request.browser.id, &request.ticket);
    let outcome = opened.ok_or(Fault::NoSession).and_then(|ticket| {
        name_person(ctx, &ticket);
        retry(ctx.portico, || attempt(ctx, request, &ticket))
    });
    if let Err(fault) = &outcome {
        trace(ctx, VERIFICATION, fault)?;
    }
    outcome
}

/// What a code is, compared with the person's devices.
pub(crate) enum Compared<'d> {
    Right { device: &'d MfaDevice, step: i64, is_resync: bool },
    Wrong(WrongCode, Option<(&'d MfaDevice, i64)>),
}

fn attempt(
    ctx: &Ctx<'_>,
    request: &VerifyTotpRequest,
    ticket: &StepTicket,
) -> Result<Verification, Fault> {
    let asks = |step: &NextStep| step.asks_for(MfaType::Totp);
    let typed = (request.code.as_str(), ticket.out_of_step.as_ref());
    // The event has the name of what the transaction does, so the code is compared before it, too. That decides nothing.
    let permit = ctx.authorize(VERIFICATION, &ticket.user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let (_, standing) = Arrival::require_step(ctx, &mut read, ticket, &request.browser, asks)?;
    let is_right = matches!(compare(ctx, &standing.factors, typed)?, Compared::Right { .. });
    drop(read);
    let permit =
        if is_right { ctx.authorize(AUTHENTICATION, &ticket.user_id.arn())? } else { permit };

    let mut tx = ctx.begin(permit)?;
    let (arrival, standing) = Arrival::require_step(ctx, &mut tx, ticket, &request.browser, asks)?;
    let (store_id, user_id) = (&ticket.identity_store_id, &ticket.user_id);
    let from = (request.browser.id.as_str(), ctx.request.origin.source_address.as_str());
    let counted = count_code(&mut tx, store_id, user_id.as_str(), &arrival.counts(ctx), from)?;
    let (device, step, is_resync) = match compare(ctx, &standing.factors, typed)? {
        Compared::Right { device, step, is_resync } => (device, step, is_resync),
        Compared::Wrong(why, out_of_step) => {
            let event = event_of(ctx, ticket, MfaType::Totp.as_str());
            return refuse(ctx, tx, &arrival, (why, out_of_step, &standing), event);
        }
    };
    // Codes that are typed late say nothing of the clock.
    let drift_steps = if is_resync { step - step_of(tx.now_ms()) } else { device.drift_steps };
    let credential_type = if is_resync { "RESYNC_TOTP" } else { MfaType::Totp.as_str() };
    let event = event_of(ctx, ticket, credential_type).asked("deviceId", &device.id);
    if !mfa_device::advance(&mut tx, device, step, drift_steps)? {
        return refuse(ctx, tx, &arrival, (WrongCode::Used, None, &standing), event);
    }
    counted.take_back(&mut tx)?;
    let proven = (Proven::Device(MfaType::Totp), request.trusts);
    let (progress, trusted) = arrival.succeed(ctx, tx, &standing, proven, event)?;
    Ok(Verification::Right { progress, trusted })
}

/// Compares a code with a person's devices. `out_of_step` is the device and the time step of a code before, which came from
/// a wrong clock.
pub(crate) fn compare<'d>(
    ctx: &Ctx<'_>,
    factors: &'d Factors,
    (typed, out_of_step): (&str, Option<&(MfaDeviceId, i64)>),
) -> Result<Compared<'d>, Fault> {
    let Some(code) = typed_code(typed) else {
        return Ok(Compared::Wrong(WrongCode::Mistyped, None));
    };
    let now_step = step_of(ctx.now_ms());
    let mut found = Compared::Wrong(WrongCode::Mistyped, None);
    for device in factors.devices.iter().filter(|device| device.mfa_type == MfaType::Totp) {
        let owner = (&device.identity_store_id, &device.user_id);
        let key = open_key(&ctx.portico.keys, owner, &device.id, &device.sealed)?;
        if factors.is_refused(device) {
            if key.find_step(&code, now_step + device.drift_steps, REACH).is_some() {
                found = Compared::Wrong(WrongCode::Unvouched, None);
            }
            continue;
        }
        if let Some(step) = key.find_step(&code, now_step + device.drift_steps, REACH) {
            if step > device.counter {
                return Ok(Compared::Right { device, step, is_resync: false });
            }
            found = Compared::Wrong(WrongCode::Used, None);
            continue;
        }
        let wide = key.find_step(&code, now_step, RESYNC_REACH);
        let Some(step) = wide.filter(|step| *step > device.counter) else { continue };
        // Two codes in a row show that the app has the key and a wrong clock. RFC 6238 §6.
        let is_next =
            out_of_step.is_some_and(|(id, before)| *id == device.id && step == before + 1);
        if is_next {
            return Ok(Compared::Right { device, step, is_resync: true });
        }
        found = Compared::Wrong(WrongCode::OutOfStep, Some((device, step)));
    }
    Ok(found)
}

/// Keeps the count of a wrong code, and asks again.
fn refuse(
    ctx: &Ctx<'_>,
    tx: store::Tx<'_>,
    arrival: &Arrival<'_>,
    (why, out_of_step, standing): (WrongCode, Option<(&MfaDevice, i64)>, &Standing),
    event: AuditEvent,
) -> Result<Verification, Fault> {
    let NextStep::AskDevice(types) = arrival.next_step(standing, Proven::Password) else {
        return Err(Fault::NoSession);
    };
    arrival.note_failure(ctx, CredentialType::Totp);
    let may_trust = standing.may_trust();
    let again = arrival.second_step(ctx, Ask::Device { types, may_trust }, out_of_step)?;
    tx.commit(
        &event.answered("CredentialVerification", "Failure").answered("reason", why.reason()),
    )?;
    Ok(Verification::Wrong(why, again))
}
