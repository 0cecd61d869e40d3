//! Token in a link by which a person confirms an address.
//!
//! INVARIANT: a token is sealed, and is nobody's authority: the person signs in, and only then confirms the address.

use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use serde::{Deserialize, Serialize};

use crate::{Ctx, Portico};

const PURPOSE: &str = "confirmation of an address";

/// Address of a person, which is to be confirmed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EmailToken {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub mailbox: String,
    pub expires_at_ms: i64,
}

#[derive(Deserialize, Serialize)]
struct Sealed {
    store: String,
    user: String,
    email: String,
    expires_at_ms: i64,
}

impl EmailToken {
    /// Seals the token as text for an address of a page.
    pub fn seal(&self, ctx: &Ctx<'_>) -> Result<String, Fault> {
        let sealed = Sealed {
            store: self.identity_store_id.to_string(),
            user: self.user_id.to_string(),
            email: self.mailbox.clone(),
            expires_at_ms: self.expires_at_ms,
        };
        let plain = serde_json::to_vec(&sealed)
            .map_err(|why| Fault::broken_at("sealing a token of an address", why))?;
        ctx.portico.keys.seal(PURPOSE, &*ctx.portico.random, b"", &plain)
    }

    /// Opens a token that has not expired.
    #[must_use]
    pub fn open(portico: &Portico, text: &str) -> Option<Self> {
        let sealed: Sealed =
            serde_json::from_slice(&portico.keys.open(PURPOSE, b"", text)?).ok()?;
        (portico.clock.now_ms() < sealed.expires_at_ms).then_some(())?;
        Some(Self {
            identity_store_id: sealed.store.parse().ok()?,
            user_id: sealed.user.parse().ok()?,
            mailbox: sealed.email,
            expires_at_ms: sealed.expires_at_ms,
        })
    }
}
