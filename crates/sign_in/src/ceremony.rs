//! Ceremony of WebAuthn in the browser of a person: sealed in the page, for five minutes, answered once.
//!
//! INVARIANT: the seal binds a ceremony to its kind, the browser and the person. The transaction that uses a right answer
//! calls `Opened::spend`, so an answer works once, also on two nodes at the same moment.

use kernel::Ctx;
use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::token::TokenHash;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Tx, answered_challenge};
use webauthn::{Begun, RelyingParty};

const CEREMONY_MS: i64 = 5 * 60 * 1000;

/// What a ceremony is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum CeremonyKind {
    Registration,
    SecondFactor,
    Passkey,
    /// A person who is signed in proves that it is still they.
    Proof,
}

impl CeremonyKind {
    fn purpose(self) -> &'static str {
        match self {
            Self::Registration => "webauthn registration",
            Self::SecondFactor => "webauthn second factor",
            Self::Passkey => "webauthn passkey",
            Self::Proof => "webauthn proof",
        }
    }
}

/// Begun ceremony, for a page.
#[derive(Clone, Debug)]
pub struct Ceremony {
    /// Options for the browser, as JSON.
    pub options: String,
    /// What the page sends back with the answer.
    pub sealed: String,
}

/// Whom a ceremony is for: the browser, and the person if they are known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Audience<'a> {
    pub(super) browser: &'a str,
    pub(super) person: Option<(&'a IdentityStoreId, &'a UserId)>,
}

/// Ceremony that a page sent back.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) state: String,
    hash: TokenHash,
    expires_at_ms: i64,
}

#[derive(Deserialize, Serialize)]
struct Sealed {
    state: String,
    expires_at_ms: i64,
}

/// Returns this server as authenticators know it, or `None` if browsers offer no WebAuthn here.
pub(super) fn relying_party(ctx: &Ctx<'_>) -> Option<RelyingParty> {
    RelyingParty::of(&ctx.portico.settings.public_url)
}

impl Ceremony {
    pub(super) fn seal(
        ctx: &Ctx<'_>,
        kind: CeremonyKind,
        audience: Audience<'_>,
        begun: Begun,
    ) -> Result<Self, Fault> {
        let Begun { options, state } = begun;
        let sealed = Sealed { state, expires_at_ms: ctx.now_ms() + CEREMONY_MS };
        let plain = serde_json::to_vec(&sealed)
            .map_err(|why| Fault::broken_at("sealing a ceremony", why))?;
        let portico = ctx.portico;
        let sealed =
            portico.keys.seal(kind.purpose(), &*portico.random, &audience.context(), &plain)?;
        Ok(Self { options, sealed })
    }
}

impl Audience<'_> {
    fn context(&self) -> Vec<u8> {
        let person = self.person.map(|(store_id, user_id)| format!("{store_id} {user_id}"));
        // INVARIANT: the length comes first, so the end of one cannot pass for the start of the other.
        format!("{} {} {}", self.browser.len(), self.browser, person.unwrap_or_default())
            .into_bytes()
    }
}

impl Opened {
    /// Opens the ceremony that a page sent back, if it is valid.
    pub(super) fn of(
        ctx: &Ctx<'_>,
        kind: CeremonyKind,
        audience: Audience<'_>,
        sealed: &str,
    ) -> Option<Self> {
        // A ceremony without a browser binding would be valid in every browser.
        (!audience.browser.is_empty()).then_some(())?;
        let plain = ctx.portico.keys.open(kind.purpose(), &audience.context(), sealed)?;
        let Sealed { state, expires_at_ms } = serde_json::from_slice(&plain).ok()?;
        (ctx.now_ms() < expires_at_ms).then_some(())?;
        // The state holds the challenge, which no other ceremony has.
        let hash = Sha256::digest(&state).into();
        Some(Self { state, hash, expires_at_ms })
    }

    /// Uses the ceremony up. Returns false if it was used before.
    pub(super) fn spend(&self, tx: &mut Tx<'_>, store_id: &IdentityStoreId) -> Result<bool, Fault> {
        answered_challenge::insert(tx, store_id, &self.hash, self.expires_at_ms)
    }
}
