//! `PorticoAdmin.PutMfaSettings`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::InstanceId;
use model::mfa::{
    AllowedMfaTypes, MfaSettings, MfaType, NoMfaSignInBehavior, NoPasswordSignInBehavior,
    PromptMode,
};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{instance, setting};

pub const OPERATION: Operation<PutMfaSettingsRequest, NoReply> =
    Operation::writes("PorticoAdmin.PutMfaSettings", "portico:PutMfaSettings", put_mfa_settings);

const ALLOWED_MFA_TYPES: &str = "AllowedMfaTypes";
const NO_PASSWORD_SIGN_IN_BEHAVIOR: &str = "NoPasswordSignInBehavior";
const ALLOW_USER_MANAGED_DEVICES: &str = "AllowUserManagedDevices";

/// Settings that are absent stay as they are.
#[derive(Debug)]
pub struct PutMfaSettingsRequest {
    pub instance_id: InstanceId,
    pub prompt_mode: Option<PromptMode>,
    pub allowed_mfa_types: Option<AllowedMfaTypes>,
    pub no_mfa_sign_in_behavior: Option<NoMfaSignInBehavior>,
    pub no_password_sign_in_behavior: Option<NoPasswordSignInBehavior>,
    pub allow_user_managed_devices: Option<bool>,
}

impl FromFields for PutMfaSettingsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let types = fields.strings::<MfaType>(ALLOWED_MFA_TYPES, 1..=MfaType::ALL.len())?;
        let types = types.map(AllowedMfaTypes::try_from).transpose();
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            prompt_mode: fields.optional("PromptMode")?,
            allowed_mfa_types: types.map_err(|must| fields.invalid(ALLOWED_MFA_TYPES, must))?,
            no_mfa_sign_in_behavior: fields.optional("NoMfaSignInBehavior")?,
            no_password_sign_in_behavior: fields.optional(NO_PASSWORD_SIGN_IN_BEHAVIOR)?,
            allow_user_managed_devices: fields.boolean(ALLOW_USER_MANAGED_DEVICES)?,
        })
    }
}

/// Sets what people prove beside their password, from the next sign-in on. Sessions go on.
pub fn put_mfa_settings(ctx: &Ctx<'_>, request: &PutMfaSettingsRequest) -> Result<NoReply, Fault> {
    let instance_id = &request.instance_id;
    let permit = ctx.authorize(OPERATION.action, &instance_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    instance::require(&mut tx, instance_id)?;
    let before: MfaSettings = setting::find(&mut tx, instance_id)?;
    let types = request.allowed_mfa_types.clone();
    let settings = MfaSettings {
        prompt_mode: request.prompt_mode.unwrap_or(before.prompt_mode),
        allowed_mfa_types: types.unwrap_or(before.allowed_mfa_types),
        no_mfa_sign_in_behavior: request
            .no_mfa_sign_in_behavior
            .unwrap_or(before.no_mfa_sign_in_behavior),
        allow_user_managed_devices: request
            .allow_user_managed_devices
            .unwrap_or(before.allow_user_managed_devices),
    };
    // AWS: the console does not let administrators take it away from people who must register a device.
    if request.allow_user_managed_devices == Some(false) && settings.are_devices_user_managed() {
        return Err(Fault::invalid(
            ALLOW_USER_MANAGED_DEVICES,
            "be true while NoMfaSignInBehavior is REQUIRE_REGISTRATION",
        ));
    }
    setting::put(&mut tx, instance_id, &settings)?;
    let types = settings.allowed_mfa_types.iter().map(MfaType::as_str);
    let mut event = AuditEvent::new()
        .asked("instanceArn", instance_id.arn())
        .asked("promptMode", settings.prompt_mode.as_str())
        .asked_list("allowedMfaTypes", types)
        .asked("noMfaSignInBehavior", settings.no_mfa_sign_in_behavior.as_str())
        .asked("allowUserManagedDevices", settings.allow_user_managed_devices);
    if let Some(behavior) = request.no_password_sign_in_behavior {
        setting::put(&mut tx, instance_id, &behavior)?;
        event = event.asked("noPasswordSignInBehavior", behavior.as_str());
    }
    tx.commit(&event)?;
    Ok(NoReply {})
}
