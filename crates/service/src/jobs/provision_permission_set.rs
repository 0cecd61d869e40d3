//! The work behind `ProvisionPermissionSet`: give roles what their permission set says now.

use std::fmt;

use model::ids::{AccountId, PermissionSetArn};
use model::job::{Job, JobState};
use model::permission_set::ProvisioningStatus;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use serde_json::json;
use store::{instance, job, permission_set, role};

use super::payload;
use super::provisioning::provision;
use crate::Ctx;

/// So many roles are written in one transaction.
const ROLES_AT_ONCE: i64 = 100;

/// Which roles.
pub(crate) struct Payload {
    pub(crate) permission_set_arn: PermissionSetArn,
    /// Absent: every account where it is a role.
    pub(crate) account_id: Option<AccountId>,
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { permission_set_arn, account_id } = self;
        json!({"PermissionSetArn": permission_set_arn, "AccountId": account_id}).fmt(f)
    }
}

impl FromFields for Payload {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            permission_set_arn: fields.required("PermissionSetArn")?,
            account_id: fields.optional("AccountId")?,
        })
    }
}

/// The fault that there is no role to provision.
pub(crate) fn not_provisioned(account_id: &AccountId) -> Fault {
    Fault::conflict(format!(
        "The permission set is not provisioned in account {account_id}. An account assignment \
         provisions it."
    ))
}

pub(super) fn perform(ctx: &Ctx<'_>, job: &Job) -> Result<(), Fault> {
    let Payload { permission_set_arn: arn, account_id } = payload(job)?;
    let permit = ctx.authorize("sso:ProvisionPermissionSet", &arn.to_string())?;
    let mut tx = ctx.begin(permit)?;
    instance::require(&mut tx, &arn.instance_id)?;
    let set = permission_set::require(&mut tx, &arn)?;

    // What is done is not listed again, so a part begins where the one before it ended.
    let behind = Some(ProvisioningStatus::NotLatest);
    let accounts = match account_id {
        None => role::list_accounts(&mut tx, &arn, behind, "", ROLES_AT_ONCE)?,
        Some(account_id) => {
            if role::find(&mut tx, &arn.instance_id, &account_id, &arn.id)?.is_none() {
                return Err(not_provisioned(&account_id));
            }
            vec![account_id]
        }
    };
    for account_id in &accounts {
        provision(ctx, &mut tx, &set, account_id)?;
    }
    let is_full = i64::try_from(accounts.len()).is_ok_and(|count| count == ROLES_AT_ONCE);
    if is_full {
        job::go_on(&mut tx, job)?;
    } else {
        job::finish(&mut tx, job, JobState::Succeeded, None)?;
    }
    let accounts: Vec<&str> = accounts.iter().map(AccountId::as_str).collect();
    let event = AuditEvent::new()
        .asked("requestId", &job.id)
        .answered("accounts", accounts.join(", "))
        .answered("permissionSetRevision", set.revision);
    tx.commit(&event)
}
