//! IAM Identity Center, `DescribeInstance`.

use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::InstanceId;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::instance;

use super::instance_reply::InstanceReply;

pub const OPERATION: Operation<DescribeInstanceRequest, DescribeInstanceReply> = Operation::reads(
    "SWBExternalService.DescribeInstance",
    "sso:DescribeInstance",
    describe_instance,
);

#[derive(Debug)]
pub struct DescribeInstanceRequest {
    pub instance_id: InstanceId,
}

impl FromFields for DescribeInstanceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { instance_id: fields.required("InstanceArn")? })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeInstanceReply {
    #[serde(flatten)]
    pub instance: InstanceReply,
    pub encryption_configuration_details: EncryptionConfigurationDetails,
    pub network_configuration_details: NetworkConfigurationDetails,
    pub permission_sets_enabled: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EncryptionConfigurationDetails {
    pub key_type: &'static str,
    pub encryption_status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NetworkConfigurationDetails {
    pub vpce_access_required: bool,
}

/// Describes the instance. An instance that is being deleted is described too.
pub fn describe_instance(
    ctx: &Ctx<'_>,
    request: &DescribeInstanceRequest,
) -> Result<DescribeInstanceReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, &request.instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let instance = instance::require_in_any_state(&mut read, &request.instance_id)?;
    Ok(DescribeInstanceReply {
        permission_sets_enabled: instance.is_organization,
        instance: InstanceReply::new(&instance, &ctx.portico.settings.region),
        // Portico encrypts with its own keys and does not restrict networks.
        encryption_configuration_details: EncryptionConfigurationDetails {
            key_type: "AWS_OWNED_KMS_KEY",
            encryption_status: "ENABLED",
        },
        network_configuration_details: NetworkConfigurationDetails { vpce_access_required: false },
    })
}
