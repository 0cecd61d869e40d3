//! The texts of messages, in plain language: who asked, what to do, when it ends, and what to do if it was not expected.
//!
//! INVARIANT: no text of a person is in a header. Subjects are constants.

mod email_otp;
mod email_verification;
mod failed_sign_ins;
mod forgot_password;
mod invitation;
mod mfa_bypass;
mod mfa_device_changed;
mod password_changed;
mod password_reset;
mod sign_in_code;
mod test;

pub(crate) use email_otp::email_otp;
pub(crate) use email_verification::email_verification;
pub(crate) use failed_sign_ins::failed_sign_ins;
pub(crate) use forgot_password::forgot_password;
pub(crate) use invitation::invitation;
pub(crate) use mfa_bypass::mfa_bypass;
pub(crate) use mfa_device_changed::mfa_device_changed;
pub(crate) use password_changed::password_changed;
pub(crate) use password_reset::password_reset;
pub(crate) use sign_in_code::sign_in_code;
pub(crate) use test::test;
