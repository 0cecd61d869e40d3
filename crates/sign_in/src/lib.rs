//! Sign-in: user name and password, the new password after a one-time password or by a link, sign-out, and the
//! operator's set-up link.
//!
//! The steps are recorded as events with the names of CloudTrail. An event contains the user's id
//! and never the typed user name, because people type passwords there.

pub mod authenticate;
pub mod chosen_password;
pub mod forgot_password;
mod instance;
mod leaked;
mod notice;
pub mod open_password_link;
pub mod own_password;
pub mod own_sessions;
pub mod password_rules;
pub mod prove_identity;
pub mod redeem_setup_link;
pub mod set_new_password;
pub mod sign_out;
mod ticket;
pub mod update_password;
pub mod verify_email;
