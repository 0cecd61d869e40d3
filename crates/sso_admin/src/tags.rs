//! Resources with tags, shared by the three operations on tags.

use std::fmt;
use std::str::FromStr;

use model::Fault;
use model::ids::{InstanceId, PermissionSetArn};
use protocol::Fields;
use store::{Read, instance};

use super::access::require_permission_set;

/// Resource that can have tags.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Taggable {
    Instance(InstanceId),
    PermissionSet(PermissionSetArn),
}

impl Taggable {
    /// Reads `ResourceArn`, and checks `InstanceArn` against it if it is present.
    pub(super) fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let resource: Self = fields.required("ResourceArn")?;
        let instance_id: Option<InstanceId> = fields.optional("InstanceArn")?;
        if instance_id.is_some_and(|id| id != *resource.instance_id()) {
            return Err(fields.invalid("InstanceArn", "be the instance of the ResourceArn"));
        }
        Ok(resource)
    }

    #[must_use]
    pub fn instance_id(&self) -> &InstanceId {
        match self {
            Self::Instance(id) => id,
            Self::PermissionSet(arn) => &arn.instance_id,
        }
    }

    /// Returns the resource that policies are evaluated for.
    // AWS: of a permission set, the set alone.
    #[must_use]
    pub fn resource(&self) -> String {
        match self {
            Self::Instance(id) => id.arn(),
            Self::PermissionSet(arn) => arn.to_string(),
        }
    }

    /// Fails unless the resource exists and belongs to the caller's account.
    pub(super) fn require(&self, read: &mut Read<'_>) -> Result<(), Fault> {
        match self {
            Self::Instance(id) => instance::require(read, id).map(drop),
            Self::PermissionSet(arn) => {
                require_permission_set(read, &arn.instance_id, arn).map(drop)
            }
        }
    }
}

impl fmt::Display for Taggable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instance(id) => f.write_str(&id.arn()),
            Self::PermissionSet(arn) => arn.fmt(f),
        }
    }
}

impl FromStr for Taggable {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let set = text.parse().map(Self::PermissionSet).ok();
        let instance = || {
            let arn = text.starts_with("arn:").then(|| text.parse())?;
            arn.map(Self::Instance).ok()
        };
        set.or_else(instance).ok_or("be the ARN of an instance or of a permission set")
    }
}
