//! Console, page "Authentication": what its forms save.

use std::ops::RangeInclusive;
use std::str::FromStr;

use model::Fault;
use model::ids::InstanceId;
use model::mfa::{AllowedMfaTypes, MfaType};
use model::password::PasswordPolicy;
use model::session_settings::SessionSettings;
use portico_admin::put_mfa_settings::{self, PutMfaSettingsRequest};
use portico_admin::{
    put_device_authorization, put_passkey_sign_in, put_password_policy, put_session_settings,
};

use super::open::Center;
use crate::address;
use crate::page_error::Answer;

/// Value of a form that allows all types of devices.
pub(crate) const ALL_TYPES: &str = "TOTP,WEBAUTHN";

const LENGTH: &str = "A minimum length is a number from 8 to 64. Nothing was changed.";
const REUSE: &str =
    "The number of last passwords that are refused is from 3 to 24. Nothing was changed.";
const SESSION: &str = "A session lasts 15 to 129600 minutes. Nothing was changed.";
const IDLE: &str = "The time without use is 5 to 43200 minutes, or empty. Nothing was changed.";
const MANAGED: &str =
    "People manage their own devices while they must register one. Nothing was changed.";

/// Outcome of a form: the complaint if it was filled in wrongly.
type Saved = Result<(), &'static str>;

/// Saves the setting of a form.
pub(crate) fn put(center: &Center<'_>, instance_id: &InstanceId) -> Answer<Saved> {
    let context = center.open.context;
    let none = PutMfaSettingsRequest {
        instance_id: instance_id.clone(),
        prompt_mode: None,
        allowed_mfa_types: None,
        no_mfa_sign_in_behavior: None,
        no_password_sign_in_behavior: None,
        allow_user_managed_devices: None,
    };
    let request = match context.field("setting")? {
        "prompt-mode" => PutMfaSettingsRequest { prompt_mode: Some(value(center)?), ..none },
        "types" => PutMfaSettingsRequest { allowed_mfa_types: Some(types(center)?), ..none },
        "no-device" => {
            PutMfaSettingsRequest { no_mfa_sign_in_behavior: Some(value(center)?), ..none }
        }
        "no-password" => {
            PutMfaSettingsRequest { no_password_sign_in_behavior: Some(value(center)?), ..none }
        }
        "self-managed" => {
            let is_managed = context.field("value")? == "true";
            PutMfaSettingsRequest { allow_user_managed_devices: Some(is_managed), ..none }
        }
        "passkey" => return put_passkeys(center, instance_id),
        "device" => return put_devices(center, instance_id),
        "passwords" => return put_policy(center, instance_id),
        "sessions" => return put_sessions(center, instance_id),
        _ => return Err(Fault::invalid("setting", "be one of the page").into()),
    };
    match put_mfa_settings::OPERATION.call(&center.open.ctx, &request) {
        // Another administrator made people register devices meanwhile.
        Err(Fault::Invalid { .. }) => Ok(Err(MANAGED)),
        outcome => Ok(Ok(outcome.map(drop)?)),
    }
}

fn put_passkeys(center: &Center<'_>, instance_id: &InstanceId) -> Answer<Saved> {
    let (instance_id, status) = (instance_id.clone(), value(center)?);
    let request = put_passkey_sign_in::PutPasskeySignInRequest { instance_id, status };
    put_passkey_sign_in::OPERATION.call(&center.open.ctx, &request)?;
    Ok(Ok(()))
}

fn put_devices(center: &Center<'_>, instance_id: &InstanceId) -> Answer<Saved> {
    let (instance_id, status) = (instance_id.clone(), value(center)?);
    let request = put_device_authorization::PutDeviceAuthorizationRequest { instance_id, status };
    put_device_authorization::OPERATION.call(&center.open.ctx, &request)?;
    Ok(Ok(()))
}

fn put_policy(center: &Center<'_>, instance_id: &InstanceId) -> Answer<Saved> {
    let context = center.open.context;
    let small = |name, range: RangeInclusive<i64>| -> Answer<Option<u8>> {
        Ok(number(context.field(name)?, &range).and_then(|number| u8::try_from(number).ok()))
    };
    let Some(minimum_password_length) = small("password_length", PasswordPolicy::LENGTHS)? else {
        return Ok(Err(LENGTH));
    };
    let Some(password_reuse_prevention) = small("password_reuse", PasswordPolicy::REUSES)? else {
        return Ok(Err(REUSE));
    };
    let request = put_password_policy::PutPasswordPolicyRequest {
        instance_id: instance_id.clone(),
        policy: PasswordPolicy { minimum_password_length, password_reuse_prevention },
    };
    put_password_policy::OPERATION.call(&center.open.ctx, &request)?;
    Ok(Ok(()))
}

fn put_sessions(center: &Center<'_>, instance_id: &InstanceId) -> Answer<Saved> {
    let context = center.open.context;
    let length =
        number(context.field("session_minutes")?, &SessionSettings::PORTAL_SESSION_MINUTES);
    let Some(portal_session_minutes) = length else { return Ok(Err(SESSION)) };
    let idle = context.field("idle_minutes")?.trim();
    let inactivity_minutes = number(idle, &SessionSettings::INACTIVITY_MINUTES);
    if inactivity_minutes.is_none() && !idle.is_empty() {
        return Ok(Err(IDLE));
    }
    let request = put_session_settings::PutSessionSettingsRequest {
        instance_id: instance_id.clone(),
        settings: SessionSettings {
            portal_session_minutes,
            inactivity_minutes,
            fresh_proof_for_consent: context.field("consent")? == "true",
            fresh_proof_for_keys: context.field("keys")? == "true",
        },
    };
    put_session_settings::OPERATION.call(&center.open.ctx, &request)?;
    Ok(Ok(()))
}

/// Reads the chosen value.
fn value<T: FromStr<Err = &'static str>>(center: &Center<'_>) -> Result<T, Fault> {
    address::required(&center.open.context.form, "value", "value")
}

fn types(center: &Center<'_>) -> Answer<AllowedMfaTypes> {
    let invalid = |must| Fault::invalid("value", must);
    let words = center.open.context.field("value")?.split(',');
    let types: Result<Vec<MfaType>, _> = words.map(str::parse).collect();
    Ok(AllowedMfaTypes::try_from(types.map_err(invalid)?).map_err(invalid)?)
}

/// Reads a number within a range.
fn number(text: &str, range: &RangeInclusive<i64>) -> Option<i64> {
    text.trim().parse().ok().filter(|number| range.contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_within_their_range() {
        let read = |text| number(text, &(8..=64));
        assert_eq!([read(" 8 "), read("64")], [Some(8), Some(64)]);
        assert_eq!([read("7"), read("65"), read(""), read("x"), read("8.5")], [None; 5]);
    }
}
