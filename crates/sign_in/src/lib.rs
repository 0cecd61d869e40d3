//! Signing in: user name and password, a new password after a one-time one, signing out, and the
//! operator's set-up link.
//!
//! The steps are events under the names that CloudTrail gives them. An event names the person, never
//! what somebody typed as a user name: people type passwords there.

pub mod authenticate;
mod instance;
mod leaked;
pub mod redeem_setup_link;
pub mod set_new_password;
pub mod sign_out;
mod ticket;
