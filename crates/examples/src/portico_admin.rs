//! Portico's own administration API: passwords, sessions and revocation.

use serde_json::{Value, json};

use crate::world::{USER_NAMES, at};
use crate::{Api, World};

/// Signs the second user in, and ends the session again.
pub fn walk(api: &mut dyn Api, world: &World) {
    let ([_, user], [_, user_name]) = (&world.users, USER_NAMES);
    let of_user = world.of_store(&json!({ "UserId": user }));
    api.step("PorticoAdmin.DisableUser", of_user.clone());
    api.step("PorticoAdmin.EnableUser", of_user.clone());
    let request = api.step("PorticoAdmin.CreatePasswordResetRequest", of_user.clone());
    api.step("PorticoAdmin.ListPasswordResetRequests", world.of_store(&json!({})));
    let id = at(&request, "/PasswordResetRequest/RequestId");
    let of_request = world.of_store(&json!({ "RequestId": id }));
    api.step("PorticoAdmin.ConfirmPasswordResetRequest", of_request.clone());
    api.step("PorticoAdmin.DeletePasswordResetRequest", of_request);
    with_address(api, world, user);
    api.step("PorticoAdmin.InviteUser", of_user.clone());
    api.step("PorticoAdmin.SendEmailVerification", of_user.clone());
    api.step("PorticoAdmin.DescribeUserSignIn", of_user.clone());
    let settings = world.of_instance(&json!({
        "PromptMode": "CONTEXT_AWARE",
        "AllowedMfaTypes": ["TOTP", "WEBAUTHN"],
        "NoMfaSignInBehavior": "ALLOWED",
        "NoPasswordSignInBehavior": "BLOCKED",
        "AllowUserManagedDevices": true,
    }));
    api.step("PorticoAdmin.PutMfaSettings", settings);
    api.step("PorticoAdmin.DescribeMfaSettings", world.of_instance(&json!({})));
    let password = reset_password(api, world, user);
    api.sign_in(user_name, &password);
    api.step("PorticoAdmin.ListSignIns", of_user.clone());
    let sessions = api.step("PorticoAdmin.ListSessions", of_user);
    let id = at(&sessions, "/Sessions/0/SessionId");
    let sessions = world.of_store(&json!({ "UserId": user, "SessionIds": [id] }));
    api.step("PorticoAdmin.DeleteSessions", sessions);
    messages(api, world);
    devices(api, world, user);
    let principal = world.of_instance(&json!({ "PrincipalId": user }));
    api.step("PorticoAdmin.RevokeRoleCredentials", principal);
    let enabled = world.of_instance(&json!({ "Status": "ENABLED" }));
    api.step("PorticoAdmin.PutDeviceAuthorization", enabled);
    api.step("PorticoAdmin.DescribeDeviceAuthorization", world.of_instance(&json!({})));
    let policy = json!({ "MinimumPasswordLength": 12, "PasswordReusePrevention": 10 });
    api.step("PorticoAdmin.PutPasswordPolicy", world.of_instance(&policy));
    api.step("PorticoAdmin.DescribePasswordPolicy", world.of_instance(&json!({})));
    let settings = json!({ "PortalSessionMinutes": 720, "InactivityMinutes": 120 });
    api.step("PorticoAdmin.PutSessionSettings", world.of_instance(&settings));
    api.step("PorticoAdmin.DescribeSessionSettings", world.of_instance(&json!({})));
    let disabled = world.of_instance(&json!({ "Status": "DISABLED" }));
    api.step("PorticoAdmin.PutPasskeySignIn", disabled);
    api.step("PorticoAdmin.DescribePasskeySignIn", world.of_instance(&json!({})));
    let code_by_mail = world.of_instance(&json!({ "SendEmailOtp": true }));
    api.step("PorticoAdmin.PutStandardAuthentication", code_by_mail);
    api.step("PorticoAdmin.DescribeStandardAuthentication", world.of_instance(&json!({})));
}

/// Gives a user an address that no mail server takes.
fn with_address(api: &mut dyn Api, world: &World, user: &Value) {
    let emails = json!([{ "Value": "alan@mail.invalid" }]);
    let change = json!([{ "AttributePath": "emails", "AttributeValue": emails }]);
    let change = world.of_store(&json!({ "UserId": user, "Operations": change }));
    api.step("AWSIdentityStore.UpdateUser", change);
}

/// Sends a test message to an address that no mail server takes, reads it and deletes it.
fn messages(api: &mut dyn Api, world: &World) {
    let test = world.of_store(&json!({ "EmailAddress": "ada@mail.invalid" }));
    let id = at(&api.step("PorticoAdmin.SendTestMessage", test), "/MessageId");
    api.step("PorticoAdmin.ListMessages", world.of_store(&json!({})));
    let message = world.of_store(&json!({ "MessageId": id }));
    api.step("PorticoAdmin.GetMessage", message.clone());
    api.step("PorticoAdmin.DeleteMessage", message);
}

/// Registers an authenticator app for a user, and takes it off again.
fn devices(api: &mut dyn Api, world: &World, user: &Value) {
    let named = world.of_store(&json!({ "UserId": user, "DeviceName": "Phone" }));
    let id = at(&api.step("PorticoAdmin.CreateMfaDevice", named), "/MfaDevice/DeviceId");
    api.step("PorticoAdmin.ListMfaDevices", world.of_store(&json!({ "UserId": user })));
    let renamed = json!({ "UserId": user, "DeviceId": id, "DeviceName": "Old phone" });
    api.step("PorticoAdmin.RenameMfaDevice", world.of_store(&renamed));
    let device = world.of_store(&json!({ "UserId": user, "DeviceId": id }));
    api.step("PorticoAdmin.DeleteMfaDevice", device);
    api.step("PorticoAdmin.CreateMfaBypass", world.of_store(&json!({ "UserId": user })));
}

/// Gives a user a one-time password.
pub fn reset_password(api: &mut dyn Api, world: &World, user: &Value) -> Value {
    let reset = world.of_store(&json!({ "UserId": user, "Mode": "ONE_TIME_PASSWORD" }));
    at(&api.step("PorticoAdmin.ResetUserPassword", reset), "/OneTimePassword")
}
