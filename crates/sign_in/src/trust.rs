//! Browsers that people called their own, so that they are not asked for a second factor there each time.
//!
//! The cookie holds a secret for each person and network; the database holds their hashes. It ends after
//! [`TRUST_MS`], after [`ABSENCE_MS`] without a sign-in, in another network (an IPv4 /24, an IPv6 /48), and with a new
//! password, a removed device or a disabled person (`store::trusted_browser`).

use kernel::Ctx;
use kernel::sessions::secret::{Secret, hash_secret};
use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::source_network::Networks;
use store::trusted_browser::{self, TrustedBrowser};
use store::{Read, Tx};

use crate::browser::Browser;

/// Time for which a browser is trusted.
pub const TRUST_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Time without a sign-in after which a browser is not trusted any more.
pub const ABSENCE_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// Maximum number of secrets in the cookie of a browser: people and networks that share it.
const SECRETS_MAX: usize = 6;

/// Character between two secrets. No secret has it.
const BETWEEN: char = '.';

/// A browser that was found trusted.
pub(crate) struct Found(TrustedBrowser);

impl Found {
    /// Notes that the person signed in from it.
    pub(crate) fn note_use(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        let TrustedBrowser { identity_store_id, user_id, secret_hash, .. } = &self.0;
        trusted_browser::note_use(tx, identity_store_id, user_id, secret_hash)
    }
}

/// Finds out whether the person called this browser their own, in the network of this request.
pub(crate) fn find(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    (store_id, user_id): (&IdentityStoreId, &UserId),
    browser: &Browser,
) -> Result<Option<Found>, Fault> {
    let now_ms = ctx.now_ms();
    for secret in secrets(&browser.trusted) {
        let candidate = candidate(ctx, (store_id, user_id), secret, now_ms);
        if trusted_browser::is_trusted(read, &candidate, (now_ms, now_ms - ABSENCE_MS))? {
            return Ok(Some(Found(candidate)));
        }
    }
    Ok(None)
}

/// Trusts a browser from now on. Returns the new value of its cookie.
pub(crate) fn begin(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    (store_id, user_id): (&IdentityStoreId, &UserId),
    browser: &Browser,
) -> Result<String, Fault> {
    let secret = Secret::random(&*ctx.portico.random);
    let until_ms = tx.now_ms() + TRUST_MS;
    trusted_browser::insert(tx, &candidate(ctx, (store_id, user_id), secret.reveal(), until_ms))?;
    let earlier = secrets(&browser.trusted).take(SECRETS_MAX - 1);
    let all: Vec<&str> = std::iter::once(secret.reveal()).chain(earlier).collect();
    Ok(all.join(&BETWEEN.to_string()))
}

fn candidate(
    ctx: &Ctx<'_>,
    (store_id, user_id): (&IdentityStoreId, &UserId),
    secret: &str,
    expires_at_ms: i64,
) -> TrustedBrowser {
    TrustedBrowser {
        identity_store_id: store_id.clone(),
        user_id: user_id.clone(),
        secret_hash: hash_secret(secret),
        network: Networks::of(&ctx.request.origin.source_address).largest().clone(),
        expires_at_ms,
    }
}

/// The secrets in a cookie, the newest first.
fn secrets(cookie: &str) -> impl Iterator<Item = &str> {
    cookie.split(BETWEEN).filter(|secret| !secret.is_empty()).take(SECRETS_MAX)
}
