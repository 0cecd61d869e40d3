//! Browsers in which a person is not asked for a second factor each time.

use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::source_network::SourceNetwork;
use model::token::TokenHash;

use crate::row::text;
use crate::{Read, Tx};

/// Maximum number of browsers of a person. A newer one takes the place of the one that was used least recently.
pub const TRUSTED_MAX: i64 = 20;

/// A browser that a person called their own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustedBrowser {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    /// Hash of the secret in its cookie.
    pub secret_hash: TokenHash,
    pub network: SourceNetwork,
    pub expires_at_ms: i64,
}

/// Adds a browser.
pub fn insert(tx: &mut Tx<'_>, browser: &TrustedBrowser) -> Result<(), Fault> {
    let owner = [text(&browser.identity_store_id), text(&browser.user_id)];
    let [store_id, user_id] = owner.clone();
    let forget = "DELETE FROM trusted_browser
        WHERE identity_store_id = $1 AND user_id = $2 AND secret_hash NOT IN (
            SELECT secret_hash FROM trusted_browser
            WHERE identity_store_id = $1 AND user_id = $2
            ORDER BY last_used_at_ms DESC
            LIMIT $3)";
    tx.execute(forget, &[store_id, user_id, (TRUSTED_MAX - 1).into()])?;
    let sql = "INSERT INTO trusted_browser
            (identity_store_id, user_id, secret_hash, network, created_at_ms, last_used_at_ms, expires_at_ms)
        VALUES ($1, $2, $3, $4, $5, $5, $6)";
    let [store_id, user_id] = owner;
    let values = [
        store_id,
        user_id,
        browser.secret_hash.as_slice().into(),
        text(&browser.network),
        tx.now_ms().into(),
        browser.expires_at_ms.into(),
    ];
    tx.write(sql, &values)
}

/// Tells whether a browser is one that the person called their own, in this network, and that was used since a moment.
pub fn is_trusted(
    read: &mut Read<'_>,
    browser: &TrustedBrowser,
    (now_ms, used_since_ms): (i64, i64),
) -> Result<bool, Fault> {
    let sql = "SELECT created_at_ms FROM trusted_browser
        WHERE identity_store_id = $1 AND user_id = $2 AND secret_hash = $3 AND network = $4
            AND expires_at_ms > $5 AND last_used_at_ms >= $6";
    let values = [
        text(&browser.identity_store_id),
        text(&browser.user_id),
        browser.secret_hash.as_slice().into(),
        text(&browser.network),
        now_ms.into(),
        used_since_ms.into(),
    ];
    Ok(read.query_one(sql, &values, |row| row.integer("created_at_ms"))?.is_some())
}

/// Notes that a person signed in from a browser.
pub fn note_use(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    secret_hash: &TokenHash,
) -> Result<(), Fault> {
    let sql = "UPDATE trusted_browser SET last_used_at_ms = $4
        WHERE identity_store_id = $1 AND user_id = $2 AND secret_hash = $3";
    let now_ms = tx.now_ms();
    tx.write(sql, &[text(store_id), text(user_id), secret_hash.as_slice().into(), now_ms.into()])
}

/// Forgets all browsers of a person.
pub fn delete_all_of_user(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<(), Fault> {
    let sql = "DELETE FROM trusted_browser WHERE identity_store_id = $1 AND user_id = $2";
    tx.write(sql, &[text(store_id), text(user_id)])
}

/// Deletes up to `limit` browsers whose time was over before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM trusted_browser WHERE (identity_store_id, user_id, secret_hash) IN (
            SELECT identity_store_id, user_id, secret_hash FROM trusted_browser
            WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}
