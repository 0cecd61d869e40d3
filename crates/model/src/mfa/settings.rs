//! What an instance asks for beside the password.
//!
//! AWS IAM Identity Center User Guide, "Configure MFA device enforcement", "Choose MFA types" and
//! "Allow users to register their own MFA devices". The names are those of Portico's API.

use serde::{Deserialize, Serialize};

use super::MfaType;
use crate::setting::Setting;
use crate::words::words;

/// What an instance asks for beside the password.
#[derive(Clone, Debug, Eq, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct MfaSettings {
    pub prompt_mode: PromptMode,
    pub allowed_mfa_types: AllowedMfaTypes,
    pub no_mfa_sign_in_behavior: NoMfaSignInBehavior,
    /// What administrators chose. [`MfaSettings::are_devices_user_managed`] is what holds.
    pub allow_user_managed_devices: bool,
}

/// When a person with a device is asked for it.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PromptMode {
    /// At each sign-in but those from a browser that the person called their own, in the network of then.
    #[default]
    ContextAware,
    AlwaysOn,
    /// Never. Neither is anything done for a person without a device.
    Disabled,
}

/// What becomes of a person without a device of an allowed type.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoMfaSignInBehavior {
    /// They register one before they go on.
    #[default]
    RequireRegistration,
    /// A code that goes to their address takes its place.
    EmailOtp,
    /// They do not get in.
    Blocked,
    /// They get in with the password alone.
    Allowed,
}

/// What becomes of a person without a password.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoPasswordSignInBehavior {
    /// A code that goes to their address leads to a new password.
    EmailOtp,
    /// An administrator gives them a one-time password.
    // AWS: «Send email OTP» is off by default.
    #[default]
    Blocked,
}

words!(
    PromptMode,
    "be CONTEXT_AWARE, ALWAYS_ON or DISABLED",
    ContextAware = "CONTEXT_AWARE",
    AlwaysOn = "ALWAYS_ON",
    Disabled = "DISABLED"
);

words!(
    NoMfaSignInBehavior,
    "be REQUIRE_REGISTRATION, EMAIL_OTP, BLOCKED or ALLOWED",
    RequireRegistration = "REQUIRE_REGISTRATION",
    EmailOtp = "EMAIL_OTP",
    Blocked = "BLOCKED",
    Allowed = "ALLOWED"
);

words!(
    NoPasswordSignInBehavior,
    "be EMAIL_OTP or BLOCKED",
    EmailOtp = "EMAIL_OTP",
    Blocked = "BLOCKED"
);

/// The types of devices that people may register and use: at least one, each once.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "Vec<MfaType>", into = "Vec<MfaType>")]
pub struct AllowedMfaTypes(Vec<MfaType>);

impl AllowedMfaTypes {
    #[must_use]
    pub fn contains(&self, mfa_type: MfaType) -> bool {
        self.0.contains(&mfa_type)
    }

    pub fn iter(&self) -> impl Iterator<Item = MfaType> {
        self.0.iter().copied()
    }
}

impl Default for AllowedMfaTypes {
    fn default() -> Self {
        Self(MfaType::ALL.to_vec())
    }
}

impl TryFrom<Vec<MfaType>> for AllowedMfaTypes {
    type Error = &'static str;

    fn try_from(types: Vec<MfaType>) -> Result<Self, Self::Error> {
        let each_once: Vec<_> =
            MfaType::ALL.into_iter().filter(|mfa_type| types.contains(mfa_type)).collect();
        if each_once.is_empty() { Err("have TOTP, WEBAUTHN or both") } else { Ok(Self(each_once)) }
    }
}

impl From<AllowedMfaTypes> for Vec<MfaType> {
    fn from(types: AllowedMfaTypes) -> Self {
        types.0
    }
}

impl Default for MfaSettings {
    fn default() -> Self {
        Self {
            prompt_mode: PromptMode::default(),
            allowed_mfa_types: AllowedMfaTypes::default(),
            no_mfa_sign_in_behavior: NoMfaSignInBehavior::default(),
            allow_user_managed_devices: true,
        }
    }
}

impl MfaSettings {
    /// Tells whether people may add, rename and remove their own devices.
    // AWS: people who must register a device may also manage it.
    #[must_use]
    pub fn are_devices_user_managed(&self) -> bool {
        self.allow_user_managed_devices
            || self.no_mfa_sign_in_behavior == NoMfaSignInBehavior::RequireRegistration
    }
}

impl Setting for MfaSettings {
    const NAME: &'static str = "mfa";
}

impl Setting for NoPasswordSignInBehavior {
    const NAME: &'static str = "no-password-sign-in";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_with_members_missing_and_unknown() {
        let read: MfaSettings =
            serde_json::from_str(r#"{"NoMfaSignInBehavior": "ALLOWED", "Later": 1}"#).unwrap();
        let behavior = NoMfaSignInBehavior::Allowed;
        assert_eq!(read, MfaSettings { no_mfa_sign_in_behavior: behavior, ..Default::default() });
        let written = serde_json::to_string(&MfaSettings::default()).unwrap();
        assert_eq!(
            written,
            r#"{"PromptMode":"CONTEXT_AWARE","AllowedMfaTypes":["TOTP","WEBAUTHN"],"NoMfaSignInBehavior":"REQUIRE_REGISTRATION","AllowUserManagedDevices":true}"#
        );
        assert!(serde_json::from_str::<MfaSettings>(r#"{"AllowedMfaTypes": []}"#).is_err());
    }

    #[test]
    fn who_must_register_a_device_manages_it() {
        let mut settings = MfaSettings { allow_user_managed_devices: false, ..Default::default() };
        assert!(settings.are_devices_user_managed());
        settings.no_mfa_sign_in_behavior = NoMfaSignInBehavior::Allowed;
        assert!(!settings.are_devices_user_managed());
    }
}
