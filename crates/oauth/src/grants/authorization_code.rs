//! Authorization code grant, with PKCE.
//!
//! RFC 6749 §4.1.3, RFC 7636 §4.6.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Ctx;
use kernel::sessions::secret::hash_secret;
use model::oauth::{AuthorizationCode, CodeVerifier, GrantType, RedirectUri};
use model::{AuditEvent, Fault};
use sha2::{Digest, Sha256};
use store::{authorization_code, client_session, session};
use subtle::ConstantTimeEq;

use super::{CREATE_TOKEN, event, invalid_grant};
use crate::client::KnownClient;
use crate::tokens::{CreateTokenReply, Pair};

pub(crate) fn exchange(
    ctx: &Ctx<'_>,
    known: &KnownClient,
    code: &str,
    redirect_uri: &RedirectUri,
    code_verifier: &CodeVerifier,
) -> Result<CreateTokenReply, Fault> {
    let permit = ctx.authorize(CREATE_TOKEN, "*")?;
    let mut tx = ctx.begin(permit)?;
    let now_ms = tx.now_ms();
    let hash = hash_secret(code);
    let found = authorization_code::find(&mut tx, &hash)?.ok_or_else(invalid_grant)?;
    let (store_id, session_id) = (&found.identity_store_id, &found.client_session_id);
    if !authorization_code::use_up(&mut tx, &hash)? {
        // RFC 6749 §4.1.2: a code that is presented twice was intercepted.
        session::end(&mut tx, store_id, session_id)?;
        let event = AuditEvent::new()
            .asked("grantType", GrantType::AuthorizationCode.as_str())
            .asked("clientName", &known.client.name)
            .answered("codeUsedAgain", true)
            .answered("sessionEnded", session_id);
        tx.commit(&event)?;
        return Err(invalid_grant());
    }
    let is_good = found.client_hash == known.hash
        && now_ms < found.expires_at_ms
        && found.redirect_uri.admits(redirect_uri)
        && is_proven(&found, code_verifier);
    if !is_good {
        return Err(invalid_grant());
    }
    let session = client_session::find_live(&mut tx, store_id, session_id, now_ms)?;
    let session = session.ok_or_else(invalid_grant)?.session;
    let reply = Pair::first(&session, now_ms).issue(ctx, known, &found.scopes)?;
    tx.commit(&event(known, GrantType::AuthorizationCode.as_str(), &session))?;
    Ok(reply)
}

fn is_proven(code: &AuthorizationCode, verifier: &CodeVerifier) -> bool {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_str().as_bytes()));
    challenge.as_bytes().ct_eq(code.code_challenge.as_str().as_bytes()).into()
}
