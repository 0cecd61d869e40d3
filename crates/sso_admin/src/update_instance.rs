//! IAM Identity Center, `UpdateInstance`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::InstanceId;
use model::instance::InstanceName;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::instance;

use super::network_configuration;

pub const OPERATION: Operation<UpdateInstanceRequest, NoReply> =
    Operation::writes("SWBExternalService.UpdateInstance", "sso:UpdateInstance", update_instance);

#[derive(Debug)]
pub struct UpdateInstanceRequest {
    pub instance_id: InstanceId,
    pub name: Option<InstanceName>,
    pub enables_permission_sets: bool,
}

impl FromFields for UpdateInstanceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let instance_id = fields.required("InstanceArn")?;
        let name = fields.optional("Name")?;
        // AWS: once enabled they stay so; `false` is no value.
        let enables_permission_sets = match fields.boolean("PermissionSetsEnabled")? {
            Some(false) => return Err(fields.invalid("PermissionSetsEnabled", "be true")),
            enabled => enabled.is_some(),
        };
        network_configuration::refuse_restriction(fields)?;
        refuse_other_encryption(fields)?;
        let changes = ["EncryptionConfiguration", "PermissionSetsEnabled", "NetworkConfiguration"];
        if changes.iter().filter(|field| fields.has(field)).count() > 1 {
            let must = "be the only one among EncryptionConfiguration, PermissionSetsEnabled and \
                NetworkConfiguration";
            let field = changes.into_iter().rfind(|field| fields.has(field)).unwrap_or_default();
            return Err(fields.invalid(field, must));
        }
        Ok(Self { instance_id, name, enables_permission_sets })
    }
}

/// Names the instance. What else may be set must be set to what it is: nothing is kept that would
/// not be obeyed.
pub fn update_instance(ctx: &Ctx<'_>, request: &UpdateInstanceRequest) -> Result<NoReply, Fault> {
    let UpdateInstanceRequest { instance_id, name, enables_permission_sets } = request;
    let permit = ctx.authorize(OPERATION.action, &instance_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let instance = instance::require(&mut tx, instance_id)?;
    if *enables_permission_sets && !instance.is_organization {
        return Err(Fault::unsupported(
            "PermissionSetsEnabled cannot be set: only the organization's instance has permission \
             sets.",
        ));
    }
    let mut event = AuditEvent::new().asked("instanceArn", instance_id.arn());
    if let Some(name) = name {
        event = event.asked("name", name);
        // AWS: a name may be empty, which is none.
        let name = Some(name).filter(|name| !name.as_str().is_empty());
        instance::rename(&mut tx, instance_id, name)?;
    }
    tx.commit(&event)?;
    Ok(NoReply {})
}

fn refuse_other_encryption(fields: &Fields<'_>) -> Result<(), Fault> {
    let Some(encryption) = fields.object("EncryptionConfiguration")? else { return Ok(()) };
    match encryption.text("KeyType")? {
        Some("AWS_OWNED_KMS_KEY") if !encryption.has("KmsKeyArn") => Ok(()),
        Some("AWS_OWNED_KMS_KEY") => {
            let must = "be absent where KeyType is AWS_OWNED_KMS_KEY";
            Err(encryption.invalid("KmsKeyArn", must))
        }
        Some("CUSTOMER_MANAGED_KEY") => Err(Fault::unsupported(
            "EncryptionConfiguration.KeyType CUSTOMER_MANAGED_KEY is not supported: Portico seals \
             with keys of its own.",
        )),
        Some(_) => {
            let must = "be AWS_OWNED_KMS_KEY or CUSTOMER_MANAGED_KEY";
            Err(encryption.invalid("KeyType", must))
        }
        None => Err(encryption.missing("KeyType")),
    }
}
