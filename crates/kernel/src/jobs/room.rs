//! Room in the queue of jobs.

use model::Fault;
use store::{Read, job};

use crate::Ctx;
use crate::job_counts::UNFINISHED_MAX;

/// Number of unfinished jobs of a kind from which on their caller's answers wait: a millisecond for each job beyond it.
const AHEAD_FREELY: i64 = 250;

/// Room for one job of a caller.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Number of unfinished jobs of the kind that the caller asked for before.
    pub(super) ahead: i64,
}

impl Room {
    /// Finds room for a job, and makes the answer wait if many of the caller's are unfinished. Fails with `Busy` if the caller has as many unfinished jobs of the kind as one may have.
    ///
    /// INVARIANT: the count is no part of a serializable transaction that adds jobs. All that do so at the same time
    /// would be in each other's way on PostgreSQL.
    pub(super) fn find(
        ctx: &Ctx<'_>,
        read: &mut Read<'_>,
        kind: &'static str,
    ) -> Result<Self, Fault> {
        let (counts, now_ms) = (&ctx.portico.job_counts, ctx.now_ms());
        let of = (read.permit().caller().arn(), kind);
        let ahead = if let Some(ahead) = counts.add_one(&of, now_ms) {
            ahead
        } else {
            let ahead = job::count_unfinished(read, &of.0, kind, UNFINISHED_MAX)?;
            counts.remember(of, ahead, now_ms);
            ahead
        };
        if let Ok(beyond) = u64::try_from(ahead - AHEAD_FREELY) {
            ctx.request.hold.set_ms(beyond);
        }
        if ahead < UNFINISHED_MAX { Ok(Self { ahead }) } else { Err(Fault::Busy) }
    }
}
