//! Request of `CreateAccountAssignment` and `DeleteAccountAssignment`.

use model::Fault;
use model::assignment::AssignmentPrincipal;
use model::ids::{AccountId, InstanceId, PermissionSetArn};
use protocol::{Fields, FromFields};

#[derive(Debug)]
pub struct AssignmentRequest {
    pub instance_id: InstanceId,
    pub account_id: AccountId,
    pub permission_set_arn: PermissionSetArn,
    pub principal: AssignmentPrincipal,
}

impl FromFields for AssignmentRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        match fields.text("TargetType")? {
            Some("AWS_ACCOUNT") => {}
            Some(_) => return Err(fields.invalid("TargetType", "be AWS_ACCOUNT")),
            None => return Err(fields.missing("TargetType")),
        }
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            account_id: fields.required("TargetId")?,
            permission_set_arn: fields.required("PermissionSetArn")?,
            principal: principal_of(fields)?,
        })
    }
}

impl AssignmentRequest {
    /// Returns the resources for the policy evaluation.
    // AWS: service authorization reference; all three must be allowed.
    pub(super) fn resources(&self) -> [String; 3] {
        [self.permission_set_arn.to_string(), self.instance_id.arn(), self.account_id.sso_arn()]
    }
}

/// Reads `PrincipalType` and `PrincipalId`.
pub(super) fn principal_of(fields: &Fields<'_>) -> Result<AssignmentPrincipal, Fault> {
    let kind = fields.required("PrincipalType")?;
    let id = fields.text("PrincipalId")?.ok_or_else(|| fields.missing("PrincipalId"))?;
    AssignmentPrincipal::new(kind, id).map_err(|must| fields.invalid("PrincipalId", must))
}
