//! Sign-in: user name and password, the new password after a one-time password or by a link, second factors, sign-out, and the
//! operator's set-up link.
//!
//! The steps are recorded as events with the names of CloudTrail. An event contains the user's id
//! and never the typed user name, because people type passwords there.

pub mod authenticate;
pub mod browser;
pub mod ceremony;
pub mod chosen_password;
pub mod email_code;
mod factors;
pub mod forgot_password;
pub mod history;
mod instance;
mod key_record;
mod leaked;
pub mod new_totp;
pub mod offer_key;
pub mod open_password_link;
pub mod own_devices;
pub mod own_key;
pub mod own_password;
pub mod own_sessions;
pub mod own_sign_ins;
pub mod passkey;
pub mod password_rules;
pub mod prove_identity;
pub mod redeem_email_otp;
pub mod redeem_setup_link;
pub mod register_key;
pub mod register_totp;
pub mod sequence;
pub mod set_new_password;
pub mod sign_out;
mod step_ticket;
mod ticket;
pub mod totp_offer;
pub mod trust;
pub mod update_password;
pub mod verify_email;
pub mod verify_key;
pub mod verify_totp;
