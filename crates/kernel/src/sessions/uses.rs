//! Writing which sessions were used.

use model::{AuditEvent, Fault};
use store::session;

use crate::perform::retry;
use crate::session_uses::SessionUse;
use crate::{Ctx, Portico, RequestInfo};

/// Maximum number of rows per transaction, so that no writer waits long.
const BATCH: usize = 100;

/// Writes the noted uses.
pub fn write_uses(portico: &Portico) -> Result<(), Fault> {
    let uses = portico.session_uses.take();
    if uses.is_empty() {
        return Ok(());
    }
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    // What cannot be written is lost: the next request of the session notes its use again.
    uses.chunks(BATCH).try_for_each(|batch| retry(portico, || write_batch(&ctx, batch)))
}

fn write_batch(ctx: &Ctx<'_>, batch: &[SessionUse]) -> Result<(), Fault> {
    let permit = ctx.authorize("portico:NoteSessionUses", "*")?;
    let mut tx = ctx.begin(permit)?;
    for ((store_id, id), at_ms) in batch {
        session::note_use(&mut tx, store_id, id, *at_ms)?;
    }
    // An event each second about what every request has in the log already would only fill it.
    tx.commit(&AuditEvent::new().if_recorded(false))
}
