//! Registration of a security key or built-in authenticator at sign-in. It signs the person in.
//!
//! CloudTrail: `CompleteWebAuthnDeviceRegistration`. Web Authentication Level 2 §7.1.

use kernel::Ctx;
use kernel::perform::{note_rejected, retry, trace};
use kernel::sessions::sequence::{NextStep, Proven};
use mail::notice::{self, ChangedBy, DeviceChange};
use model::ids::{IdentityStoreId, UserId};
use model::mfa::{MfaDevice, MfaDeviceName, MfaType};
use model::{AuditEvent, Fault};
use store::{Tx, mfa_device};
use webauthn::Credential;

use crate::browser::Browser;
use crate::ceremony::{Audience, CeremonyKind, Opened, relying_party};
use crate::key_record;
use crate::sequence::{Arrival, Progress, event_of, name_person};
use crate::step_ticket::StepTicket;
use crate::verify_key::WrongKey;

pub(crate) const COMPLETE_REGISTRATION: &str = "signin:CompleteWebAuthnDeviceRegistration";

pub struct RegisterKeyRequest {
    /// Ticket of a [`SecondStep`](crate::sequence::SecondStep).
    pub ticket: String,
    pub browser: Browser,
    /// Ceremony that the page began, sealed.
    pub ceremony: String,
    /// Answer of the browser, as JSON.
    pub answer: String,
    pub name: MfaDeviceName,
}

/// Outcome of a registration.
#[derive(Debug)]
pub enum KeyRegistration {
    Registered(Box<Progress>),
    Wrong(WrongKey),
}

/// Answer of a browser that was asked for a new credential.
pub(crate) struct NewKey<'a> {
    pub(crate) owner: (&'a IdentityStoreId, &'a UserId),
    /// What the ceremony is bound to.
    pub(crate) browser_id: &'a str,
    pub(crate) ceremony: &'a str,
    pub(crate) answer: &'a str,
    pub(crate) name: &'a MfaDeviceName,
}

/// Registers a security key, and goes on. `NoSession` means that the page was open too long.
pub fn register_key(ctx: &Ctx<'_>, request: &RegisterKeyRequest) -> Result<KeyRegistration, Fault> {
    let opened = StepTicket::open(ctx.portico, &request.browser.id, &request.ticket);
    let outcome = opened.ok_or(Fault::NoSession).and_then(|ticket| {
        name_person(ctx, &ticket);
        let new = NewKey {
            owner: (&ticket.identity_store_id, &ticket.user_id),
            browser_id: &request.browser.id,
            ceremony: &request.ceremony,
            answer: &request.answer,
            name: &request.name,
        };
        let checked = check(ctx, &new);
        retry(ctx.portico, || register(ctx, (&ticket, &request.browser), &new, checked.as_ref()))
    });
    if let Err(fault) = &outcome {
        trace(ctx, COMPLETE_REGISTRATION, fault)?;
    }
    outcome
}

/// Checks the answer against the ceremony. The database is asked afterwards.
pub(crate) fn check(ctx: &Ctx<'_>, new: &NewKey<'_>) -> Result<(Opened, Credential), WrongKey> {
    let audience = Audience { browser: new.browser_id, person: Some(new.owner) };
    let kind = CeremonyKind::Registration;
    let opened = Opened::of(ctx, kind, audience, new.ceremony).ok_or(WrongKey::Over)?;
    let server = relying_party(ctx).ok_or(WrongKey::Over)?;
    let credential = server.finish_registration(&opened.state, new.answer)?;
    Ok((opened, credential))
}

/// Adds the device, uses the ceremony up, and tells the person.
pub(crate) fn insert(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    new: &NewKey<'_>,
    (opened, credential): &(Opened, Credential),
) -> Result<Result<MfaDevice, WrongKey>, Fault> {
    let (store_id, _) = new.owner;
    if !opened.spend(tx, store_id)? {
        return Ok(Err(WrongKey::Over));
    }
    // §7.1 step 22: a credential is registered once, whoever registered it before.
    if mfa_device::find_by_credential(tx, store_id, &credential.id())?.is_some() {
        return Ok(Err(WrongKey::Known));
    }
    let device = key_record::device(ctx, new.owner, new.name.clone(), credential)?;
    mfa_device::insert(tx, &device)?;
    notice::mfa_device_changed(ctx, tx, &device, (DeviceChange::Added, ChangedBy::Person))?;
    Ok(Ok(device))
}

/// Adds to the event of a registration what was registered.
pub(crate) fn describe(
    event: AuditEvent,
    device: &MfaDevice,
    credential: &Credential,
) -> AuditEvent {
    event
        .answered("deviceId", &device.id)
        .answered("deviceName", &device.name)
        .answered("attestationFormat", credential.attestation_format())
}

fn register(
    ctx: &Ctx<'_>,
    (ticket, browser): (&StepTicket, &Browser),
    new: &NewKey<'_>,
    checked: Result<&(Opened, Credential), &WrongKey>,
) -> Result<KeyRegistration, Fault> {
    let permit = ctx.authorize(COMPLETE_REGISTRATION, &ticket.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let asks = |step: &NextStep| step.registers(MfaType::Webauthn);
    let (arrival, _) = Arrival::require_step(ctx, &mut tx, ticket, browser, asks)?;
    let event = event_of(ctx, ticket, MfaType::Webauthn.as_str());
    let inserted = match checked {
        Ok(checked) => insert(ctx, &mut tx, new, checked)?.map(|device| (device, &checked.1)),
        Err(why) => Err(*why),
    };
    let (device, credential) = match inserted {
        Ok(inserted) => inserted,
        Err(why) => {
            // Nothing was written. Who knows a password leaves a bounded number of events.
            drop(tx);
            note_rejected(ctx, COMPLETE_REGISTRATION, event.answered("reason", why.reason()));
            return Ok(KeyRegistration::Wrong(why));
        }
    };
    let event = describe(event, &device, credential);
    let proven = Proven::Device(MfaType::Webauthn);
    let (progress, event) = arrival.advance(ctx, &mut tx, proven, &event)?;
    tx.commit(&event)?;
    Ok(KeyRegistration::Registered(Box::new(progress)))
}
