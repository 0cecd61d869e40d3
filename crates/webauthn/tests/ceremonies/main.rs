//! Ceremonies with a security key in software: right ones, and each way to be wrong.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]

mod assertion;
mod passkey;
mod registration;
mod strangers;
mod support;
mod vectors;
