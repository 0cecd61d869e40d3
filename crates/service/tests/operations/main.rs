//! Operations of every service, from the fields of the request to the JSON of the reply, in memory,
//! with their jobs and their events.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]

mod addresses;
mod audit;
mod email_otp;
mod forgot_password;
mod identitystore;
mod invitations;
mod jobs;
mod journal;
mod key_ring;
mod known_callers;
mod messages;
mod mfa_devices;
mod oauth;
mod one_time_password;
mod organizations;
mod own_security;
mod password_reset;
mod portal;
mod portico_admin;
mod renewal;
mod sign_in;
mod sso_admin;
mod strangers;
mod sweep;
mod traces;
mod walks;
