//! Room in the queue of jobs.

use model::Fault;
use policy::Permit;
use store::job;

use crate::Ctx;

/// Maximum number of unfinished jobs of one kind that one caller asked for. Requests at the same moment may exceed it by
/// their number, because none of them waits for the others.
// AWS: 15 outstanding assignments. The limit here keeps the queue short.
const UNFINISHED_MAX: i64 = 1000;

/// Room for one job of a caller.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Number of unfinished jobs of the kind that the caller asked for before.
    pub(super) ahead: i64,
}

impl Room {
    /// Finds room for a job, before its transaction begins. Fails with `Busy` if the caller has as many unfinished jobs
    /// of the kind as one may have.
    ///
    /// INVARIANT: the count is no part of the transaction. All that add jobs at the same time would be in each other's
    /// way on PostgreSQL.
    pub(super) fn find(ctx: &Ctx<'_>, permit: &Permit, kind: &str) -> Result<Self, Fault> {
        let mut read = ctx.read(permit)?;
        let caller = permit.caller().arn();
        let ahead = job::count_unfinished(&mut read, &caller, kind, UNFINISHED_MAX)?;
        if ahead < UNFINISHED_MAX { Ok(Self { ahead }) } else { Err(Fault::Busy) }
    }
}
