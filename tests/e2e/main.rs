//! The program from the outside: the real binary on a free port, HTTP requests in, answers out.
//!
//! Tests that need an outside part (a stock client, a browser, PostgreSQL) live in the module
//! `outside`, which `./test --quick` leaves out by its name. A part that is missing fails them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod abuse;
mod askers;
mod audit;
mod backups;
mod broken_uploads;
mod bucket_backups;
mod clock;
mod complaints;
mod damage;
mod file_modes;
mod forged;
mod guessing;
mod hosts;
mod invitations;
mod kill9;
mod metrics;
mod mfa;
mod midway;
mod mistakes;
mod operation_walk;
mod outside;
mod pages;
mod smoke;
mod soak;
mod support;
mod together;
mod traces;
mod withdrawal;
