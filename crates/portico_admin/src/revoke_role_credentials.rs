//! `PorticoAdmin.RevokeRoleCredentials`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::{AccountId, InstanceId, PermissionSetArn, UserId};
use model::instance::Instance;
use model::session::RevocationScope;
use model::{AuditEvent, Fault, IdentityStoreEntity};
use protocol::{Fields, FromFields};
use store::{Read, account, instance, permission_set, revocation, user_password};

pub const OPERATION: Operation<RevokeRoleCredentialsRequest, NoReply> = Operation::writes(
    "PorticoAdmin.RevokeRoleCredentials",
    "portico:RevokeRoleCredentials",
    revoke_role_credentials,
);

#[derive(Debug)]
pub struct RevokeRoleCredentialsRequest {
    pub instance_id: InstanceId,
    pub what: What,
}

/// Scope of a revocation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum What {
    Everyones,
    Persons(UserId),
    Accounts(AccountId),
    PermissionSets(PermissionSetArn),
    /// Credentials of a permission set in one account.
    Roles(AccountId, PermissionSetArn),
}

impl FromFields for RevokeRoleCredentialsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let instance_id = fields.required("InstanceArn")?;
        let person: Option<UserId> = fields.optional("PrincipalId")?;
        let account: Option<AccountId> = fields.optional("AccountId")?;
        let set: Option<PermissionSetArn> = fields.optional("PermissionSetArn")?;
        if set.as_ref().is_some_and(|set| set.instance_id != instance_id) {
            return Err(fields.invalid("PermissionSetArn", "be of the instance in InstanceArn"));
        }
        let what = match (person, account, set) {
            (None, None, None) => What::Everyones,
            (Some(person), None, None) => What::Persons(person),
            (None, Some(account), None) => What::Accounts(account),
            (None, None, Some(set)) => What::PermissionSets(set),
            (None, Some(account), Some(set)) => What::Roles(account, set),
            (Some(_), _, _) => {
                return Err(fields.invalid(
                    "PrincipalId",
                    "stand alone: all credentials of a person are withdrawn together",
                ));
            }
        };
        Ok(Self { instance_id, what })
    }
}

/// Revokes the role credentials that were issued until now. A person who still holds a role can get
/// new ones.
pub fn revoke_role_credentials(
    ctx: &Ctx<'_>,
    request: &RevokeRoleCredentialsRequest,
) -> Result<NoReply, Fault> {
    let mut resources = vec![request.instance_id.arn()];
    resources.extend(match &request.what {
        What::Everyones => vec![],
        What::Persons(user) => vec![user.arn()],
        What::Accounts(account) => vec![account.sso_arn()],
        What::PermissionSets(set) => vec![set.to_string()],
        What::Roles(account, set) => vec![account.sso_arn(), set.to_string()],
    });
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut tx = ctx.begin(permit)?;
    let scope = require_scope(&mut tx, request)?;
    revocation::put(&mut tx, &scope)?;
    tx.commit(&AuditEvent::new().asked("scope", scope))?;
    Ok(NoReply {})
}

/// Returns the scope of the revocation. Fails unless its parts exist in the instance.
fn require_scope(
    read: &mut Read<'_>,
    request: &RevokeRoleCredentialsRequest,
) -> Result<RevocationScope, Fault> {
    let instance = instance::require(read, &request.instance_id)?;
    let id = || instance.id.clone();
    Ok(match &request.what {
        What::Everyones => RevocationScope::Instance(id()),
        What::Persons(user_id) => {
            let store_id = instance.identity_store_id.clone();
            user_password::find_signer(read, &store_id, user_id)?
                .ok_or_else(|| Fault::not_found(IdentityStoreEntity::User, user_id))?;
            RevocationScope::User(store_id, user_id.clone())
        }
        What::Accounts(account_id) => {
            require_roles(&instance)?;
            account::require(read, account_id)?;
            RevocationScope::Account(id(), account_id.clone())
        }
        What::PermissionSets(set) => {
            permission_set::require(read, set)?;
            RevocationScope::PermissionSet(id(), set.id.clone())
        }
        What::Roles(account_id, set) => {
            require_roles(&instance)?;
            account::require(read, account_id)?;
            permission_set::require(read, set)?;
            RevocationScope::Role(id(), account_id.clone(), set.id.clone())
        }
    })
}

/// Fails for an instance of a member account. It has no roles in accounts, and its owner may not learn which
/// account numbers exist.
fn require_roles(instance: &Instance) -> Result<(), Fault> {
    if instance.is_organization {
        return Ok(());
    }
    let because = "Only the organization's instance has roles in accounts. Name a person, or nothing but the instance.";
    Err(Fault::unsupported(because))
}
