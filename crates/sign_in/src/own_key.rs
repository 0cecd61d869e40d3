//! A further security key or built-in authenticator of the person who is signed in.
//!
//! CloudTrail: `CompleteWebAuthnDeviceRegistration`. Web Authentication Level 2 §7.1.

use kernel::perform::retry;
use kernel::sessions::person;
use kernel::{Ctx, Operation};
use model::ids::MfaDeviceId;
use model::mfa::{MfaDeviceName, MfaType};
use model::{AuditEvent, Fault};
use policy::PersonSession;
use webauthn::Registrant;

use crate::ceremony::{Audience, Ceremony, CeremonyKind, relying_party};
use crate::key_record::{open_all, user_handle};
use crate::offer_key::not_begun;
use crate::own_devices::{LIST, Owner};
use crate::register_key::{COMPLETE_REGISTRATION, NewKey, check, describe, insert};
use crate::verify_key::WrongKey;

/// The inner result says what was wrong with the answer of the authenticator.
pub const ADD_KEY: Operation<AddOwnKeyRequest, Result<MfaDeviceId, WrongKey>> =
    Operation::writes("SignIn.AddOwnKey", COMPLETE_REGISTRATION, add_own_key);

pub struct AddOwnKeyRequest {
    /// [`Ceremony::sealed`].
    pub ceremony: String,
    /// Answer of the browser, as JSON.
    pub answer: String,
    pub name: MfaDeviceName,
}

/// Begins the registration. Nothing is stored. `None` if browsers offer no WebAuthn here.
pub fn offer_own_key(ctx: &Ctx<'_>) -> Result<Option<Ceremony>, Fault> {
    let Some(server) = relying_party(ctx) else { return Ok(None) };
    let person = person(ctx)?;
    let registered = retry(ctx.portico, || {
        let permit = ctx.authorize(LIST.action, &person.user_id.arn())?;
        let mut read = ctx.read(&permit)?;
        let owner = Owner::require(ctx, &mut read, person)?;
        open_all(ctx, &owner.factors.devices)
    })?;
    let registrant = Registrant {
        user_handle: user_handle(ctx, &registered),
        user_name: &person.user_name,
        display_name: &person.user_name,
    };
    let begun = server.begin_registration(ctx.random(), &registrant, &registered);
    let begun = begun.map_err(not_begun)?;
    Ceremony::seal(ctx, CeremonyKind::Registration, audience(person), begun).map(Some)
}

/// The ceremony is bound to the session, so it is void in every other.
fn audience(person: &PersonSession) -> Audience<'_> {
    let owner = (&person.identity_store_id, &person.user_id);
    Audience { browser: person.session_id.as_str(), person: Some(owner) }
}

fn add_own_key(
    ctx: &Ctx<'_>,
    request: &AddOwnKeyRequest,
) -> Result<Result<MfaDeviceId, WrongKey>, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(ADD_KEY.action, &person.user_id.arn())?;
    let new = NewKey {
        owner: (&person.identity_store_id, &person.user_id),
        browser_id: person.session_id.as_str(),
        ceremony: &request.ceremony,
        answer: &request.answer,
        name: &request.name,
    };
    let checked = check(ctx, &new);
    let mut tx = ctx.begin(permit)?;
    let owner = Owner::require_manager(ctx, &mut tx, person)?;
    if !owner.settings.allowed_mfa_types.contains(MfaType::Webauthn) {
        let because = "your organisation does not accept security keys";
        return Err(tx.permit().refusal(because));
    }
    let event = AuditEvent::new()
        .asked("CredentialType", MfaType::Webauthn.as_str())
        .asked("userId", &person.user_id);
    let inserted = match &checked {
        Ok(checked) => insert(ctx, &mut tx, &new, checked)?.map(|device| (device, &checked.1)),
        Err(why) => Err(*why),
    };
    match inserted {
        Ok((device, credential)) => {
            tx.commit(&describe(event, &device, credential))?;
            Ok(Ok(device.id))
        }
        Err(why) => {
            tx.commit(&event.answered("reason", why.reason()))?;
            Ok(Err(why))
        }
    }
}
