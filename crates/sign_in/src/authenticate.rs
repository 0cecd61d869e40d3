//! Sign-in with a user name and a password.
//!
//! CloudTrail: `CredentialChallenge`, `CredentialVerification`, `UserAuthentication`.
//! INVARIANT: neither the answer nor the amount of work reveals whether the user exists, has a
//! password or may sign in: every attempt makes one lookup, one count and one hash of the current cost.
//! `Seat::is_right_evenly` documents the remaining case. A one-time password does not raise the user's count from all
//! networks, so who fails at it more than thirty times, from several networks, sees that it is one.

use kernel::Ctx;
use kernel::hash_seal::{open_hash, seal_hash};
use kernel::passwords::Seat;
use kernel::perform::{note_rejected, retry, trace_admitted};
use kernel::sessions::NewSession;
use kernel::sessions::sequence::Proven;
use kernel::strangers::StrangerKind;
use kernel::strength::is_vouched;
use kernel::throttle::{Attempt, Counted, Counts};
use model::ids::{IdentityStoreId, InstanceId};
use model::instance::Instance;
use model::likeness::Likeness;
use model::password::{Password, PasswordHash, PasswordKind, StoredHash};
use model::sign_in_record::CredentialType;
use model::{AuditEvent, Fault};
use policy::NamedPerson;
use store::user_password::{self, Signer};

use super::browser::Browser;
use super::history;
use super::instance::require_instance;
use super::sequence::{Arrival, Progress, SecondStep};
use super::ticket::{Proof, Ticket};

pub(super) const CHALLENGE: &str = "signin:CredentialChallenge";
pub(super) const VERIFICATION: &str = "signin:CredentialVerification";
pub(super) const AUTHENTICATION: &str = "signin:UserAuthentication";

/// Reason in the event of a one-time password whose voucher is good no more.
pub(super) const STRONGER: &str =
    "the person may do more than who answers for the one-time password";

#[derive(Clone, Debug)]
pub struct AuthenticateRequest {
    /// `None` for the organisation's instance.
    pub instance_id: Option<InstanceId>,
    /// User name as typed. Text that is not a valid user name matches no user.
    pub user_name: String,
    pub password: Password,
    /// Failures of others do not slow down a person in a browser in which they signed in before.
    pub browser: Browser,
}

/// Outcome of an attempt.
#[derive(Debug)]
pub enum Authentication {
    /// The person is signed in.
    SignedIn(NewSession),
    /// The password was right, and the person has more to do.
    SecondStep(SecondStep),
    /// The one-time password was right and is used up. The ticket is for `set_new_password`.
    MustSetPassword { user_name: String, ticket: String },
    /// The user name and the password do not match.
    Wrong,
}

/// Signs a person in. The caller is unauthenticated, even if the browser has a session.
///
/// The sign-in consists of three operations around a hash, so it is called without `retry`.
///
/// A refused attempt takes one place in the budget of strangers for its one or two events, and leaves none
/// without a place. A successful attempt gives the place back and always leaves its event.
pub fn authenticate(ctx: &Ctx<'_>, request: &AuthenticateRequest) -> Result<Authentication, Fault> {
    let address = &ctx.request.origin.source_address;
    let strangers = &ctx.portico.strangers;
    let place = strangers.take_place(StrangerKind::SignIn, address, ctx.now_ms());
    let outcome = attempt(ctx, request, place.is_some());
    let is_refused = match &outcome {
        Ok(
            Authentication::SignedIn(_)
            | Authentication::SecondStep(_)
            | Authentication::MustSetPassword { .. },
        ) => false,
        Ok(Authentication::Wrong) | Err(_) => true,
    };
    match (place, &outcome) {
        (Some(place), _) if !is_refused => strangers.give_back(StrangerKind::SignIn, &place),
        (Some(_), Err(fault)) => trace_admitted(ctx, CHALLENGE, fault),
        (None, _) if is_refused => {
            strangers.leave_out(StrangerKind::SignIn, address, ctx.now_ms());
        }
        (Some(_) | None, _) => {}
    }
    outcome
}

/// `is_recorded` tells whether a refusal leaves its events.
fn attempt(
    ctx: &Ctx<'_>,
    request: &AuthenticateRequest,
    is_recorded: bool,
) -> Result<Authentication, Fault> {
    let challenge = retry(ctx.portico, || begin(ctx, request, is_recorded))?;
    let kept = challenge.signer.as_ref().and_then(|signer| signer.password.as_ref());
    let password = request.password.as_bytes();
    let hash = challenge.open_hash(ctx);
    let is_right = match challenge.seat.is_right_evenly(password, hash.as_ref()) {
        Ok(is_right) => is_right,
        Err(fault) => {
            retry(ctx.portico, || forgive(ctx, &challenge))?;
            return Err(fault);
        }
    };
    let (Some(signer), Some(kept), Some(hash), true) = (&challenge.signer, kept, hash, is_right)
    else {
        retry(ctx.portico, || refuse(ctx, &challenge, None))?;
        return Ok(Authentication::Wrong);
    };
    if let Some(obstacle) = obstacle(ctx, signer, &kept.kind) {
        name_person(ctx, &challenge.instance, signer);
        retry(ctx.portico, || refuse(ctx, &challenge, Some(obstacle)))?;
        if !is_recorded {
            // The budget of strangers is spent, and this is no stranger.
            note_rejected(ctx, VERIFICATION, refusal(ctx, Some(signer), Some(obstacle)));
        }
        return Ok(Authentication::Wrong);
    }
    let renewed = renew_hash(ctx, &challenge, request, signer, &hash)?;
    let passed = Passed { challenge: &challenge, signer, request, renewed };
    retry(ctx.portico, || admit(ctx, &passed))
}

/// Counted attempt whose password is still to be verified.
struct Challenge<'a> {
    instance: Instance,
    seat: Seat<'a>,
    counted: Counted,
    signer: Option<Signer>,
    is_recorded: bool,
}

impl Challenge<'_> {
    /// Returns the hash of the user's password, if it opens.
    fn open_hash(&self, ctx: &Ctx<'_>) -> Option<PasswordHash> {
        let signer = self.signer.as_ref()?;
        let owner = (&self.instance.identity_store_id, &signer.user_id);
        open_hash(ctx.portico, owner, &signer.password.as_ref()?.hash)
    }
}

/// Looks the user up and counts the attempt.
///
/// INVARIANT: an attempt that finds no seat, because too many others are signing in, writes nothing.
fn begin<'a>(
    ctx: &Ctx<'a>,
    request: &AuthenticateRequest,
    is_recorded: bool,
) -> Result<Challenge<'a>, Fault> {
    let permit = ctx.authorize(CHALLENGE, "*")?;
    let mut tx = ctx.begin(permit)?;
    let instance = require_instance(&mut tx, request.instance_id.as_ref())?;
    let store_id: &IdentityStoreId = &instance.identity_store_id;
    let name = request.user_name.trim();
    let address = &ctx.request.origin.source_address;
    let signer = user_password::find_signer_by_name(&mut tx, store_id, name)?;
    let counts = Counts::of(&Attempt {
        store_id,
        // All spellings that find one user share the counts of that user.
        user_name: &Likeness::of(name),
        is_guessable: is_guessable(signer.as_ref()),
        browser: &request.browser.id,
        source_address: address,
    });
    let now_ms = tx.now_ms();
    let ready = counts.require_no_pause(&mut tx, &ctx.portico.keys, now_ms)?;
    let seat = ctx.portico.passwords.take_seat(counts.sitter(&ready))?;
    let counted = counts.begin(&mut tx, &ready, ctx.portico.strangers.new_counters())?;
    tx.commit(&event(ctx, signer.as_ref()).if_recorded(is_recorded))?;
    Ok(Challenge { instance, seat, counted, signer, is_recorded })
}

/// Tells whether an attempt could guess the password: not a one-time password, which is random.
fn is_guessable(signer: Option<&Signer>) -> bool {
    let kept = signer.and_then(|signer| signer.password.as_ref());
    kept.is_none_or(|kept| kept.kind == PasswordKind::Chosen)
}

/// Takes the attempt back, because the password could not be checked.
fn forgive(ctx: &Ctx<'_>, challenge: &Challenge<'_>) -> Result<(), Fault> {
    let permit = ctx.authorize(VERIFICATION, &challenge.instance.id.arn())?;
    let mut tx = ctx.begin(permit)?;
    challenge.counted.take_back(&mut tx)?;
    let event = event(ctx, challenge.signer.as_ref()).answered("CredentialVerification", "None");
    tx.commit(&event.if_recorded(challenge.is_recorded))
}

/// Returns why a person with the right password may not sign in.
fn obstacle(ctx: &Ctx<'_>, signer: &Signer, kind: &PasswordKind) -> Option<&'static str> {
    if !signer.is_enabled {
        return Some("the person is disabled");
    }
    match kind {
        PasswordKind::Chosen => None,
        PasswordKind::OneTime { expires_at_ms, .. } if ctx.now_ms() < *expires_at_ms => None,
        PasswordKind::OneTime { .. } => Some("the one-time password has expired"),
        PasswordKind::Spent { .. } => Some("the one-time password was used"),
    }
}

/// Names the person who proved themselves in the events that follow.
fn name_person(ctx: &Ctx<'_>, instance: &Instance, signer: &Signer) {
    ctx.name_person(NamedPerson {
        identity_store_id: instance.identity_store_id.clone(),
        user_id: signer.user_id.clone(),
        session_id: None,
    });
}

/// `obstacle` is what keeps a person with the right password out.
fn refuse(
    ctx: &Ctx<'_>,
    challenge: &Challenge<'_>,
    obstacle: Option<&'static str>,
) -> Result<(), Fault> {
    let permit = ctx.authorize(VERIFICATION, &challenge.instance.id.arn())?;
    let tx = ctx.begin(permit)?;
    let event = refusal(ctx, challenge.signer.as_ref(), obstacle);
    tx.commit(&event.if_recorded(challenge.is_recorded))?;
    let store_id = &challenge.instance.identity_store_id;
    let user_id = challenge.signer.as_ref().map(|signer| &signer.user_id);
    history::note_failure(ctx, store_id, user_id, CredentialType::Password);
    Ok(())
}

/// User whose password was right.
struct Passed<'a> {
    challenge: &'a Challenge<'a>,
    signer: &'a Signer,
    request: &'a AuthenticateRequest,
    /// Hash of the current cost under the seal, if the stored one lacks either.
    renewed: Option<StoredHash>,
}

fn admit(ctx: &Ctx<'_>, passed: &Passed<'_>) -> Result<Authentication, Fault> {
    let Passed { challenge, signer, request, renewed } = passed;
    let store_id = &challenge.instance.identity_store_id;
    let permit = ctx.authorize(AUTHENTICATION, &challenge.instance.id.arn())?;
    let mut tx = ctx.begin(permit)?;
    // The user may have been disabled, or the password changed, during the slow hash.
    let present = user_password::find_signer(&mut tx, store_id, &signer.user_id)?;
    let revision = |signer: &Signer| signer.password.as_ref().map(|password| password.revision);
    let unchanged = present
        .filter(|present| present.is_enabled && revision(present) == revision(signer))
        .and_then(|present| present.password);
    let Some(password) = unchanged else { return Ok(Authentication::Wrong) };
    let event = event(ctx, Some(signer)).answered("CredentialVerification", "Success");
    if password.kind != PasswordKind::Chosen {
        let (instance, voucher) = (&challenge.instance, password.kind.voucher());
        if !is_vouched(ctx, &mut tx, instance, &signer.user_id, voucher)? {
            let event =
                event.answered("UserAuthentication", "Failure").answered("reason", STRONGER);
            tx.commit(&event.clone().if_recorded(challenge.is_recorded))?;
            if !challenge.is_recorded {
                name_person(ctx, instance, signer);
                note_rejected(ctx, AUTHENTICATION, event);
            }
            return Ok(Authentication::Wrong);
        }
    }
    // A right password alone makes no browser known: `Arrival::advance` does when the sequence is done.
    challenge.counted.take_back(&mut tx)?;

    if password.kind == PasswordKind::Chosen {
        if let Some(hash) = renewed {
            let (user_id, revision) = (&signer.user_id, password.revision);
            user_password::rehash(&mut tx, store_id, user_id, revision, hash)?;
        }
        let arrival = Arrival {
            instance: challenge.instance.clone(),
            signer: (*signer).clone(),
            browser: &request.browser,
            until_ms: None,
        };
        let (progress, event) = arrival.advance(ctx, &mut tx, Proven::Password, &event)?;
        tx.commit(&event)?;
        return Ok(match progress {
            Progress::SignedIn(new) => Authentication::SignedIn(new),
            Progress::SecondStep(step) => Authentication::SecondStep(step),
        });
    }
    if !user_password::spend(&mut tx, store_id, &signer.user_id, password.revision)? {
        return Err(Fault::Contended);
    }
    let ticket = Ticket {
        identity_store_id: store_id.clone(),
        user_id: signer.user_id.clone(),
        proof: Proof::OneTimePassword { revision: password.revision + 1 },
    };
    let ticket = ticket.seal(ctx, &request.browser.id)?;
    tx.commit(&event.answered("UserAuthentication", "NewPasswordRequired"))?;
    Ok(Authentication::MustSetPassword { user_name: signer.user_name.clone(), ticket })
}

/// Makes the hash that a chosen password should have, if its stored hash has another cost or no seal.
fn renew_hash(
    ctx: &Ctx<'_>,
    challenge: &Challenge<'_>,
    request: &AuthenticateRequest,
    signer: &Signer,
    hash: &PasswordHash,
) -> Result<Option<StoredHash>, Fault> {
    let Some(kept) = signer.password.as_ref().filter(|kept| kept.kind == PasswordKind::Chosen)
    else {
        return Ok(None);
    };
    let is_outdated = hash.cost != ctx.portico.passwords.cost();
    if !is_outdated && kept.hash.unsealed().is_none() {
        return Ok(None);
    }
    let owner = (&challenge.instance.identity_store_id, &signer.user_id);
    if is_outdated {
        let made = challenge.seat.keep(request.password.as_bytes(), &*ctx.portico.random)?;
        return seal_hash(ctx.portico, owner, &made).map(Some);
    }
    seal_hash(ctx.portico, owner, hash).map(Some)
}

fn refusal(ctx: &Ctx<'_>, signer: Option<&Signer>, obstacle: Option<&'static str>) -> AuditEvent {
    let event = event(ctx, signer).answered("CredentialVerification", "Failure");
    match obstacle {
        Some(obstacle) => event.answered("reason", obstacle),
        None => event,
    }
}

fn event(ctx: &Ctx<'_>, signer: Option<&Signer>) -> AuditEvent {
    let event = AuditEvent::new()
        .asked("CredentialType", "PASSWORD")
        .asked("AuthWorkflowID", &ctx.request.id);
    match signer {
        Some(signer) => event.asked("userId", &signer.user_id),
        None => event.hidden("userName"),
    }
}
