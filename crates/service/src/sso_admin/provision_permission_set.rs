//! IAM Identity Center, `ProvisionPermissionSet`.

use model::ids::AccountId;
use model::job::{Job, JobKind};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{account, role};

use super::permission_set_request::PermissionSetRequest;
use super::provisioning_status::ProvisioningStatusReply;
use super::require_permission_set;
use crate::Ctx;
use crate::operation::Operation;
use crate::jobs;
use crate::jobs::provision_permission_set::{Payload, not_provisioned};

pub const OPERATION: Operation<ProvisionPermissionSetRequest, ProvisioningStatusReply> = Operation::writes("SWBExternalService.ProvisionPermissionSet", "sso:ProvisionPermissionSet", provision_permission_set);

/// A page of accounts whose provisioning the policies are asked about.
const ACCOUNTS_AT_ONCE: i64 = 1000;

#[derive(Debug)]
pub struct ProvisionPermissionSetRequest {
    pub set: PermissionSetRequest,
    /// One account, or all where the permission set is provisioned.
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

/// Begins to give the roles of a permission set what it says now.
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
    let mut tx = ctx.begin(permit)?;
    require_permission_set(&mut tx, instance_id, arn)?;
    match &request.account_id {
        Some(account_id) => {
            account::require(&mut tx, account_id)?;
            if role::find(&mut tx, instance_id, account_id, &arn.id)?.is_none() {
                return Err(not_provisioned(account_id));
            }
        }
        None => authorize_each(ctx, request, &mut tx)?,
    }
    let payload =
        Payload { permission_set_arn: arn.clone(), account_id: request.account_id.clone() };
    let job = Job::new(
        instance_id.to_string(),
        jobs::id(ctx),
        JobKind::ProvisionPermissionSet,
        payload.to_string(),
        tx.now_ms(),
    );
    jobs::queue(&mut tx, &job)?;
    let target = request.account_id.as_ref().map_or("ALL_PROVISIONED_ACCOUNTS", AccountId::as_str);
    let event = AuditEvent::new()
        .asked("permissionSetArn", arn)
        .asked("target", target)
        .answered("requestId", &job.id);
    tx.commit(&event)?;
    ProvisioningStatusReply::of(&job)
}

/// A policy that denies one account is not to be got around by asking for all.
fn authorize_each(
    ctx: &Ctx<'_>,
    request: &ProvisionPermissionSetRequest,
    tx: &mut store::Tx<'_>,
) -> Result<(), Fault> {
    let mut after = String::new();
    loop {
        let arn = &request.set.permission_set_arn;
        let accounts = role::list_accounts(tx, arn, None, &after, ACCOUNTS_AT_ONCE)?;
        let Some(last) = accounts.last() else { return Ok(()) };
        after = last.to_string();
        let accounts: Vec<String> = accounts.iter().map(AccountId::sso_arn).collect();
        ctx.authorize_all(OPERATION.action, &accounts).map(drop)?;
    }
}
