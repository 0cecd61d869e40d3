//! Answers that tell of the end of a job which took authority away.

use model::Fault;
use model::job::{Job, JobState};

use crate::Ctx;

/// Waits until no node accepts what an ended job revoked. Its commit was visible before its runner had waited
/// for the other nodes. The caller holds no transaction meanwhile.
pub fn wait_if_ended(ctx: &Ctx<'_>, job: &Job) -> Result<(), Fault> {
    match job.state {
        JobState::Succeeded => ctx.portico.db.wait_for_nodes(),
        JobState::InProgress | JobState::Failed => Ok(()),
    }
}
