//! Device code grant: the client polls until the person has decided.
//!
//! RFC 8628 §3.4 and §3.5.

use kernel::Ctx;
use kernel::sessions::secret::hash_secret;
use model::oauth::{DeviceAuthorization, DeviceState, GrantType};
use model::{Fault, OAuthError};
use policy::NamedPerson;
use store::device_authorization::{self, advance};
use store::{client_session, instance};

use super::{CREATE_TOKEN, event, invalid_grant};
use crate::client::KnownClient;
use crate::device_setting::{DISABLED, takes_codes};
use crate::tokens::{CreateTokenReply, Pair};

pub(crate) fn exchange(
    ctx: &Ctx<'_>,
    known: &KnownClient,
    device_code: &str,
) -> Result<CreateTokenReply, Fault> {
    let permit = ctx.authorize(CREATE_TOKEN, "*")?;
    let hash = hash_secret(device_code);
    // Most polls come before the decision and need no write transaction.
    let found = device_authorization::find(&mut ctx.read(&permit)?, &hash)?;
    let wish = found.ok_or_else(invalid_grant)?;
    name_person(ctx, &wish);
    if wish.client_hash != known.hash {
        return Err(invalid_grant());
    }
    require_decision(ctx, &wish)?;

    let DeviceState::Approved { user_id, client_session_id } = &wish.state else {
        return Err(invalid_grant());
    };
    // The event of the tokens has the name of the person.
    let permit = ctx.authorize(CREATE_TOKEN, "*")?;
    let mut tx = ctx.begin(permit)?;
    let now_ms = tx.now_ms();
    let session =
        client_session::find_live(&mut tx, &wish.identity_store_id, client_session_id, now_ms)?;
    let session = session.ok_or_else(ended)?.session;
    let instance = instance::find_by_store(&mut tx, &session.identity_store_id)?;
    if !takes_codes(&mut tx, &instance.ok_or_else(ended)?.id)? {
        return Err(OAuthError::AccessDenied.because(DISABLED));
    }
    let (user_id, client_session_id) = (user_id.clone(), client_session_id.clone());
    let used = DeviceState::Used { user_id, client_session_id };
    advance(&mut tx, &wish, &used)?;
    let reply = Pair::first(&session, now_ms).issue(ctx, known, &wish.scopes)?;
    tx.commit(&event(known, GrantType::DeviceCode.as_str(), &session))?;
    Ok(reply)
}

/// Names the person who allowed the request in its events.
fn name_person(ctx: &Ctx<'_>, wish: &DeviceAuthorization) {
    if let DeviceState::Approved { user_id: Some(user_id), client_session_id }
    | DeviceState::Used { user_id: Some(user_id), client_session_id } = &wish.state
    {
        ctx.name_person(NamedPerson {
            identity_store_id: wish.identity_store_id.clone(),
            user_id: user_id.clone(),
            session_id: Some(client_session_id.clone()),
        });
    }
}

/// Returns the error of RFC 8628 §3.5 unless the person approved the request.
fn require_decision(ctx: &Ctx<'_>, wish: &DeviceAuthorization) -> Result<(), Fault> {
    let now_ms = ctx.now_ms();
    match &wish.state {
        DeviceState::Used { .. } => return Err(invalid_grant()),
        DeviceState::Denied => {
            return Err(OAuthError::AccessDenied.because("The person refused the request."));
        }
        DeviceState::Pending | DeviceState::Confirmed { .. } | DeviceState::Approved { .. } => {}
    }
    if now_ms >= wish.expires_at_ms {
        return Err(OAuthError::ExpiredToken.because("The device code is too old. Start again."));
    }
    match &wish.state {
        // Once the person has decided, an attempt that contended is done again at once: it is no second poll.
        DeviceState::Pending | DeviceState::Confirmed { .. }
            if ctx.portico.polls.is_too_soon(&wish.device_code_hash, now_ms) =>
        {
            Err(OAuthError::SlowDown.because("Wait longer between two requests."))
        }
        DeviceState::Pending | DeviceState::Confirmed { .. } => {
            Err(OAuthError::AuthorizationPending.because("Nobody has allowed the request yet."))
        }
        DeviceState::Approved { .. } | DeviceState::Denied | DeviceState::Used { .. } => Ok(()),
    }
}

fn ended() -> Fault {
    OAuthError::AccessDenied.because("The session in which the request was allowed has ended.")
}
