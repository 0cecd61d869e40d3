//! Signing in with a user name and a password.
//!
//! CloudTrail: `CredentialChallenge`, `CredentialVerification`, `UserAuthentication`.
//! INVARIANT: whether there is such a user, whether they have a password, and whether they may sign
//! in changes neither the answer nor the work: one look-up, one count, one hash of today's cost, one
//! count. `Passwords::is_right_evenly` says what remains.

use kernel::Ctx;
use kernel::perform::{retry, trace};
use kernel::sessions::{NewSession, begin_portal_session};
use kernel::throttle::{Counts, give_back};
use model::ids::{IdentityStoreId, InstanceId};
use model::instance::Instance;
use model::password::{Password, PasswordHash, PasswordKind};
use model::user::user_name_key;
use model::{AuditEvent, Fault};
use store::sign_in_attempt::AttemptScope;
use store::user_password::{self, Signer};

use super::instance::require_instance;
use super::ticket::Ticket;

const CHALLENGE: &str = "signin:CredentialChallenge";
const VERIFICATION: &str = "signin:CredentialVerification";
const AUTHENTICATION: &str = "signin:UserAuthentication";

#[derive(Clone, Debug)]
pub struct AuthenticateRequest {
    /// None for the organisation's instance.
    pub instance_id: Option<InstanceId>,
    /// As it was typed; what cannot be a user name is nobody's.
    pub user_name: String,
    pub password: Password,
    /// The value of a cookie that tells this browser from others, and lasts. A person is not slowed
    /// down by others in a browser in which they signed in before.
    pub browser: String,
}

/// What comes of an attempt.
#[derive(Debug)]
pub enum Authentication {
    /// The person is signed in.
    SignedIn(NewSession),
    /// The one-time password was right and is spent; the ticket is for `set_new_password`.
    MustSetPassword { user_name: String, ticket: String },
    /// User name and password do not belong together.
    Wrong,
}

/// Signs somebody in. The caller is a stranger, whoever signed in before.
///
/// This is not one operation but three around a hash, so it is called without `retry`.
pub fn authenticate(ctx: &Ctx<'_>, request: &AuthenticateRequest) -> Result<Authentication, Fault> {
    let outcome = attempt(ctx, request);
    if let Err(fault) = &outcome {
        trace(ctx, CHALLENGE, Some(fault))?;
    }
    outcome
}

fn attempt(ctx: &Ctx<'_>, request: &AuthenticateRequest) -> Result<Authentication, Fault> {
    let challenge = retry(|| begin(ctx, request))?;
    let kept = challenge.signer.as_ref().and_then(|signer| signer.password.as_ref());
    let password = request.password.as_bytes();
    let kept_hash = kept.map(|kept| &kept.hash);
    let is_right = match ctx.portico.passwords.is_right_evenly(password, kept_hash) {
        Ok(is_right) => is_right,
        Err(fault) => {
            retry(|| forgive(ctx, &challenge))?;
            return Err(fault);
        }
    };
    let verdict = match (&challenge.signer, kept) {
        (Some(signer), Some(kept)) if is_right && signer.is_enabled => match kept.kind {
            PasswordKind::Chosen => Some(signer),
            PasswordKind::OneTime { expires_at_ms } if ctx.now_ms() < expires_at_ms => Some(signer),
            PasswordKind::OneTime { .. } | PasswordKind::Spent => None,
        },
        _ => None,
    };
    let Some(signer) = verdict else {
        retry(|| refuse(ctx, &challenge))?;
        return Ok(Authentication::Wrong);
    };
    let rehashed = rehash(ctx, request, signer)?;
    let passed = Passed { challenge: &challenge, signer, request, rehashed };
    retry(|| admit(ctx, &passed))
}

/// An attempt that was counted, and whose password has to be looked at.
struct Challenge {
    instance: Instance,
    counts: Counts,
    counted_in: AttemptScope,
    signer: Option<Signer>,
}

/// Looks the person up and counts the attempt.
fn begin(ctx: &Ctx<'_>, request: &AuthenticateRequest) -> Result<Challenge, Fault> {
    let permit = ctx.authorize(CHALLENGE, "*")?;
    let mut tx = ctx.begin(permit)?;
    let instance = require_instance(&mut tx, request.instance_id.as_ref())?;
    let store_id: &IdentityStoreId = &instance.identity_store_id;
    let key = user_name_key(request.user_name.trim());
    let address = &ctx.request.origin.source_address;
    let counts = Counts::new(store_id, &key, &request.browser, address);
    let counted_in = counts.begin(&mut tx)?;
    let signer = user_password::find_signer_by_name(&mut tx, store_id, &key)?;
    tx.commit(&event(ctx, signer.as_ref()))?;
    Ok(Challenge { instance, counts, counted_in, signer })
}

/// Too many others are signing in: the attempt does not count.
fn forgive(ctx: &Ctx<'_>, challenge: &Challenge) -> Result<(), Fault> {
    let permit = ctx.authorize(VERIFICATION, &challenge.instance.id.arn())?;
    let mut tx = ctx.begin(permit)?;
    give_back(&mut tx, &challenge.counted_in)?;
    tx.commit(&event(ctx, challenge.signer.as_ref()).answered("CredentialVerification", "None"))
}

fn refuse(ctx: &Ctx<'_>, challenge: &Challenge) -> Result<(), Fault> {
    let permit = ctx.authorize(VERIFICATION, &challenge.instance.id.arn())?;
    let mut tx = ctx.begin(permit)?;
    challenge.counts.fail(&mut tx)?;
    tx.commit(&event(ctx, challenge.signer.as_ref()).answered("CredentialVerification", "Failure"))
}

/// Somebody whose password was right.
struct Passed<'a> {
    challenge: &'a Challenge,
    signer: &'a Signer,
    request: &'a AuthenticateRequest,
    rehashed: Option<PasswordHash>,
}

fn admit(ctx: &Ctx<'_>, passed: &Passed<'_>) -> Result<Authentication, Fault> {
    let Passed { challenge, signer, request, rehashed } = passed;
    let store_id = &challenge.instance.identity_store_id;
    let permit = ctx.authorize(AUTHENTICATION, &challenge.instance.id.arn())?;
    let mut tx = ctx.begin(permit)?;
    // Hashing takes a while; meanwhile the user may have been disabled, or the password changed.
    let present = user_password::find_signer(&mut tx, store_id, &signer.user_id)?;
    let revision = |signer: &Signer| signer.password.as_ref().map(|password| password.revision);
    let unchanged = present
        .filter(|present| present.is_enabled && revision(present) == revision(signer))
        .and_then(|present| present.password);
    let Some(password) = unchanged else { return Ok(Authentication::Wrong) };
    challenge.counts.succeed(&mut tx)?;
    let event = event(ctx, Some(signer)).answered("CredentialVerification", "Success");

    if password.kind == PasswordKind::Chosen {
        if let Some(hash) = rehashed {
            let (user_id, revision) = (&signer.user_id, password.revision);
            user_password::rehash(&mut tx, store_id, user_id, revision, hash)?;
        }
        let new = begin_portal_session(ctx, &mut tx, store_id, &signer.user_id)?;
        tx.commit(
            &event.answered("UserAuthentication", "Success").answered("sessionId", &new.session.id),
        )?;
        return Ok(Authentication::SignedIn(new));
    }
    if !user_password::spend(&mut tx, store_id, &signer.user_id, password.revision)? {
        return Err(Fault::Contended);
    }
    let ticket = Ticket {
        identity_store_id: store_id.clone(),
        user_id: signer.user_id.clone(),
        revision: password.revision + 1,
    };
    let ticket = ticket.seal(ctx, &request.browser)?;
    tx.commit(&event.answered("UserAuthentication", "NewPasswordRequired"))?;
    Ok(Authentication::MustSetPassword { user_name: signer.user_name.clone(), ticket })
}

/// The same password under the hash of today, if it has one of another cost.
fn rehash(
    ctx: &Ctx<'_>,
    request: &AuthenticateRequest,
    signer: &Signer,
) -> Result<Option<PasswordHash>, Fault> {
    let passwords = &ctx.portico.passwords;
    let outdated = signer.password.as_ref().is_some_and(|kept| {
        kept.kind == PasswordKind::Chosen && kept.hash.cost != passwords.cost()
    });
    if !outdated {
        return Ok(None);
    }
    passwords.keep(request.password.as_bytes(), &*ctx.portico.random).map(Some)
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
