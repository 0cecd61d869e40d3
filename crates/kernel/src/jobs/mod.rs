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

mod ended;
mod kind;
pub mod resume;
pub mod runner;

pub use ended::wait_if_ended;
pub use kind::{Attempt, Kind, Payload, Progress, Work};

use model::Fault;
use model::job::Job;
use store::{Tx, job};

/// Maximum number of unfinished jobs of one owner and kind.
// AWS: 15 outstanding assignments. The limit here keeps the queue short.
const UNFINISHED_MAX: i64 = 1000;

fn require_room(tx: &mut Tx<'_>, job: &Job) -> Result<(), Fault> {
    let unfinished = job::count_unfinished(tx, &job.owner_id, &job.kind, UNFINISHED_MAX)?;
    if unfinished < UNFINISHED_MAX { Ok(()) } else { Err(Fault::Busy) }
}
