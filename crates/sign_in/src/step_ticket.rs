//! Ticket of a step behind the password: proof of a right password, which a browser carries to the page that asks for
//! more.
//!
//! INVARIANT: a ticket is sealed. It is valid for a quarter of an hour, only in the browser that signed in, and only for
//! the revision of the password: setting a new password makes the next one.
//! It opens no session: what the person has to do is asked again at each use.

use kernel::{Ctx, Portico};
use model::Fault;
use model::ids::{IdentityStoreId, MfaDeviceId, UserId};
use serde::{Deserialize, Serialize};

const PURPOSE: &str = "second factor ticket";

/// Time for the whole of a sequence.
pub(super) const TICKET_MS: i64 = 15 * 60 * 1000;

/// Person who has typed their password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct StepTicket {
    pub(super) identity_store_id: IdentityStoreId,
    pub(super) user_id: UserId,
    /// Revision of the password that was typed.
    pub(super) revision: i64,
    /// An authenticator app out of step, and the time step of the code that it showed first.
    pub(super) out_of_step: Option<(MfaDeviceId, i64)>,
    /// A wrong code does not move it.
    pub(super) expires_at_ms: i64,
}

#[derive(Deserialize, Serialize)]
struct Sealed {
    store: String,
    user: String,
    revision: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    out_of_step: Option<(String, i64)>,
    expires_at_ms: i64,
}

impl StepTicket {
    /// Seals the ticket as text for a form.
    pub(super) fn seal(&self, ctx: &Ctx<'_>, browser: &str) -> Result<String, Fault> {
        let out_of_step = self.out_of_step.as_ref().map(|(id, step)| (id.to_string(), *step));
        let sealed = Sealed {
            store: self.identity_store_id.to_string(),
            user: self.user_id.to_string(),
            revision: self.revision,
            out_of_step,
            expires_at_ms: self.expires_at_ms,
        };
        let plain = serde_json::to_vec(&sealed)
            .map_err(|why| Fault::broken_at("sealing a sign-in ticket", why))?;
        ctx.portico.keys.seal(PURPOSE, &*ctx.portico.random, browser.as_bytes(), &plain)
    }

    /// Opens the ticket that a browser presents, if it is valid.
    pub(super) fn open(portico: &Portico, browser: &str, text: &str) -> Option<Self> {
        // A ticket without a browser binding would be valid in every browser.
        (!browser.is_empty()).then_some(())?;
        let plain = portico.keys.open(PURPOSE, browser.as_bytes(), text)?;
        let sealed: Sealed = serde_json::from_slice(&plain).ok()?;
        (portico.clock.now_ms() < sealed.expires_at_ms).then_some(())?;
        let out_of_step = match sealed.out_of_step {
            Some((id, step)) => Some((id.parse().ok()?, step)),
            None => None,
        };
        Some(Self {
            identity_store_id: sealed.store.parse().ok()?,
            user_id: sealed.user.parse().ok()?,
            revision: sealed.revision,
            out_of_step,
            expires_at_ms: sealed.expires_at_ms,
        })
    }
}
