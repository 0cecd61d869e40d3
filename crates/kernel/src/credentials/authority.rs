//! The authority of role credentials: the policies of their role, unless they were withdrawn.

use std::sync::{Arc, Mutex};

use model::Fault;
use model::password::RoleHolder;
use model::user::UserStatus;
use policy::{Caller, NoFacts, Policies, Principal, RolePerson, RoleSession, managed};
use protocol::sigv4::SigningKey;
use store::authority::{self, Holding, RolePolicies};
use store::{Read, role, user};

use super::{operator, session_token};
use crate::Portico;
use crate::caller_cache::CachedCaller;

/// Action for reading the authority of credentials and cookies.
pub(super) const READ_AUTHORITY: &str = "portico:ReadAuthority";

/// Finds the cached caller of a session token, if it is still valid.
pub(super) fn find(portico: &Portico, token: &str) -> Option<Arc<CachedCaller>> {
    portico.caller_cache.find(token, portico.db.signals().authority()?)
}

/// Looks up the authority of an opened token and caches it.
// Only tokens with a verified signature reach the cache, so unauthenticated clients cannot fill it.
pub(super) fn look_up(
    portico: &Portico,
    token: &str,
    opened: session_token::Opened,
    signing_key: (String, SigningKey),
) -> Result<Arc<CachedCaller>, Fault> {
    // INVARIANT: the number is read before the database.
    let authority = portico.db.signals().authority();
    let session_token::Opened { session, secret } = opened;
    let policies = policies_of(portico, &session)?;
    let cached = Arc::new(CachedCaller {
        access_key_id: session.access_key_id.clone(),
        expires_at_ms: session.expires_at_ms,
        secret,
        signing_key: Mutex::new(Some(signing_key)),
        authority: authority.unwrap_or_default(),
        caller: Arc::new(Caller { principal: Principal::Role(session), policies }),
    });
    if authority.is_some() {
        portico.caller_cache.insert(token, &cached);
    }
    Ok(cached)
}

/// Returns the current policies of a session, or `RevokedKey` if its credentials were withdrawn.
pub fn policies_of(portico: &Portico, session: &RoleSession) -> Result<Policies, Fault> {
    let Some(person) = &session.person else {
        // Credentials without a person belong to the operator, whose role has one built-in policy.
        let is_operator = session.role_id == operator::ROLE_ID
            && session.account_id == portico.settings.management_account_id;
        return if is_operator { Ok(operator::policies()) } else { Err(Fault::RevokedKey) };
    };
    let permit = policy::authorize(&Portico::itself(), READ_AUTHORITY, "*", &NoFacts)?;
    let mut read = portico.db.read(&permit)?;
    let found = authority::find_policies(&mut read, session, person)?;
    compile(portico, &found.ok_or(Fault::RevokedKey)?)
}

/// Finds a person in a role as a caller of now, whatever became of their sessions and keys. `None` if they
/// hold the role no more, or are disabled.
pub(crate) fn find_holder(
    portico: &Portico,
    read: &mut Read<'_>,
    holder: &RoleHolder,
) -> Result<Option<Caller>, Fault> {
    let RoleHolder {
        instance_id, account_id, permission_set_id, identity_store_id, user_id, ..
    } = holder;
    let found = user::find(read, identity_store_id, user_id)?;
    let is_enabled = found.is_some_and(|user| user.status == UserStatus::Enabled);
    let holding =
        Holding { identity_store_id, user_id, instance_id, account_id, permission_set_id };
    let grounds = authority::find_grounds(read, holding)?.filter(|_| is_enabled);
    let role = role::find(read, instance_id, account_id, permission_set_id)?;
    let (Some(grounds), Some(role)) = (grounds, role) else { return Ok(None) };
    let of_role = RolePolicies {
        managed_policy_arns: role.managed_policy_arns.into_iter().map(String::from).collect(),
        inline_policy: role.inline_policy.map(String::from),
    };
    let policies = compile(portico, &of_role)?;
    let person = RolePerson {
        identity_store_id: identity_store_id.clone(),
        user_id: user_id.clone(),
        instance_id: instance_id.clone(),
        permission_set_id: permission_set_id.clone(),
        session_id: holder.session_id.clone(),
        grounds,
    };
    let session = RoleSession {
        account_id: account_id.clone(),
        access_key_id: String::new(),
        role_name: role.name.to_string(),
        role_id: role.role_id.to_string(),
        session_name: holder.session_name.clone(),
        person: Some(person),
        issued_at_ms: 0,
        expires_at_ms: i64::MAX,
    };
    Ok(Some(Caller { principal: Principal::Role(session), policies }))
}

/// Compiles the policies of a role.
fn compile(portico: &Portico, policies: &RolePolicies) -> Result<Policies, Fault> {
    let managed = policies.managed_policy_arns.iter().map(|arn| {
        let found = managed::find(arn).map(managed::ManagedPolicy::policy);
        found.ok_or_else(|| Fault::Broken(format!("managed policy {arn} is not known any more")))
    });
    let inline = policies.inline_policy.iter().map(|document| {
        // The policy was parsed when it was attached. A policy that no longer parses fails the
        // request.
        let compiled = portico.policy_cache.compile("AwsSSOInlinePolicy", document);
        compiled.map_err(|fault| Fault::Broken(format!("a stored inline policy: {fault:?}")))
    });
    Ok(Policies::identity_based(managed.chain(inline).collect::<Result<_, _>>()?))
}
