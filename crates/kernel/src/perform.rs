//! What surrounds every operation: repetition after contention, and the trace in the audit log.

use model::{AuditEvent, Fault};
use store::AuditRecord;

use crate::Ctx;
use crate::audit::error;

/// Maximum number of attempts at an operation that other transactions are in the way of.
const ATTEMPTS_MAX: u32 = 5;

/// Does `operation`, and does it again while another transaction is in its way.
pub fn retry<Request, Reply>(
    ctx: &Ctx<'_>,
    request: &Request,
    operation: fn(&Ctx<'_>, &Request) -> Result<Reply, Fault>,
) -> Result<Reply, Fault> {
    for _ in 1..ATTEMPTS_MAX {
        match operation(ctx, request) {
            Err(Fault::Contended) => {}
            done => return done,
        }
    }
    operation(ctx, request)
}

/// Leaves the event of a read that was done, or of any operation that was refused.
///
/// INVARIANT: a denial of a known caller is on disk before its answer. Events of strangers are
/// buffered, so that strangers cannot make the disk work for each request.
pub fn trace(ctx: &Ctx<'_>, action: &'static str, fault: Option<&Fault>) -> Result<(), Fault> {
    if ctx.is_hurried() && fault.is_some() {
        return Ok(());
    }
    let (action, resource) = ctx.asked().unwrap_or_else(|| (action, "*".to_owned()));
    let error = fault.map(error::written);
    let (stamp, event) = (ctx.stamp(), AuditEvent::new());
    let record = AuditRecord::new(ctx.caller, stamp, action, resource, error, event);
    match fault {
        Some(fault) if fault.is_denial() && ctx.caller.is_known() => ctx.record(record),
        Some(_) | None => {
            ctx.portico.journal.note(record);
            Ok(())
        }
    }
}
