//! The proof that a one-time password was right, which a browser carries to the page for a new one.
//!
//! INVARIANT: it is sealed, good for a quarter of an hour, in the browser that signed in alone, and
//! for the password that was spent for it: setting a new one makes the next revision.

use kernel::{Ctx, Portico};
use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use serde::{Deserialize, Serialize};

const PURPOSE: &str = "new password ticket";
const TICKET_MS: i64 = 15 * 60 * 1000;

/// Who may set a new password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Ticket {
    pub(super) identity_store_id: IdentityStoreId,
    pub(super) user_id: UserId,
    /// Of the password that was spent.
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
    /// The ticket as text for a form.
    pub(super) fn seal(&self, ctx: &Ctx<'_>, browser: &str) -> Result<String, Fault> {
        let sealed = Sealed {
            store: self.identity_store_id.to_string(),
            user: self.user_id.to_string(),
            revision: self.revision,
            expires_at_ms: ctx.now_ms() + TICKET_MS,
        };
        let plain =
            serde_json::to_vec(&sealed).map_err(|why| Fault::broken_at("sealing a ticket", why))?;
        ctx.portico.keys.seal(PURPOSE, &*ctx.portico.random, browser.as_bytes(), &plain)
    }

    /// The ticket that a browser shows, while it is good.
    pub(super) fn open(portico: &Portico, browser: &str, text: &str) -> Option<Self> {
        // What is bound to no browser would be good in all of them.
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
