//! Comparison of a caller with a person whose place the caller would take.

use model::Fault;
use model::ids::{PermissionSetArn, UserId};
use model::instance::Instance;
use policy::{Principal, RolePerson};
use store::Read;
use store::grant::{self, Grant};

use crate::Ctx;

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
    let person = person_of(ctx).filter(|person| person.instance_id == instance.id);
    let own_id = person.map(|person| &person.user_id);
    let mut after = [String::new(), String::new()];
    loop {
        let [account_id, permission_set_id] = &after;
        let after_ids = [account_id.as_str(), permission_set_id.as_str()];
        let grants =
            grant::list_beyond(read, instance, user_id, own_id, after_ids, GRANTS_AT_ONCE)?;
        if !grants.iter().all(|grant| may_assign(ctx, instance, grant)) {
            return Ok(true);
        }
        let is_full = i64::try_from(grants.len()).is_ok_and(|count| count == GRANTS_AT_ONCE);
        match grants.last().filter(|_| is_full) {
            Some(last) => after = [last.account_id.to_string(), last.permission_set_id.to_string()],
            None => return Ok(false),
        }
    }
}

/// Returns the ARN of the caller that survives a new session: of the person, if one holds the role.
#[must_use]
pub fn lasting_arn(ctx: &Ctx<'_>) -> String {
    person_of(ctx).map_or_else(|| ctx.caller.arn(), |person| person.user_id.arn())
}

fn person_of<'a>(ctx: &Ctx<'a>) -> Option<&'a RolePerson> {
    match &ctx.caller.principal {
        Principal::Role(role) => role.person.as_ref(),
        Principal::Anonymous
        | Principal::Unproven(_)
        | Principal::NamedPerson(_)
        | Principal::Person(_)
        | Principal::Portico => None,
    }
}

// AWS: the resources of the action are the permission set, the instance and the account.
fn may_assign(ctx: &Ctx<'_>, instance: &Instance, grant: &Grant) -> bool {
    let set =
        PermissionSetArn { instance_id: instance.id.clone(), id: grant.permission_set_id.clone() };
    ctx.may(ASSIGN, &[set.to_string(), instance.id.arn(), grant.account_id.sso_arn()])
}
