//! Registration of an authenticator app at sign-in. It signs the person in.
//!
//! CloudTrail: `CompleteVirtualMfaDeviceRegistration`.

use kernel::Ctx;
use kernel::perform::{retry, trace};
use kernel::sessions::sequence::{NextStep, Proven};
use model::Fault;
use model::mfa::{MfaDeviceName, MfaType};

use crate::browser::Browser;
use crate::new_totp::{NewTotp, insert, verify};
use crate::sequence::{Arrival, Progress, event_of, name_person};
use crate::step_ticket::StepTicket;
use crate::totp_offer::{self, TotpOffer};

pub(crate) const COMPLETE_REGISTRATION: &str = "signin:CompleteVirtualMfaDeviceRegistration";

/// Person who is asked to register a device.
pub struct OfferTotpRequest {
    /// Ticket of a [`SecondStep`](crate::sequence::SecondStep).
    pub ticket: String,
    pub browser: Browser,
    /// Name under which the app lists the account: of the instance or the host.
    pub issuer: String,
}

pub struct RegisterTotpRequest {
    /// Ticket of a [`SecondStep`](crate::sequence::SecondStep).
    pub ticket: String,
    pub browser: Browser,
    /// [`TotpOffer::sealed`].
    pub offer: String,
    /// Code as typed.
    pub code: String,
    pub name: MfaDeviceName,
}

/// Offers the key of a new authenticator app. Nothing is stored.
pub fn offer_totp(ctx: &Ctx<'_>, request: &OfferTotpRequest) -> Result<TotpOffer, Fault> {
    let ticket = open(ctx, &request.ticket, &request.browser)?;
    let permit = ctx.authorize(COMPLETE_REGISTRATION, &ticket.user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let (arrival, _) =
        Arrival::require_step(ctx, &mut read, &ticket, &request.browser, registers_totp)?;
    let owner = (&ticket.identity_store_id, &ticket.user_id);
    let names = (request.issuer.as_str(), arrival.signer.user_name.as_str());
    totp_offer::make(ctx, owner, &request.browser.id, names)
}

/// Offers the key again that a page has shown.
pub fn offer_again(ctx: &Ctx<'_>, request: &RegisterTotpRequest) -> Result<TotpOffer, Fault> {
    let ticket = open(ctx, &request.ticket, &request.browser)?;
    let owner = (&ticket.identity_store_id, &ticket.user_id);
    totp_offer::open(ctx, owner, &request.browser.id, &request.offer).ok_or(Fault::NoSession)
}

/// Registers the app that shows the right code, and goes on. `NoSession` means that the page was open too long.
pub fn register_totp(ctx: &Ctx<'_>, request: &RegisterTotpRequest) -> Result<Progress, Fault> {
    let outcome = open(ctx, &request.ticket, &request.browser).and_then(|ticket| {
        name_person(ctx, &ticket);
        retry(ctx.portico, || register(ctx, request, &ticket))
    });
    if let Err(fault) = &outcome {
        trace(ctx, COMPLETE_REGISTRATION, fault)?;
    }
    outcome
}

fn register(
    ctx: &Ctx<'_>,
    request: &RegisterTotpRequest,
    ticket: &StepTicket,
) -> Result<Progress, Fault> {
    let permit = ctx.authorize(COMPLETE_REGISTRATION, &ticket.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let (arrival, _) =
        Arrival::require_step(ctx, &mut tx, ticket, &request.browser, registers_totp)?;
    let owner = (&ticket.identity_store_id, &ticket.user_id);
    let new = NewTotp {
        owner,
        browser_id: &request.browser.id,
        offer: &request.offer,
        code: &request.code,
        name: &request.name,
    };
    let verified = verify(ctx, &new)?;
    let id = insert(ctx, &mut tx, &new, &verified)?;
    let event = event_of(ctx, ticket, MfaType::Totp.as_str())
        .answered("deviceId", &id)
        .answered("deviceName", &request.name);
    let (progress, event) = arrival.advance(ctx, &mut tx, Proven::Device(MfaType::Totp), &event)?;
    tx.commit(&event)?;
    Ok(progress)
}

fn open(ctx: &Ctx<'_>, ticket: &str, browser: &Browser) -> Result<StepTicket, Fault> {
    StepTicket::open(ctx.portico, &browser.id, ticket).ok_or(Fault::NoSession)
}

fn registers_totp(step: &NextStep) -> bool {
    step.registers(MfaType::Totp)
}
