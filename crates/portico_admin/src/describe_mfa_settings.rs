//! `PorticoAdmin.DescribeMfaSettings`.

use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::InstanceId;
use model::mfa::{
    AllowedMfaTypes, MfaSettings, NoMfaSignInBehavior, NoPasswordSignInBehavior, PromptMode,
};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{instance, setting};

pub const OPERATION: Operation<DescribeMfaSettingsRequest, DescribeMfaSettingsReply> =
    Operation::reads(
        "PorticoAdmin.DescribeMfaSettings",
        "portico:DescribeMfaSettings",
        describe_mfa_settings,
    );

#[derive(Debug)]
pub struct DescribeMfaSettingsRequest {
    pub instance_id: InstanceId,
}

impl FromFields for DescribeMfaSettingsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { instance_id: fields.required("InstanceArn")? })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeMfaSettingsReply {
    pub prompt_mode: PromptMode,
    pub allowed_mfa_types: AllowedMfaTypes,
    pub no_mfa_sign_in_behavior: NoMfaSignInBehavior,
    pub no_password_sign_in_behavior: NoPasswordSignInBehavior,
    /// What holds, which is true while people must register a device.
    pub allow_user_managed_devices: bool,
}

/// Returns what people prove beside their password.
pub fn describe_mfa_settings(
    ctx: &Ctx<'_>,
    request: &DescribeMfaSettingsRequest,
) -> Result<DescribeMfaSettingsReply, Fault> {
    let instance_id = &request.instance_id;
    let permit = ctx.authorize(OPERATION.action, &instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    instance::require(&mut read, instance_id)?;
    let settings: MfaSettings = setting::find(&mut read, instance_id)?;
    Ok(DescribeMfaSettingsReply {
        prompt_mode: settings.prompt_mode,
        allow_user_managed_devices: settings.are_devices_user_managed(),
        allowed_mfa_types: settings.allowed_mfa_types,
        no_mfa_sign_in_behavior: settings.no_mfa_sign_in_behavior,
        no_password_sign_in_behavior: setting::find(&mut read, instance_id)?,
    })
}
