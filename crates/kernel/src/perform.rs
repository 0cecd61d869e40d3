//! Wrapper of every operation: retries after contention, and the event in the audit log.

use model::{AuditEvent, Fault};
use store::AuditRecord;

use crate::audit::error;
use crate::{Access, Ctx};

/// Maximum number of attempts at an operation that conflicts with other transactions.
const ATTEMPTS_MAX: u32 = 5;

/// Runs `operation`, and repeats it while it conflicts with another transaction.
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

/// Runs an operation for a page and records it like [`Operation::call`](crate::Operation::call).
pub fn call_traced<Request, Reply>(
    ctx: &Ctx<'_>,
    (action, access): (&'static str, Access),
    request: &Request,
    operation: fn(&Ctx<'_>, &Request) -> Result<Reply, Fault>,
) -> Result<Reply, Fault> {
    let outcome = retry(ctx, request, operation);
    if outcome.is_err() || access == Access::Reads {
        trace(ctx, action, outcome.as_ref().err())?;
    }
    outcome
}

/// Records a completed read, or a refusal of any operation.
///
/// INVARIANT: a denial of an authenticated caller is on disk before its answer. Events of
/// unauthenticated callers are buffered, so that their requests cause no disk write each.
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
