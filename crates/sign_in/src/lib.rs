//! Sign-in: user name and password, the new password after a one-time password or by a link, sign-out, and the
//! operator's set-up link.
//!
//! The steps are recorded as events with the names of CloudTrail. An event contains the user's id
//! and never the typed user name, because people type passwords there.

pub mod authenticate;
pub mod forgot_password;
mod instance;
mod leaked;
mod notice;
pub mod open_password_link;
pub mod redeem_setup_link;
pub mod set_new_password;
pub mod sign_out;
mod ticket;
pub mod verify_email;
