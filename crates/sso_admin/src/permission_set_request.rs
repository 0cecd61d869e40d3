//! Request of operations whose only parameter is a permission set.

use model::Fault;
use model::ids::{InstanceId, PermissionSetArn};
use protocol::{Fields, FromFields};

#[derive(Debug)]
pub struct PermissionSetRequest {
    pub instance_id: InstanceId,
    pub permission_set_arn: PermissionSetArn,
}

impl FromFields for PermissionSetRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            permission_set_arn: fields.required("PermissionSetArn")?,
        })
    }
}

impl PermissionSetRequest {
    /// Returns the resources that policies are evaluated for.
    // AWS: service authorization reference; an action on a permission set is one on its instance too.
    #[must_use]
    pub fn resources(&self) -> [String; 2] {
        [self.permission_set_arn.to_string(), self.instance_id.arn()]
    }
}
