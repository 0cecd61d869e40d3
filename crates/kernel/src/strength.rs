//! Comparison of a caller with a person whose place the caller would take.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use model::Fault;
use model::ids::{PermissionSetArn, UserId};
use model::instance::Instance;
use model::password::{Guarantor, RoleHolder, Voucher};
use policy::{Caller, Principal, RolePerson, RoleSession};
use sha2::{Digest, Sha256};
use store::Read;
use store::grant::{self, Grant};

use crate::callers::without_authority;
use crate::credentials::authority::find_holder;
use crate::credentials::operator;
use crate::{Ctx, Portico};

/// Action that gives a role to people, the caller among them.
pub const ASSIGN: &str = "sso:CreateAccountAssignment";

/// Maximum number of grants per statement.
const GRANTS_AT_ONCE: i64 = 500;

/// Tells whether the person may do more than the caller: holds a role that the caller's person does
/// not hold and that the caller may not assign either.
pub fn is_stronger(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    instance: &Instance,
    user_id: &UserId,
) -> Result<bool, Fault> {
    let person = person_of(ctx.caller).filter(|person| person.instance_id == instance.id);
    let own_id = person.map(|person| &person.user_id);
    let is_covered = |grant: &Grant| may_assign(ctx, instance, grant);
    are_grants(read, instance, user_id, own_id, is_covered).map(|are_covered| !are_covered)
}

/// Returns the ARN of the caller that survives a new session: of the person, if one holds the role.
#[must_use]
pub fn lasting_arn(ctx: &Ctx<'_>) -> String {
    person_of(ctx.caller).map_or_else(|| ctx.caller.arn(), |person| person.user_id.arn())
}

/// Makes the voucher of a caller who reads a one-time password.
#[must_use]
pub fn vouch(ctx: &Ctx<'_>) -> Voucher {
    let session = role_of(ctx.caller);
    let holder = session.and_then(|session| {
        let person = session.person.as_ref()?;
        Some(Box::new(RoleHolder {
            instance_id: person.instance_id.clone(),
            account_id: session.account_id.clone(),
            permission_set_id: person.permission_set_id.clone(),
            identity_store_id: person.identity_store_id.clone(),
            user_id: person.user_id.clone(),
            session_id: person.session_id.clone(),
            session_name: session.session_name.clone(),
        }))
    });
    Voucher { holder, confirmed_roles: None }
}

/// Makes the voucher of a caller who confirms that another reads the one-time password of a person.
pub fn vouch_for_another(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    instance: &Instance,
    user_id: &UserId,
) -> Result<Voucher, Fault> {
    let confirmed_roles = Some(digest_of_roles(read, instance, user_id)?);
    Ok(Voucher { confirmed_roles, ..vouch(ctx) })
}

/// Tells whether a voucher is good for the password of the person as both are now.
///
/// The policies of the holder's role are asked as if the holder made this request. A holder who has the role
/// no more, and the one whom an earlier version did not write down, cover only people without roles.
pub fn is_vouched(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    instance: &Instance,
    user_id: &UserId,
    voucher: Option<&Voucher>,
) -> Result<bool, Fault> {
    let holder = find_caller(ctx.portico, read, voucher)?;
    if is_stronger(&Ctx::new(ctx.portico, &holder, ctx.request), read, instance, user_id)? {
        return Ok(false);
    }
    match voucher.and_then(|voucher| voucher.confirmed_roles.as_ref()) {
        Some(confirmed) => Ok(*confirmed == digest_of_roles(read, instance, user_id)?),
        None => Ok(true),
    }
}

/// Tells whether a person may use a secret that was sent to the address, as the person and who answers for it are now.
pub fn is_guaranteed(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    instance: &Instance,
    user_id: &UserId,
    guarantor: &Guarantor,
) -> Result<bool, Fault> {
    match guarantor {
        Guarantor::Person => Ok(true),
        Guarantor::Caller(voucher) => is_vouched(ctx, read, instance, user_id, voucher.as_ref()),
    }
}

fn find_caller(
    portico: &Portico,
    read: &mut Read<'_>,
    voucher: Option<&Voucher>,
) -> Result<Arc<Caller>, Fault> {
    let nobody = || without_authority(Principal::Anonymous);
    let Some(Voucher { holder, .. }) = voucher else { return Ok(nobody()) };
    let Some(holder) = holder else { return Ok(operator::caller(portico, operator::ROLE_NAME)) };
    Ok(find_holder(portico, read, holder)?.map_or_else(nobody, Arc::new))
}

/// Digest of the roles that a person holds, and of the state of their policies.
fn digest_of_roles(
    read: &mut Read<'_>,
    instance: &Instance,
    user_id: &UserId,
) -> Result<String, Fault> {
    let mut digest = Sha256::new();
    are_grants(read, instance, user_id, None, |grant| {
        // The id of a role names its account and permission set too. No id has a space or a line's end.
        digest.update(format!("{} {}\n", grant.role_id, grant.role_revision));
        true
    })?;
    Ok(STANDARD_NO_PAD.encode(digest.finalize()))
}

/// Tells whether all grants of a user that `other` does not have are as `test` says.
fn are_grants(
    read: &mut Read<'_>,
    instance: &Instance,
    user_id: &UserId,
    other: Option<&UserId>,
    mut test: impl FnMut(&Grant) -> bool,
) -> Result<bool, Fault> {
    let mut after = [String::new(), String::new()];
    loop {
        let [account_id, permission_set_id] = &after;
        let after_ids = [account_id.as_str(), permission_set_id.as_str()];
        let grants = grant::list_beyond(read, instance, user_id, other, after_ids, GRANTS_AT_ONCE)?;
        if !grants.iter().all(&mut test) {
            return Ok(false);
        }
        let is_full = i64::try_from(grants.len()).is_ok_and(|count| count == GRANTS_AT_ONCE);
        match grants.last().filter(|_| is_full) {
            Some(last) => after = [last.account_id.to_string(), last.permission_set_id.to_string()],
            None => return Ok(true),
        }
    }
}

fn role_of(caller: &Caller) -> Option<&RoleSession> {
    match &caller.principal {
        Principal::Role(role) => Some(role),
        Principal::Anonymous
        | Principal::Unproven(_)
        | Principal::NamedPerson(_)
        | Principal::Person(_)
        | Principal::Portico => None,
    }
}

fn person_of(caller: &Caller) -> Option<&RolePerson> {
    role_of(caller).and_then(|role| role.person.as_ref())
}

// AWS: the resources of the action are the permission set, the instance and the account.
fn may_assign(ctx: &Ctx<'_>, instance: &Instance, grant: &Grant) -> bool {
    let set =
        PermissionSetArn { instance_id: instance.id.clone(), id: grant.permission_set_id.clone() };
    ctx.may(ASSIGN, &[set.to_string(), instance.id.arn(), grant.account_id.sso_arn()])
}
