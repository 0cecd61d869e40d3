//! Sign-in: user name and password, the new password after a one-time password, sign-out, and the
//! operator's set-up link.
//!
//! The steps are recorded as events with the names of CloudTrail. An event contains the user's id
//! and never the typed user name, because people type passwords there.

pub mod authenticate;
mod instance;
mod leaked;
pub mod redeem_setup_link;
pub mod set_new_password;
pub mod sign_out;
mod ticket;
