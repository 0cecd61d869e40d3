//! Authentication: verifies a request's signature and finds its caller.
//!
//! INVARIANT: the signature of each request is verified, and its key is checked for withdrawal at
//! each request, even if the session is cached (see `authority`).

use std::sync::{Arc, PoisonError};

use model::Fault;
use policy::{Caller, Principal};
use protocol::sigv4::{Signed, SigningKey};

use super::rejection::Rejection;
use super::{authority, operator, session_token};
use crate::Portico;
use crate::caller_cache::CachedCaller;
use crate::identified::identified;

/// Returns the caller that signed the request, if `verify` accepts the signature under their key.
///
/// `verify` is `Signed::verify`, or `Signed::verify_head` for a streaming body.
pub fn authenticate<T>(
    portico: &Portico,
    signed: &Signed<'_>,
    verify: impl FnOnce(&SigningKey, i64) -> Result<T, Fault>,
) -> Result<(Arc<Caller>, T), Rejection> {
    let now_ms = portico.clock.now_ms();
    let unproven = |fault| Rejection::unproven(signed.key_id(), fault);
    let verify = |key: &SigningKey| verify(key, portico.clock.now_for(signed.signed_at_ms()));
    let Some(token) = signed.session_token() else {
        let static_key =
            portico.static_keys.iter().find(|key| key.access_key_id == signed.key_id());
        let static_key = static_key.ok_or(Fault::UnknownKey).map_err(unproven)?;
        let key = SigningKey::derive(&static_key.secret_access_key, signed.credential());
        let caller = operator::caller(portico, &static_key.access_key_id);
        // Static keys belong to the operator of a sandbox and never expire.
        let verified = proof(verify(&key), false)
            .map_err(unproven)?
            .map_err(|fault| Rejection::of_caller(&caller, fault))?;
        return Ok((identified(caller), verified));
    };
    let known = authority::find(portico, token);
    if let Some(known) = known.filter(|known| known.access_key_id == signed.key_id()) {
        let is_expired = known.expires_at_ms <= now_ms;
        let verified = proof(verify(&signing_key(&known, signed)), is_expired)
            .map_err(unproven)?
            .map_err(|fault| Rejection::of_caller(&known.caller, fault))?;
        return Ok((identified(Arc::clone(&known.caller)), verified));
    }
    let opened = session_token::read(&portico.keys, signed.key_id(), token);
    let opened = opened.ok_or(Fault::UnknownKey).map_err(unproven)?;
    let key = SigningKey::derive(&opened.secret, signed.credential());
    let is_expired = opened.session.expires_at_ms <= now_ms;
    let verified = proof(verify(&key), is_expired)
        .map_err(unproven)?
        .map_err(|fault| Rejection::of_role(opened.session.clone(), fault))?;
    let scope = scope(signed);
    let session = opened.session.clone();
    let known = authority::look_up(portico, token, opened, (scope, key))
        .map_err(|fault| Rejection::of_role(session, fault))?;
    Ok((identified(Arc::clone(&known.caller)), verified))
}

/// Divides the outcome of a verification by what it proves: an outer fault proves nobody, and an inner one proves the
/// holder of the key.
// AWS: keys that are over are answered with ExpiredToken, whether or not the signature is right.
fn proof<T>(verified: Result<T, Fault>, is_expired: bool) -> Result<Result<T, Fault>, Fault> {
    let is_proven = match &verified {
        Ok(_) => true,
        Err(Fault::BadSignature { flaw, .. }) => flaw.is_of_time(),
        Err(_) => false,
    };
    match if is_expired { Err(Fault::ExpiredKey) } else { verified } {
        Err(fault) if !is_proven => Err(fault),
        outcome => Ok(outcome),
    }
}

/// Returns the signing key of the request's scope. The key is derived only if the scope differs
/// from the last one.
fn signing_key(known: &CachedCaller, signed: &Signed<'_>) -> SigningKey {
    let scope = scope(signed);
    let mut last = known.signing_key.lock().unwrap_or_else(PoisonError::into_inner);
    match &*last {
        Some((of, key)) if *of == scope => key.clone(),
        Some(_) | None => {
            let key = SigningKey::derive(&known.secret, signed.credential());
            *last = Some((scope, key.clone()));
            key
        }
    }
}

fn scope(signed: &Signed<'_>) -> String {
    let credential = signed.credential();
    [&*credential.date, &credential.region, &credential.service].join("/")
}

/// Finds the caller of role credentials that a page holds. There is no signature to verify, because the
/// caller of this function has another proof; every other check applies.
pub fn caller_of_token(
    portico: &Portico,
    access_key_id: &str,
    token: &str,
) -> Result<Arc<Caller>, Rejection> {
    let opened = session_token::read(&portico.keys, access_key_id, token);
    let opened = opened.ok_or(Fault::UnknownKey);
    let session = opened.map_err(|fault| Rejection::unproven(access_key_id, fault))?.session;
    if session.expires_at_ms <= portico.clock.now_ms() {
        return Err(Rejection::of_role(session, Fault::ExpiredKey));
    }
    match authority::policies_of(portico, &session) {
        Ok(policies) => {
            Ok(identified(Arc::new(Caller { principal: Principal::Role(session), policies })))
        }
        Err(fault) => Err(Rejection::of_role(session, fault)),
    }
}

/// The caller later in the same request, if the keys are still good, with what they may do now.
///
/// Expiry does not count: the request came in time.
pub fn renew(
    portico: &Portico,
    caller: &Arc<Caller>,
    session_token: Option<&str>,
) -> Result<Arc<Caller>, Rejection> {
    let known = session_token.and_then(|token| authority::find(portico, token));
    if let Some(known) = known {
        return Ok(Arc::clone(&known.caller));
    }
    let rejected = |fault| Rejection::of_caller(caller, fault);
    let Principal::Role(session) = &caller.principal else {
        return Err(rejected(Fault::UnknownKey));
    };
    let policies = authority::policies_of(portico, session).map_err(rejected)?;
    Ok(Arc::new(Caller { principal: caller.principal.clone(), policies }))
}
