//! IAM Identity Center, `ProvisionPermissionSet`: the request, and the job that updates roles to
//! the current permission set.

use kernel::jobs::{Attempt, Kind, Progress};
use kernel::{Ctx, Operation};
use model::ids::AccountId;
use model::permission_set::ProvisioningStatus;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{Read, Tx, account, instance, permission_set, role};

use super::access::require_permission_set;
use super::permission_set_request::PermissionSetRequest;
use super::provisioning::provision;
use super::provisioning_status::{Provisioning, ProvisioningStatusReply};

pub const OPERATION: Operation<ProvisionPermissionSetRequest, ProvisioningStatusReply> =
    Operation::writes(
        "SWBExternalService.ProvisionPermissionSet",
        "sso:ProvisionPermissionSet",
        provision_permission_set,
    );

/// Job that writes the roles.
pub const JOB: Kind<Provisioning> =
    Kind::new("PROVISION_PERMISSION_SET", OPERATION.action, write_roles);

/// Maximum number of roles that one transaction writes.
const ROLES_AT_ONCE: i64 = 100;

/// Number of accounts per read while the policies are evaluated for each account.
const ACCOUNTS_AT_ONCE: i64 = 1000;

#[derive(Debug)]
pub struct ProvisionPermissionSetRequest {
    pub set: PermissionSetRequest,
    /// One account, or every account in which the permission set is provisioned.
    pub account_id: Option<AccountId>,
}

impl FromFields for ProvisionPermissionSetRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let set = PermissionSetRequest::from_fields(fields)?;
        let account_id = match fields.text("TargetType")? {
            Some("AWS_ACCOUNT") => Some(fields.required("TargetId")?),
            Some("ALL_PROVISIONED_ACCOUNTS") if fields.has("TargetId") => {
                let must = "be absent where TargetType is ALL_PROVISIONED_ACCOUNTS";
                return Err(fields.invalid("TargetId", must));
            }
            Some("ALL_PROVISIONED_ACCOUNTS") => None,
            Some(_) => {
                let must = "be AWS_ACCOUNT or ALL_PROVISIONED_ACCOUNTS";
                return Err(fields.invalid("TargetType", must));
            }
            None => return Err(fields.missing("TargetType")),
        };
        Ok(Self { set, account_id })
    }
}

/// Queues an update of the roles of a permission set.
pub fn provision_permission_set(
    ctx: &Ctx<'_>,
    request: &ProvisionPermissionSetRequest,
) -> Result<ProvisioningStatusReply, Fault> {
    let PermissionSetRequest { instance_id, permission_set_arn: arn } = &request.set;
    let account = match &request.account_id {
        Some(account_id) => account_id.sso_arn(),
        None => "arn:aws:sso:::account/*".to_owned(),
    };
    let resources = [arn.to_string(), instance_id.arn(), account];
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    if request.account_id.is_none() {
        // On SQLite nobody else writes during a transaction, and the accounts may be many.
        let mut read = ctx.read(&permit)?;
        require_permission_set(&mut read, instance_id, arn)?;
        authorize_each(ctx, request, &mut read)?;
    }
    let mut tx = ctx.begin_on_snapshot(permit)?;
    let room = JOB.require_room(ctx, &mut tx)?;
    require_permission_set(&mut tx, instance_id, arn)?;
    if let Some(account_id) = &request.account_id {
        account::require(&mut tx, account_id)?;
        if role::find(&mut tx, instance_id, account_id, &arn.id)?.is_none() {
            return Err(not_provisioned(account_id));
        }
    }
    let payload =
        Provisioning { permission_set_arn: arn.clone(), account_id: request.account_id.clone() };
    let job = JOB.queue(ctx, (&mut tx, room), instance_id.to_string(), &payload)?;
    let target = request.account_id.as_ref().map_or("ALL_PROVISIONED_ACCOUNTS", AccountId::as_str);
    let event = AuditEvent::new()
        .asked("permissionSetArn", arn)
        .asked("target", target)
        .answered("requestId", &job.id);
    tx.commit(&event)?;
    Ok(ProvisioningStatusReply::new(&job, &payload))
}

/// Evaluates the policies for each account, so that a request for all accounts cannot circumvent a
/// policy that denies one of them.
fn authorize_each(
    ctx: &Ctx<'_>,
    request: &ProvisionPermissionSetRequest,
    read: &mut Read<'_>,
) -> Result<(), Fault> {
    let mut after = String::new();
    loop {
        let arn = &request.set.permission_set_arn;
        let accounts = role::list_accounts(read, arn, None, &after, ACCOUNTS_AT_ONCE)?;
        let Some(last) = accounts.last() else { return Ok(()) };
        after = last.to_string();
        let accounts: Vec<String> = accounts.iter().map(AccountId::sso_arn).collect();
        ctx.authorize_all(OPERATION.action, &accounts).map(drop)?;
    }
}

/// Makes the fault for an account without a role of the permission set.
fn not_provisioned(account_id: &AccountId) -> Fault {
    Fault::conflict(format!(
        "The permission set is not provisioned in account {account_id}. An account assignment \
         provisions it."
    ))
}

fn write_roles(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    attempt: &Attempt<'_, Provisioning>,
) -> Result<Progress, Fault> {
    let Provisioning { permission_set_arn: arn, account_id } = &attempt.payload;
    instance::require(tx, &arn.instance_id)?;
    let set = permission_set::require(tx, arn)?;

    // Updated roles are no longer listed, so each part begins after the previous one.
    let behind = Some(ProvisioningStatus::NotLatest);
    let accounts = match account_id {
        None => role::list_accounts(tx, arn, behind, "", ROLES_AT_ONCE)?,
        Some(account_id) => {
            if role::find(tx, &arn.instance_id, account_id, &arn.id)?.is_none() {
                return Err(not_provisioned(account_id));
            }
            vec![account_id.clone()]
        }
    };
    for account_id in &accounts {
        provision(ctx, tx, &set, account_id)?;
    }
    let is_full = i64::try_from(accounts.len()).is_ok_and(|count| count == ROLES_AT_ONCE);
    let event = AuditEvent::new()
        .asked("requestId", &attempt.job.id)
        .answered_list("accounts", &accounts)
        .answered("permissionSetRevision", set.revision);
    Ok(if is_full { Progress::GoesOn(event) } else { Progress::Ended(event) })
}
