//! Foundation of all services: authorization, transactions and audit events of operations, paging,
//! jobs, credentials, passwords, sessions and the audit log.
//!
//! Every operation has one structure: `authorize` → `begin(permit)` → read and write →
//! `commit(event)`.
//! INVARIANT: an operation changes only the database, so it may run twice. Work outside of the
//! process (mail, webhooks) is queued as a job in the same transaction.

pub mod audit;
pub mod credentials;
mod ctx;
mod facts;
pub mod health;
pub mod jobs;
pub mod journal;
mod operation;
pub mod page;
pub mod parts;
pub mod passwords;
pub mod perform;
pub mod polls;
mod portico;
pub mod renewal;
pub mod reply;
pub mod sessions;
pub mod startup;
pub mod tags;
pub mod throttle;
pub mod unwinding;
pub mod upkeep;

pub use ctx::{Ctx, RequestInfo};
pub use operation::{Access, Operation, Served};
pub use policy::{Caller, Principal};
pub use portico::{Portico, Settings, StaticKey};
