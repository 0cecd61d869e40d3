//! Administration that AWS offers only in its console: passwords, second factors, sessions, user status,
//! revocation, messages.
//!
//! Portico's own awsJson API, `X-Amz-Target: PorticoAdmin.<Operation>`, signing name `portico`.

pub mod confirm_password_reset_request;
pub mod create_mfa_bypass;
pub mod create_mfa_device;
pub mod create_password_reset_request;
pub mod delete_message;
pub mod delete_mfa_device;
pub mod delete_password_reset_request;
pub mod delete_sessions;
pub mod describe_device_authorization;
pub mod describe_mfa_settings;
pub mod describe_passkey_sign_in;
pub mod describe_password_policy;
pub mod describe_session_settings;
pub mod describe_standard_authentication;
pub mod describe_user_sign_in;
pub mod disable_user;
pub mod enable_user;
pub mod get_message;
pub mod invite_user;
pub mod link_reply;
pub mod list_messages;
pub mod list_mfa_devices;
pub mod list_password_reset_requests;
pub mod list_sessions;
pub mod list_sign_ins;
pub mod message;
pub mod mfa_device;
pub mod notice_reply;
mod one_user;
pub mod password_reset_request;
pub mod put_device_authorization;
pub mod put_mfa_settings;
pub mod put_passkey_sign_in;
pub mod put_password_policy;
pub mod put_session_settings;
pub mod put_standard_authentication;
pub mod rename_mfa_device;
pub mod reset_user_password;
pub mod revoke_role_credentials;
pub mod send_email_verification;
pub mod send_test_message;
pub mod user_status;

use kernel::Served;

/// Every operation that the service serves, by name.
pub const OPERATIONS: &[&dyn Served] = &[
    &confirm_password_reset_request::OPERATION,
    &create_mfa_bypass::OPERATION,
    &create_mfa_device::OPERATION,
    &create_password_reset_request::OPERATION,
    &delete_message::OPERATION,
    &delete_mfa_device::OPERATION,
    &delete_password_reset_request::OPERATION,
    &delete_sessions::OPERATION,
    &describe_device_authorization::OPERATION,
    &describe_mfa_settings::OPERATION,
    &describe_passkey_sign_in::OPERATION,
    &describe_password_policy::OPERATION,
    &describe_session_settings::OPERATION,
    &describe_standard_authentication::OPERATION,
    &describe_user_sign_in::OPERATION,
    &disable_user::OPERATION,
    &enable_user::OPERATION,
    &get_message::OPERATION,
    &invite_user::OPERATION,
    &list_messages::OPERATION,
    &list_mfa_devices::OPERATION,
    &list_password_reset_requests::OPERATION,
    &list_sessions::OPERATION,
    &list_sign_ins::OPERATION,
    &put_device_authorization::OPERATION,
    &put_mfa_settings::OPERATION,
    &put_passkey_sign_in::OPERATION,
    &put_password_policy::OPERATION,
    &put_session_settings::OPERATION,
    &put_standard_authentication::OPERATION,
    &rename_mfa_device::OPERATION,
    &reset_user_password::OPERATION,
    &revoke_role_credentials::OPERATION,
    &send_email_verification::OPERATION,
    &send_test_message::OPERATION,
];
