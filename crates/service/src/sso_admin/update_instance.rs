//! IAM Identity Center, `UpdateInstance`.

use model::ids::InstanceId;
use model::instance::InstanceName;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::instance;

use crate::Ctx;
use crate::reply::NoReply;

#[derive(Debug)]
pub struct UpdateInstanceRequest {
    pub instance_id: InstanceId,
    pub name: Option<InstanceName>,
    pub permission_sets_enabled: Option<bool>,
}

impl FromFields for UpdateInstanceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        refuse_other_encryption(fields)?;
        refuse_other_network(fields)?;
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            name: fields.optional("Name")?,
            permission_sets_enabled: fields.boolean("PermissionSetsEnabled")?,
        })
    }
}

/// Names the instance. What else may be set must be set to what it is: nothing is kept that would
/// not be obeyed.
pub fn update_instance(ctx: &Ctx<'_>, request: &UpdateInstanceRequest) -> Result<NoReply, Fault> {
    let UpdateInstanceRequest { instance_id, name, permission_sets_enabled } = request;
    let permit = ctx.authorize("sso:UpdateInstance", &instance_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let instance = instance::require(&mut tx, instance_id)?;
    if permission_sets_enabled.is_some_and(|enabled| enabled != instance.is_organization) {
        return Err(unsupported(
            "PermissionSetsEnabled cannot be changed: the organization's instance has permission \
             sets, and an account's own has none.",
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
        Some("CUSTOMER_MANAGED_KEY") => Err(unsupported(
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

fn refuse_other_network(fields: &Fields<'_>) -> Result<(), Fault> {
    let Some(network) = fields.object("NetworkConfiguration")? else { return Ok(()) };
    let required = network.boolean("VpceAccessRequired")?;
    let required = required.ok_or_else(|| network.missing("VpceAccessRequired"))?;
    // AWS: VpcArnList and the others may be empty, which restricts nothing.
    let lists = ["RestrictSourceVpcs", "AllowSourceIps", "ExcludeApplicationArns"];
    let mut restricts = required;
    for list in lists {
        restricts |= network.strings::<NonEmpty>(list, 0..=50)?.is_some_and(|it| !it.is_empty());
    }
    if !restricts {
        return Ok(());
    }
    Err(unsupported(
        "NetworkConfiguration cannot restrict networks here. Restrict them at the server's proxy.",
    ))
}

/// An entry of a list that is refused anyway.
struct NonEmpty;

impl std::str::FromStr for NonEmpty {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() { Err("not be empty") } else { Ok(Self) }
    }
}

fn unsupported(because: &'static str) -> Fault {
    Fault::Unsupported { because: because.into() }
}
