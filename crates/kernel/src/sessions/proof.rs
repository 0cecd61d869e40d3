//! Fresh proof: a person has shown within the last minutes, in this session, that they are who they are.

use model::Fault;
use model::session::Session;
use model::session_settings::SessionSettings;
use store::{Read, setting};

use crate::Ctx;

/// Time for which a proof is fresh.
pub const FRESH_MS: i64 = 5 * 60 * 1000;

/// What a request without a fresh proof must do. The pages ask for the proof then.
pub const PROOF_NEEDED: &str = "come from a person who has just proved who they are";

/// What a fresh proof may be asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProofPurpose {
    /// A client is to act for the person.
    Consent,
    /// Keys of a role are to be given out in the portal.
    Keys,
}

/// Tells whether the person of a portal session has proved themselves lately.
#[must_use]
pub fn is_fresh(portal: &Session, now_ms: i64) -> bool {
    now_ms - portal.proved_at_ms < FRESH_MS
}

/// Tells whether the person of a portal session has proved themselves lately with all that their sign-in asks for.
///
/// A password alone is not enough in a browser that the person called their own: who sits there may have learnt it.
#[must_use]
pub fn is_wholly_fresh(portal: &Session, now_ms: i64) -> bool {
    now_ms - portal.whole_proof_at_ms < FRESH_MS
}

/// Refuses the request if the instance asks for a fresh proof and the portal session has none.
pub fn require_fresh_proof(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    portal: &Session,
    purpose: ProofPurpose,
) -> Result<(), Fault> {
    if is_fresh(portal, ctx.now_ms()) {
        return Ok(());
    }
    let settings: SessionSettings = setting::find_of_store(read, &portal.identity_store_id)?;
    let is_asked = match purpose {
        ProofPurpose::Consent => settings.fresh_proof_for_consent,
        ProofPurpose::Keys => settings.fresh_proof_for_keys,
    };
    if is_asked { Err(Fault::NotAdmitted { must: PROOF_NEEDED.into() }) } else { Ok(()) }
}
