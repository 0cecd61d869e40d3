//! Another password, for a person who is signed in.
//!
//! CloudTrail: `UpdatePassword`.

use kernel::Ctx;
use kernel::perform::{retry, trace};
use kernel::sessions::secret::Secret;
use kernel::sessions::{NewSession, person, require_portal};
use mail::notice;
use model::password::{PasswordKind, StoredHash};
use model::session::RevocationScope;
use model::{AuditEvent, Fault};
use policy::PersonSession;
use store::{revocation, session, user, user_password};

use super::chosen_password::{Typed, hash_chosen, require_rules};
use super::own_password::verify;
use super::password_rules::PasswordRules;

const ACTION: &str = "signin:UpdatePassword";

pub struct UpdatePasswordRequest {
    pub current_password: String,
    pub new_password: String,
    pub confirm_password: String,
    /// Cookie of the browser, as at the sign-in.
    pub browser: String,
}

/// Returns the rules for a new password of the calling person.
pub fn find_own_rules(ctx: &Ctx<'_>) -> Result<PasswordRules, Fault> {
    let person = person(ctx)?;
    retry(ctx.portico, || look_up(ctx, person)).map(|(rules, _)| rules)
}

/// Replaces the password of the calling person. All other sessions of the person end, and all clients and keys. The
/// session of this browser goes on under another cookie.
///
/// Hashes are made outside of any transaction, so this is called without `retry`.
pub fn update_password(
    ctx: &Ctx<'_>,
    request: &UpdatePasswordRequest,
) -> Result<NewSession, Fault> {
    let outcome = update(ctx, request);
    if let Err(fault) = &outcome {
        trace(ctx, ACTION, fault)?;
    }
    outcome
}

fn update(ctx: &Ctx<'_>, request: &UpdatePasswordRequest) -> Result<NewSession, Fault> {
    let person = person(ctx)?;
    let (rules, remembered) = retry(ctx.portico, || look_up(ctx, person))?;
    let typed =
        Typed { new_password: &request.new_password, confirm_password: &request.confirm_password };
    // A new password that will not do is no guess at the present one.
    require_rules(&rules, typed)?;
    let verified = verify(ctx, person, &request.current_password, &request.browser)?;
    let owner = (&person.identity_store_id, &person.user_id);
    // A refused one stays counted as an attempt at the present password.
    let hash =
        hash_chosen(ctx, owner, (&rules, &remembered), typed)?.ok_or_else(|| rules.reused())?;
    retry(ctx.portico, || {
        let permit = ctx.authorize(ACTION, &person.user_id.arn())?;
        let mut tx = ctx.begin(permit)?;
        let portal = require_portal(&mut tx, person)?;
        verified.succeed(&mut tx, person)?;
        let (store_id, user_id) = owner;
        user_password::replace(&mut tx, store_id, user_id, &hash, &PasswordKind::Chosen)?;
        let ended = session::end_others_of_user(&mut tx, &portal)?;
        // A copy of the former cookie is good no more, and neither are keys that somebody got with it.
        let scope = RevocationScope::User(store_id.clone(), user_id.clone());
        revocation::put(&mut tx, &scope)?;
        let cookie = Secret::of_session(ctx.portico, &portal)?;
        session::replace_token(&mut tx, &portal, &cookie.hash())?;
        session::note_proof(&mut tx, store_id, &portal.id)?;
        notice::password_changed(ctx, &mut tx, store_id, user_id)?;
        let event = AuditEvent::new()
            .asked("userId", user_id)
            .hidden("password")
            .answered("sessionsEnded", ended)
            .answered("sessionId", &portal.id);
        tx.commit(&event)?;
        Ok(NewSession { session: portal, cookie, is_excused: false })
    })
}

fn look_up(
    ctx: &Ctx<'_>,
    person: &PersonSession,
) -> Result<(PasswordRules, Vec<StoredHash>), Fault> {
    let (store_id, user_id) = (&person.identity_store_id, &person.user_id);
    let permit = ctx.authorize(ACTION, &user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    require_portal(&mut read, person)?;
    let user = user::find(&mut read, store_id, user_id)?.ok_or(Fault::NoSession)?;
    let rules = PasswordRules::find(&mut read, &person.instance_id, &user)?;
    let remembered =
        user_password::list_remembered(&mut read, store_id, user_id, rules.remembered())?;
    Ok((rules, remembered))
}
