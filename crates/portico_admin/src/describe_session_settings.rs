//! `PorticoAdmin.DescribeSessionSettings`.

use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::InstanceId;
use model::session_settings::SessionSettings;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{instance, setting};

pub const OPERATION: Operation<DescribeSessionSettingsRequest, DescribeSessionSettingsReply> =
    Operation::reads(
        "PorticoAdmin.DescribeSessionSettings",
        "portico:DescribeSessionSettings",
        describe_session_settings,
    );

#[derive(Debug)]
pub struct DescribeSessionSettingsRequest {
    pub instance_id: InstanceId,
}

impl FromFields for DescribeSessionSettingsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { instance_id: fields.required("InstanceArn")? })
    }
}

#[derive(Debug, Serialize)]
pub struct DescribeSessionSettingsReply(pub SessionSettings);

/// Returns how long sessions last, and when people prove again who they are.
pub fn describe_session_settings(
    ctx: &Ctx<'_>,
    request: &DescribeSessionSettingsRequest,
) -> Result<DescribeSessionSettingsReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, &request.instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    instance::require(&mut read, &request.instance_id)?;
    Ok(DescribeSessionSettingsReply(setting::find(&mut read, &request.instance_id)?))
}
