//! Request of `AttachManagedPolicyToPermissionSet` and `DetachManagedPolicyFromPermissionSet`.

use model::Fault;
use model::permission_set::ManagedPolicyArn;
use protocol::{Fields, FromFields};

use super::permission_set_request::PermissionSetRequest;

#[derive(Debug)]
pub struct ManagedPolicyRequest {
    pub set: PermissionSetRequest,
    pub managed_policy_arn: ManagedPolicyArn,
}

impl FromFields for ManagedPolicyRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            set: PermissionSetRequest::from_fields(fields)?,
            managed_policy_arn: fields.required("ManagedPolicyArn")?,
        })
    }
}
