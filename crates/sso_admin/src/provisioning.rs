//! Provisioning: creation and update of the role of a permission set in an account.

use kernel::Ctx;
use model::ids::{AccountId, RoleId};
use model::permission_set::PermissionSet;
use model::role::{Role, RoleName};
use model::{Fault, IdentityCenterEntity};
use policy::managed;
use store::{Tx, permission_set, role};

/// Creates or updates the account's role of the permission set.
pub(crate) fn provision(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    set: &PermissionSet,
    account_id: &AccountId,
) -> Result<Role, Fault> {
    let found = role::find(tx, &set.instance_id, account_id, &set.id)?;
    if let Some(found) = found {
        if found.permission_set_revision == set.revision {
            return Ok(found);
        }
        let current = with_contents(tx, found, set)?;
        role::update(tx, &current)?;
        return Ok(current);
    }
    let random = &*ctx.portico.random;
    let bare = Role {
        instance_id: set.instance_id.clone(),
        account_id: account_id.clone(),
        permission_set_id: set.id.clone(),
        name: RoleName::reserved(&set.name, random),
        role_id: RoleId::random(random),
        managed_policy_arns: Vec::new(),
        inline_policy: None,
        session_duration_seconds: 0,
        relay_state: None,
        permission_set_revision: 0,
        revision: 1,
        created_at_ms: tx.now_ms(),
    };
    let new = with_contents(tx, bare, set)?;
    role::insert(tx, &new)?;
    Ok(new)
}

/// Fills the role with the contents of the permission set.
fn with_contents(tx: &mut Tx<'_>, role: Role, set: &PermissionSet) -> Result<Role, Fault> {
    let arn = set.arn();
    let managed_policy_arns = permission_set::list_managed_policies(tx, &arn, "", i64::MAX)?;
    // INVARIANT: a role never differs from its permission set. Provisioning fails for an unknown
    // managed policy, which another version of the program may have had.
    for policy in &managed_policy_arns {
        if managed::find(policy.as_str()).is_none() {
            return Err(Fault::not_found(IdentityCenterEntity::ManagedPolicy, policy));
        }
    }
    Ok(Role {
        managed_policy_arns,
        inline_policy: permission_set::find_inline_policy(tx, &arn)?,
        session_duration_seconds: set.session_duration.seconds(),
        relay_state: set.relay_state.clone(),
        permission_set_revision: set.revision,
        ..role
    })
}
