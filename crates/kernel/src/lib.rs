//! Foundation of all services: authorization, transactions and audit events of operations, paging,
//! jobs, credentials, passwords, sessions and the audit log.
//!
//! Every operation has one structure: `authorize` → `begin(permit)` → read and write →
//! `commit(event)`.
//! INVARIANT: an operation changes only the database, so it may run twice. Work outside of the
//! process (mail, webhooks) is queued as a job in the same transaction.

mod access;
pub mod archive;
pub mod archiving;
pub mod audit;
mod batches;
mod caller_cache;
mod callers;
pub mod credentials;
mod ctx;
pub mod durable_file;
pub mod email_token;
mod facts;
pub mod failed_sign_ins;
pub mod forwarding;
pub mod forwards;
pub mod hash_renewal;
pub mod hash_seal;
pub mod health;
mod identified;
pub mod identity_store;
mod job_counts;
pub mod jobs;
pub mod journal;
pub mod key_ring;
mod operation;
pub mod page;
pub mod parts;
pub mod passwords;
mod pauses;
pub mod perform;
mod policy_cache;
pub mod polls;
mod portico;
pub mod renewal;
pub mod reply;
mod request_info;
pub mod session_uses;
pub mod sessions;
pub mod startup;
mod steps;
pub mod strangers;
pub mod strength;
pub mod tags;
pub mod throttle;
pub mod totp_record;
pub mod unwinding;
pub mod upkeep;
pub mod watch;

pub use access::Access;
pub use ctx::Ctx;
pub use operation::{Operation, Served};
pub use policy::{Caller, Principal};
pub use portico::{Portico, Settings, StaticKey};
pub use request_info::RequestInfo;
