//! Ticket: proof of a right one-time password, which a browser carries to the page for the new
//! password.
//!
//! INVARIANT: a ticket is sealed. It is valid for a quarter of an hour, only in the browser that
//! signed in, and only for the revision of the used-up password: setting a new password makes the
//! next revision.

use kernel::{Ctx, Portico};
use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use serde::{Deserialize, Serialize};

const PURPOSE: &str = "new password ticket";
const TICKET_MS: i64 = 15 * 60 * 1000;

/// User who may set a new password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Ticket {
    pub(super) identity_store_id: IdentityStoreId,
    pub(super) user_id: UserId,
    /// Revision of the used-up password.
    pub(super) revision: i64,
}

#[derive(Deserialize, Serialize)]
struct Sealed {
    store: String,
    user: String,
    revision: i64,
    expires_at_ms: i64,
}

impl Ticket {
    /// Seals the ticket as text for a form.
    pub(super) fn seal(&self, ctx: &Ctx<'_>, browser: &str) -> Result<String, Fault> {
        let sealed = Sealed {
            store: self.identity_store_id.to_string(),
            user: self.user_id.to_string(),
            revision: self.revision,
            expires_at_ms: ctx.now_ms() + TICKET_MS,
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
        Some(Self {
            identity_store_id: sealed.store.parse().ok()?,
            user_id: sealed.user.parse().ok()?,
            revision: sealed.revision,
        })
    }
}
