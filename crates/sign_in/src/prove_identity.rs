//! Fresh proof: the person of a portal session shows again that it is they: password and second factor, or a passkey that
//! verifies its owner, where passkeys alone sign in.
//!
//! INVARIANT: a password and a code are counted as at sign-in. So who has found a browser open guesses no faster than a
//! stranger.

use kernel::Ctx;
use kernel::perform::{retry, trace};
use kernel::sessions::proof::{ProofPurpose, require_fresh_proof};
use kernel::sessions::{person, require_portal};
use kernel::throttle::count_code;
use model::mfa::MfaType;
use model::sign_in_record::CredentialType;
use model::{AuditEvent, Fault};
use policy::PersonSession;
use store::{Tx, mfa_device, session};
use webauthn::Asserted;

use crate::ceremony::{Audience, Ceremony, CeremonyKind, Opened, relying_party};
use crate::history;
use crate::key_record::open_all;
use crate::offer_key::not_begun;
use crate::own_devices::Owner;
use crate::own_password::{Verified, counts, verify, wrong_password};
use crate::passkey;
use crate::verify_key::{WrongKey, use_proof};
use crate::verify_totp::{Compared, WrongCode, compare};

const ACTION: &str = "signin:ProveIdentity";

pub struct ProveIdentityRequest {
    /// Password as typed. Empty for a passkey that verifies its owner.
    pub password: String,
    pub factor: TypedFactor,
    /// Cookie of the browser, as at the sign-in.
    pub browser: String,
}

/// Second factor, as a page sends it.
pub enum TypedFactor {
    /// Code of an authenticator app as typed. Empty for a person without a second factor.
    Code(String),
    /// Ceremony that the page began, sealed, and the answer of the browser, as JSON.
    Key { ceremony: String, answer: String },
}

/// Outcome of a proof whose password was right. A wrong password is a fault.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IdentityProof {
    Given,
    /// The person has a second factor, and showed none.
    FactorMissing,
    WrongCode(WrongCode),
    WrongKey(WrongKey),
}

/// What a person is asked for as a proof.
#[derive(Clone, Debug)]
pub struct AskedProof {
    /// Types of the person's devices beside the password, the one that was used last first.
    pub types: Vec<MfaType>,
    /// Ceremony for a security key, if the person has one and browsers offer WebAuthn here.
    pub key: Option<Ceremony>,
    /// True if a passkey that verifies its owner is enough without a password.
    pub is_passkey_enough: bool,
}

/// Refuses what the instance asks a fresh proof for, if the calling person has not proved themselves lately.
pub fn require_proof(ctx: &Ctx<'_>, purpose: ProofPurpose) -> Result<(), Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(ACTION, &person.user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let portal = require_portal(&mut read, person)?;
    require_fresh_proof(ctx, &mut read, &portal, purpose)
}

/// Tells what the calling person is asked for, and begins the ceremony of their security keys. Nothing is stored.
pub fn find_asked(ctx: &Ctx<'_>) -> Result<AskedProof, Fault> {
    let person = person(ctx)?;
    let (types, registered, is_passkey_enough) = retry(ctx.portico, || {
        let permit = ctx.authorize(ACTION, &person.user_id.arn())?;
        let mut read = ctx.read(&permit)?;
        let owner = Owner::require(ctx, &mut read, person)?;
        let is_passkey_enough = passkey::is_on(&mut read, &owner.instance)?;
        Ok::<_, Fault>((owner.types(), open_all(ctx, &owner.factors.devices)?, is_passkey_enough))
    })?;
    let server = relying_party(ctx).filter(|_| types.contains(&MfaType::Webauthn));
    let key = match server {
        Some(server) => {
            let begun = server.begin_proof(ctx.random(), &registered).map_err(not_begun)?;
            Some(Ceremony::seal(ctx, CeremonyKind::Proof, audience(person), begun)?)
        }
        None => None,
    };
    Ok(AskedProof { types, is_passkey_enough: is_passkey_enough && key.is_some(), key })
}

/// Takes the password and the second factor of the calling person as a fresh proof in this session.
pub fn prove_identity(
    ctx: &Ctx<'_>,
    request: &ProveIdentityRequest,
) -> Result<IdentityProof, Fault> {
    let outcome = prove(ctx, request);
    if let Err(fault) = &outcome {
        trace(ctx, ACTION, fault)?;
    }
    outcome
}

/// The ceremony is bound to the session, so it is void in every other.
fn audience(person: &PersonSession) -> Audience<'_> {
    let owner = (&person.identity_store_id, &person.user_id);
    Audience { browser: person.session_id.as_str(), person: Some(owner) }
}

/// Second factor whose answer was checked, as far as that needs no database.
enum Shown<'a> {
    Code(&'a str),
    Key(Result<(Opened, Asserted), WrongKey>),
}

fn prove(ctx: &Ctx<'_>, request: &ProveIdentityRequest) -> Result<IdentityProof, Fault> {
    let person = person(ctx)?;
    let shown = match &request.factor {
        TypedFactor::Code(code) => Shown::Code(code),
        TypedFactor::Key { ceremony, answer } => Shown::Key(check(ctx, person, ceremony, answer)),
    };
    let is_alone = request.password.is_empty()
        && matches!(&shown, Shown::Key(Ok((_, proof))) if proof.is_user_verified);
    let verified = if is_alone {
        None
    } else {
        Some(verify(ctx, person, &request.password, &request.browser)?)
    };
    retry(ctx.portico, || attempt(ctx, person, (verified.as_ref(), &shown), &request.browser))
}

/// Checks the answer of a security key against the ceremony. The database is asked afterwards.
fn check(
    ctx: &Ctx<'_>,
    person: &PersonSession,
    ceremony: &str,
    answer: &str,
) -> Result<(Opened, Asserted), WrongKey> {
    let opened = Opened::of(ctx, CeremonyKind::Proof, audience(person), ceremony);
    let opened = opened.ok_or(WrongKey::Over)?;
    let server = relying_party(ctx).ok_or(WrongKey::Over)?;
    let proof = server.finish_assertion(&opened.state, answer)?;
    Ok((opened, proof))
}

/// Without a verified password the passkey has to be enough.
fn attempt(
    ctx: &Ctx<'_>,
    person: &PersonSession,
    (verified, shown): (Option<&Verified>, &Shown<'_>),
    browser: &str,
) -> Result<IdentityProof, Fault> {
    let permit = ctx.authorize(ACTION, &person.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let owner = Owner::require(ctx, &mut tx, person)?;
    if verified.is_none() && !passkey::is_on(&mut tx, &owner.instance)? {
        return Err(wrong_password());
    }
    let portal = &owner.session;
    let event = AuditEvent::new().asked("sessionId", &portal.id).hidden("password");
    let types = owner.types();
    let refusal = if types.is_empty() && verified.is_some() {
        None
    } else {
        find_refusal(ctx, &mut tx, (&owner, person), (shown, &types), browser)?
    };
    if let Some((refusal, reason)) = refusal {
        if let Some(verified) = verified {
            verified.take_back(&mut tx)?;
        }
        let event = event.answered("CredentialVerification", "Failure");
        tx.commit(&event.answered("reason", reason))?;
        let failed = match refusal {
            IdentityProof::WrongCode(_) => Some(CredentialType::Totp),
            IdentityProof::WrongKey(_) => Some(CredentialType::Webauthn),
            IdentityProof::FactorMissing | IdentityProof::Given => None,
        };
        if let Some(failed) = failed {
            history::note_failure(ctx, &portal.identity_store_id, Some(&person.user_id), failed);
        }
        return Ok(refusal);
    }
    if let Some(verified) = verified {
        verified.succeed(&mut tx, person)?;
    }
    session::note_whole_proof(&mut tx, &portal.identity_store_id, &portal.id)?;
    tx.commit(&event)?;
    Ok(IdentityProof::Given)
}

/// Uses the second factor up, and returns why it is refused, if it is. A refused one stays counted.
fn find_refusal(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    (owner, person): (&Owner, &PersonSession),
    (shown, types): (&Shown<'_>, &[MfaType]),
    browser: &str,
) -> Result<Option<(IdentityProof, &'static str)>, Fault> {
    let (store_id, user_id) = owner.ids();
    if matches!(shown, Shown::Code("")) {
        return Ok(Some((IdentityProof::FactorMissing, "there was no second factor")));
    }
    let counts = counts(ctx, (store_id, &person.user_name), browser);
    let from = (browser, ctx.request.origin.source_address.as_str());
    let counted = count_code(tx, store_id, user_id.as_str(), &counts, from)?;
    let refusal = match shown {
        Shown::Code(_) if !types.contains(&MfaType::Totp) => {
            let why = WrongCode::Mistyped;
            Some((IdentityProof::WrongCode(why), why.reason()))
        }
        Shown::Code(code) => {
            let wrong = match compare(ctx, &owner.factors, (*code, None))? {
                Compared::Right { device, step, .. } => {
                    let is_new = mfa_device::advance(tx, device, step, device.drift_steps)?;
                    (!is_new).then_some(WrongCode::Used)
                }
                Compared::Wrong(why, _) => Some(why),
            };
            wrong.map(|why| (IdentityProof::WrongCode(why), why.reason()))
        }
        Shown::Key(checked) => {
            let used = match checked {
                Ok(_) if !types.contains(&MfaType::Webauthn) => Err(WrongKey::Over),
                Ok((opened, proof)) => use_proof(tx, &owner.factors.devices, opened, proof)?,
                Err(why) => Err(*why),
            };
            used.err().map(|why| (IdentityProof::WrongKey(why), why.reason()))
        }
    };
    if refusal.is_none() {
        counted.take_back(tx)?;
    }
    Ok(refusal)
}
