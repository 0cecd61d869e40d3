//! Fresh proof: the person of a portal session types their password again.

use kernel::Ctx;
use kernel::perform::{retry, trace};
use kernel::sessions::proof::{ProofPurpose, require_fresh_proof};
use kernel::sessions::{person, require_portal};
use model::{AuditEvent, Fault};
use store::session;

use super::own_password::verify;

const ACTION: &str = "signin:ProveIdentity";

pub struct ProveIdentityRequest {
    pub password: String,
    /// Cookie of the browser, as at the sign-in.
    pub browser: String,
}

/// Refuses what the instance asks a fresh proof for, if the calling person has not proved themselves lately.
pub fn require_proof(ctx: &Ctx<'_>, purpose: ProofPurpose) -> Result<(), Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(ACTION, &person.user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let portal = require_portal(&mut read, person)?;
    require_fresh_proof(ctx, &mut read, &portal, purpose)
}

/// Takes the password of the calling person as a fresh proof in this session.
pub fn prove_identity(ctx: &Ctx<'_>, request: &ProveIdentityRequest) -> Result<(), Fault> {
    let outcome = prove(ctx, request);
    if let Err(fault) = &outcome {
        trace(ctx, ACTION, fault)?;
    }
    outcome
}

fn prove(ctx: &Ctx<'_>, request: &ProveIdentityRequest) -> Result<(), Fault> {
    let person = person(ctx)?;
    let verified = verify(ctx, person, &request.password, &request.browser)?;
    retry(ctx.portico, || {
        let permit = ctx.authorize(ACTION, &person.user_id.arn())?;
        let mut tx = ctx.begin(permit)?;
        let portal = require_portal(&mut tx, person)?;
        verified.succeed(&mut tx, person)?;
        session::note_proof(&mut tx, &portal.identity_store_id, &portal.id)?;
        tx.commit(&AuditEvent::new().asked("sessionId", &portal.id).hidden("password"))
    })
}
