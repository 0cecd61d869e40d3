//! Sign-in with a passkey alone: who has it and proves to it who they are needs neither a name nor a password.
//!
//! Web Authentication Level 2 §7.2. CloudTrail: `CredentialVerification` with `CredentialType` `WEBAUTHN`.
//! INVARIANT: the answer does not reveal whether a credential is registered, whose it is, or why it is refused. Wrong
//! answers are counted by network, and have the budget of strangers in the log. A right one cannot be guessed, so no pause
//! keeps its person out.

use kernel::Ctx;
use kernel::perform::{note_rejected, retry, trace_admitted};
use kernel::sessions::NewSession;
use kernel::sessions::sequence::Proven;
use kernel::strangers::StrangerKind;
use kernel::throttle::count_wrong_passkey;
use model::ids::UserId;
use model::instance::Instance;
use model::mfa::{MfaDevice, MfaSettings, MfaType};
use model::password::PasswordKind;
use model::setting::PasskeySignInStatus;
use model::{AuditEvent, Fault};
use policy::NamedPerson;
use store::user_password::Signer;
use store::{Read, Tx, mfa_device, setting, user_password};
use webauthn::{Asserted, Claim, Refusal};

use crate::authenticate::{AUTHENTICATION, VERIFICATION};
use crate::browser::Browser;
use crate::ceremony::{Audience, Ceremony, CeremonyKind, Opened, relying_party};
use crate::instance::require_instance;
use crate::key_record;
use crate::offer_key::not_begun;
use crate::sequence::{Arrival, Progress};
use crate::verify_key::{WrongKey, use_proof};

pub struct PasskeyRequest {
    pub browser: Browser,
    /// Ceremony that the page began, sealed.
    pub ceremony: String,
    /// Answer of the browser, as JSON.
    pub answer: String,
}

/// Outcome of an attempt.
#[derive(Debug)]
pub enum PasskeySignIn {
    SignedIn(Box<NewSession>),
    /// The passkey is not one that may sign in here.
    Wrong,
    /// The counter of the passkey went back, so there may be a copy of it.
    Copied,
}

/// Begins a sign-in with a passkey. `None` if the organisation's instance does not let people in with one.
pub fn offer_passkey(ctx: &Ctx<'_>, browser: &Browser) -> Result<Option<Ceremony>, Fault> {
    let is_offered = retry(ctx.portico, || {
        let permit = ctx.authorize(VERIFICATION, "*")?;
        let mut read = ctx.read(&permit)?;
        let instance = require_instance(&mut read, None)?;
        is_on(&mut read, &instance)
    })?;
    let Some(server) = relying_party(ctx).filter(|_| is_offered) else { return Ok(None) };
    let begun = server.begin_passkey(ctx.random()).map_err(not_begun)?;
    let audience = Audience { browser: &browser.id, person: None };
    Ceremony::seal(ctx, CeremonyKind::Passkey, audience, begun).map(Some)
}

/// Tells whether the instance lets people in with a passkey alone.
pub(crate) fn is_on(read: &mut Read<'_>, instance: &Instance) -> Result<bool, Fault> {
    let status: PasskeySignInStatus = setting::find(read, &instance.id)?;
    let settings: MfaSettings = setting::find(read, &instance.id)?;
    Ok(status == PasskeySignInStatus::Enabled
        && settings.allowed_mfa_types.contains(MfaType::Webauthn))
}

/// Signs a person in with a passkey alone. The caller is unauthenticated.
pub fn sign_in_with_passkey(
    ctx: &Ctx<'_>,
    request: &PasskeyRequest,
) -> Result<PasskeySignIn, Fault> {
    let address = &ctx.request.origin.source_address;
    let strangers = &ctx.portico.strangers;
    let place = strangers.take_place(StrangerKind::SignIn, address, ctx.now_ms());
    let outcome = retry(ctx.portico, || attempt(ctx, request, place.is_some()));
    let is_refused = !matches!(outcome, Ok(PasskeySignIn::SignedIn(_)));
    match (place, &outcome) {
        (Some(place), _) if !is_refused => strangers.give_back(StrangerKind::SignIn, &place),
        (Some(_), Err(fault)) => trace_admitted(ctx, VERIFICATION, fault),
        (None, _) if is_refused => {
            strangers.leave_out(StrangerKind::SignIn, address, ctx.now_ms());
        }
        (Some(_) | None, _) => {}
    }
    outcome
}

/// Person and device of a right answer.
struct Proved {
    instance: Instance,
    signer: Signer,
    device: MfaDevice,
    opened: Opened,
    proof: Asserted,
}

/// `is_recorded` tells whether a refusal leaves its event.
fn attempt(
    ctx: &Ctx<'_>,
    request: &PasskeyRequest,
    is_recorded: bool,
) -> Result<PasskeySignIn, Fault> {
    let permit = ctx.authorize(VERIFICATION, "*")?;
    let mut read = ctx.read(&permit)?;
    let instance = require_instance(&mut read, None)?;
    let found = find(ctx, &mut read, &instance, request)?;
    drop(read);
    let proved = match found {
        Ok(proved) => proved,
        Err(wrong) => {
            if let Some(user_id) = &wrong.user_id {
                name_person(ctx, &instance, user_id);
            }
            let permit = ctx.authorize(VERIFICATION, &instance.id.arn())?;
            return refuse(ctx, ctx.begin(permit)?, event(ctx), (&wrong, is_recorded));
        }
    };
    name_person(ctx, &instance, &proved.signer.user_id);
    let permit = ctx.authorize(AUTHENTICATION, &instance.id.arn())?;
    admit(ctx, ctx.begin(permit)?, request, (&proved, is_recorded))
}

/// Names the person who proved themselves in the events that follow.
fn name_person(ctx: &Ctx<'_>, instance: &Instance, user_id: &UserId) {
    ctx.name_person(NamedPerson {
        identity_store_id: instance.identity_store_id.clone(),
        user_id: user_id.clone(),
        session_id: None,
    });
}

/// Why nobody is signed in.
struct Wrong {
    why: WrongPasskey,
    /// The person whose passkey it is, if one proved it.
    user_id: Option<UserId>,
}

enum WrongPasskey {
    Off,
    Disabled,
    /// An administrator reset the password, and the person has not set another.
    Reset,
    Key(WrongKey),
}

impl Wrong {
    fn nameless(why: impl Into<WrongKey>) -> Self {
        Self { why: WrongPasskey::Key(why.into()), user_id: None }
    }

    fn reason(&self) -> &'static str {
        match self.why {
            WrongPasskey::Off => "passkeys alone are not enabled",
            WrongPasskey::Disabled => "the person is disabled",
            WrongPasskey::Reset => "the password was reset, and the person has not set another",
            WrongPasskey::Key(why) => why.reason(),
        }
    }
}

/// Finds whose passkey it is, and checks the answer.
fn find(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    instance: &Instance,
    request: &PasskeyRequest,
) -> Result<Result<Proved, Wrong>, Fault> {
    if !is_on(read, instance)? {
        return Ok(Err(Wrong { why: WrongPasskey::Off, user_id: None }));
    }
    let audience = Audience { browser: &request.browser.id, person: None };
    let opened = Opened::of(ctx, CeremonyKind::Passkey, audience, &request.ceremony);
    let (Some(opened), Some(server)) = (opened, relying_party(ctx)) else {
        return Ok(Err(Wrong::nameless(WrongKey::Over)));
    };
    let claim = match Claim::of(&request.answer) {
        Ok(claim) => claim,
        Err(why) => return Ok(Err(Wrong::nameless(why))),
    };
    let store_id = &instance.identity_store_id;
    let found = mfa_device::find_by_credential(read, store_id, &claim.credential_id)?;
    let Some(device) = found else {
        return Ok(Err(Wrong::nameless(Refusal::UnknownCredential)));
    };
    let credential = key_record::open(ctx, &device)?;
    let proof = match server.finish_passkey(&opened.state, &credential, &request.answer) {
        Ok(proof) => proof,
        Err(why) => {
            let is_proved = why == Refusal::CounterWentBack;
            let user_id = is_proved.then(|| device.user_id.clone());
            return Ok(Err(Wrong { user_id, ..Wrong::nameless(why) }));
        }
    };
    let signer = user_password::find_signer(read, store_id, &device.user_id)?;
    let signer = match require_admitted(signer, &device) {
        Ok(signer) => signer,
        Err(why) => return Ok(Err(Wrong { why, user_id: Some(device.user_id.clone()) })),
    };
    Ok(Ok(Proved { instance: instance.clone(), signer, device, opened, proof }))
}

/// Returns the person, if they may sign in with a passkey alone.
///
/// INVARIANT: who reset the password said that the account may be in other hands, and those hands may have registered a
/// passkey. So it lets nobody in alone until it was used behind another password (decision 0044).
fn require_admitted(signer: Option<Signer>, device: &MfaDevice) -> Result<Signer, WrongPasskey> {
    let signer = signer.filter(|signer| signer.is_enabled).ok_or(WrongPasskey::Disabled)?;
    let is_chosen =
        signer.password.as_ref().is_some_and(|password| password.kind == PasswordKind::Chosen);
    if is_chosen && !device.needs_password { Ok(signer) } else { Err(WrongPasskey::Reset) }
}

/// Begins the session of a person whose passkey was right.
fn admit(
    ctx: &Ctx<'_>,
    mut tx: Tx<'_>,
    request: &PasskeyRequest,
    (proved, is_recorded): (&Proved, bool),
) -> Result<PasskeySignIn, Fault> {
    let Proved { instance, signer, device, opened, proof } = proved;
    let store_id = &instance.identity_store_id;
    let event = event(ctx).asked("deviceId", &device.id);
    let of_person = |why| Wrong { why, user_id: Some(proved.signer.user_id.clone()) };
    // All may have changed since the answer was checked.
    let found = mfa_device::find(&mut tx, store_id, &signer.user_id, &device.id)?;
    let present = user_password::find_signer(&mut tx, store_id, &signer.user_id)?;
    let signer = match require_admitted(present, found.as_ref().unwrap_or(device)) {
        Ok(signer) => signer,
        Err(why) => return refuse(ctx, tx, event, (&of_person(why), is_recorded)),
    };
    if !is_on(&mut tx, instance)? {
        let wrong = of_person(WrongPasskey::Off);
        return refuse(ctx, tx, event, (&wrong, is_recorded));
    }
    let present = found.map_or_else(Vec::new, |device| vec![device]);
    if let Err(why) = use_proof(&mut tx, &present, opened, proof)? {
        return refuse(ctx, tx, event, (&of_person(WrongPasskey::Key(why)), is_recorded));
    }
    let event =
        event.asked("userId", &signer.user_id).answered("CredentialVerification", "Success");
    let arrival =
        Arrival { instance: instance.clone(), signer, browser: &request.browser, until_ms: None };
    let (progress, event) = arrival.advance(ctx, &mut tx, Proven::Passkey, &event)?;
    tx.commit(&event)?;
    match progress {
        Progress::SignedIn(new) => Ok(PasskeySignIn::SignedIn(Box::new(new))),
        Progress::SecondStep(_) => Ok(PasskeySignIn::Wrong),
    }
}

/// Counts a wrong answer, and keeps its event if the budget of strangers has a place for it.
fn refuse(
    ctx: &Ctx<'_>,
    mut tx: Tx<'_>,
    event: AuditEvent,
    (wrong, is_recorded): (&Wrong, bool),
) -> Result<PasskeySignIn, Fault> {
    let address = &ctx.request.origin.source_address;
    count_wrong_passkey(&mut tx, address, ctx.portico.strangers.new_counters())?;
    let event = match &wrong.user_id {
        Some(user_id) => event.asked("userId", user_id),
        None => event,
    };
    let event = event.answered("CredentialVerification", "Failure");
    let event = event.answered("reason", wrong.reason());
    tx.commit(&event.clone().if_recorded(is_recorded))?;
    if !is_recorded && wrong.user_id.is_some() {
        // The budget of strangers is spent, and this is no stranger.
        note_rejected(ctx, VERIFICATION, event);
    }
    Ok(match wrong.why {
        WrongPasskey::Key(WrongKey::Copied) => PasskeySignIn::Copied,
        WrongPasskey::Key(WrongKey::Over | WrongKey::Known | WrongKey::Refused(_))
        | WrongPasskey::Off
        | WrongPasskey::Disabled
        | WrongPasskey::Reset => PasskeySignIn::Wrong,
    })
}

fn event(ctx: &Ctx<'_>) -> AuditEvent {
    AuditEvent::new()
        .asked("CredentialType", MfaType::Webauthn.as_str())
        .asked("AuthWorkflowID", &ctx.request.id)
}
