//! Ticket: proof of a right one-time password or of a link, which a browser carries to the page for the new
//! password.
//!
//! INVARIANT: a ticket is sealed. It is valid for a quarter of an hour, only in the browser that
//! signed in or opened the link, and only for the revision of the used-up password, or for the link: setting a new
//! password makes the next revision, and ends all links.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use kernel::{Ctx, Portico};
use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::token::TokenHash;
use serde::{Deserialize, Serialize};

const PURPOSE: &str = "new password ticket";
const TICKET_MS: i64 = 15 * 60 * 1000;

/// User who may set a new password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Ticket {
    pub(super) identity_store_id: IdentityStoreId,
    pub(super) user_id: UserId,
    pub(super) proof: Proof,
}

/// What the holder of a ticket has shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Proof {
    /// The one-time password whose use made this revision.
    OneTimePassword { revision: i64 },
    /// The secret of the link with this hash.
    Link(TokenHash),
}

impl Proof {
    /// Text that tells one link or one-time password of a person from another.
    pub(super) fn ceremony(&self) -> String {
        match self {
            Self::OneTimePassword { revision } => format!("revision {revision}"),
            Self::Link(hash) => format!("link {}", STANDARD_NO_PAD.encode(hash)),
        }
    }
}

#[derive(Deserialize, Serialize)]
struct Sealed {
    store: String,
    user: String,
    /// Of a used-up password.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<i64>,
    /// Hash of the secret of a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<TokenHash>,
    expires_at_ms: i64,
}

impl Ticket {
    /// Seals the ticket as text for a form.
    pub(super) fn seal(&self, ctx: &Ctx<'_>, browser: &str) -> Result<String, Fault> {
        let (revision, link) = match self.proof {
            Proof::OneTimePassword { revision } => (Some(revision), None),
            Proof::Link(hash) => (None, Some(hash)),
        };
        let sealed = Sealed {
            store: self.identity_store_id.to_string(),
            user: self.user_id.to_string(),
            revision,
            link,
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
        let proof = match (sealed.revision, sealed.link) {
            (Some(revision), None) => Proof::OneTimePassword { revision },
            (None, Some(hash)) => Proof::Link(hash),
            (Some(_), Some(_)) | (None, None) => return None,
        };
        Some(Self {
            identity_store_id: sealed.store.parse().ok()?,
            user_id: sealed.user.parse().ok()?,
            proof,
        })
    }
}
