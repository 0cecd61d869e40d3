//! The key of an authenticator app that is being registered. The page carries it, sealed, until a code proves that the
//! app has it: no device exists before.
//!
//! INVARIANT: an offer makes one device. The page of a device that was removed does not bring it back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use kernel::Ctx;
use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use protocol::totp::TotpKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Tx, answered_challenge};
use zeroize::Zeroizing;

/// Purpose of the seal on a key that is offered.
const OFFER: &str = "authenticator app to be registered";

/// Time for which a key is offered.
const OFFER_MS: i64 = 60 * 60 * 1000;

/// A key that is offered to a person.
pub struct TotpOffer {
    /// The offer, sealed for the form.
    pub sealed: String,
    /// Address for the QR code.
    pub address: Zeroizing<String>,
    /// The key, to be typed.
    pub key_in_groups: Zeroizing<String>,
    key: TotpKey,
    expires_at_ms: i64,
}

impl TotpOffer {
    pub(crate) fn key(&self) -> &TotpKey {
        &self.key
    }

    /// Uses the offer up. Returns false if a device was registered with it before.
    pub(crate) fn spend(&self, tx: &mut Tx<'_>, store_id: &IdentityStoreId) -> Result<bool, Fault> {
        let mut digest = Sha256::new_with_prefix(OFFER);
        digest.update(self.key.as_bytes());
        let hash = digest.finalize().into();
        answered_challenge::insert(tx, store_id, &hash, self.expires_at_ms)
    }
}

#[derive(Deserialize, Serialize)]
struct Sealed {
    key: String,
    issuer: String,
    user_name: String,
    expires_at_ms: i64,
}

/// Offers a new key to a person. `issuer` is the name under which the app lists it.
pub(crate) fn make(
    ctx: &Ctx<'_>,
    owner: (&IdentityStoreId, &UserId),
    browser_id: &str,
    (issuer, user_name): (&str, &str),
) -> Result<TotpOffer, Fault> {
    let key = TotpKey::random(&*ctx.portico.random);
    let content = Sealed {
        key: STANDARD_NO_PAD.encode(key.as_bytes()),
        issuer: issuer.to_owned(),
        user_name: user_name.to_owned(),
        expires_at_ms: ctx.now_ms() + OFFER_MS,
    };
    let plain = serde_json::to_vec(&content)
        .map_err(|why| Fault::broken_at("sealing the key of an authenticator app", why))?;
    let plain = Zeroizing::new(plain);
    let portico = ctx.portico;
    let sealed = portico.keys.seal(OFFER, &*portico.random, &place(owner, browser_id), &plain)?;
    Ok(offer(sealed, key, &content))
}

/// Opens an offer of the form of a page, if it was made for this person and browser and is not over.
pub(crate) fn open(
    ctx: &Ctx<'_>,
    owner: (&IdentityStoreId, &UserId),
    browser_id: &str,
    sealed: &str,
) -> Option<TotpOffer> {
    (!browser_id.is_empty()).then_some(())?;
    let plain = ctx.portico.keys.open(OFFER, &place(owner, browser_id), sealed)?;
    let plain = Zeroizing::new(plain);
    let content: Sealed = serde_json::from_slice(&plain).ok()?;
    (ctx.now_ms() < content.expires_at_ms).then_some(())?;
    let key = TotpKey::from_bytes(&STANDARD_NO_PAD.decode(&content.key).ok()?)?;
    Some(offer(sealed.to_owned(), key, &content))
}

fn offer(sealed: String, key: TotpKey, content: &Sealed) -> TotpOffer {
    TotpOffer {
        sealed,
        address: key.address(&content.issuer, &content.user_name),
        key_in_groups: Zeroizing::new(key.in_groups()),
        key,
        expires_at_ms: content.expires_at_ms,
    }
}

/// What a seal is bound to. No id has a space.
fn place((store_id, user_id): (&IdentityStoreId, &UserId), more: &str) -> Vec<u8> {
    format!("{store_id} {user_id} {more}").into_bytes()
}
