//! Jobs: background work that requests queue and workers of any node do.
//!
//! A kind of job is a constant beside the operation that queues it, with its payload type and its
//! function:
//!
//! ```text
//! pub const JOB: Kind<Payload> = Kind::new("CREATE_ACCOUNT", OPERATION.action, perform);
//! ```
//!
//! INVARIANT: the work and the end of a job are one transaction, so it is done exactly once, even
//! if a worker dies. The runner begins and commits that transaction; the function only works in it.

mod batch;
mod ended;
mod kind;
pub mod resume;
mod room;
pub mod runner;

pub use ended::wait_if_ended;
pub use kind::{Attempt, Kind, PAUSE_MS, Payload, Progress, Work};
pub use room::Room;
