//! Wrapper of every operation: retries after contention, and the event in the audit log.

use std::borrow::Cow;

use model::{AuditEvent, Fault};
use store::AuditRecord;

use crate::audit::error;
use crate::strangers::StrangerKind;
use crate::{Access, Ctx};

/// Maximum number of attempts at an operation that conflicts with other transactions.
const ATTEMPTS_MAX: u32 = 5;

/// The reason why work did not succeed. Protocols with errors of their own wrap faults.
pub trait Failure: From<Fault> {
    /// The fault that the audit log records.
    fn as_fault(&self) -> Cow<'_, Fault>;
}

impl Failure for Fault {
    fn as_fault(&self) -> Cow<'_, Fault> {
        Cow::Borrowed(self)
    }
}

/// Does `work`, and does it again while another transaction is in its way.
pub fn retry<Reply, F: Failure>(mut work: impl FnMut() -> Result<Reply, F>) -> Result<Reply, F> {
    for _ in 1..ATTEMPTS_MAX {
        match work() {
            Err(failure) if *failure.as_fault() == Fault::Contended => {}
            done => return done,
        }
    }
    work()
}

/// Does `work` as [`retry`] does, and leaves the event of a read or a refusal.
pub fn perform<Reply, F: Failure>(
    ctx: &Ctx<'_>,
    (action, access): (&'static str, Access),
    work: impl FnMut() -> Result<Reply, F>,
) -> Result<Reply, F> {
    let outcome = retry(work);
    match &outcome {
        Ok(_) if access == Access::Reads => trace(ctx, action, None)?,
        Ok(_) => {}
        Err(failure) => trace(ctx, action, Some(&failure.as_fault()))?,
    }
    outcome
}

/// Records a completed read, or a refusal of any operation.
///
/// INVARIANT: a denial of an authenticated caller is on disk before its answer. Events of
/// unauthenticated callers are buffered, so that their requests cause no disk write each, and have a
/// budget.
pub fn trace(ctx: &Ctx<'_>, action: &'static str, fault: Option<&Fault>) -> Result<(), Fault> {
    if ctx.is_non_blocking() && fault.is_some() {
        return Ok(());
    }
    if !ctx.caller.is_known() {
        trace_stranger(ctx, action, fault);
        return Ok(());
    }
    let record = record(ctx, action, fault);
    match fault {
        Some(fault) if fault.is_denial() => ctx.record(record),
        Some(_) | None => {
            ctx.portico.journal.note(record);
            Ok(())
        }
    }
}

/// Records a refusal of a stranger, as far as the budget goes.
///
/// A stranger who succeeds and changes nothing leaves no event: there is neither a person nor a change
/// that it could name.
fn trace_stranger(ctx: &Ctx<'_>, action: &'static str, fault: Option<&Fault>) {
    let Some(fault) = fault else { return };
    let Some(kind) = StrangerKind::of(action, fault) else { return };
    let (strangers, now_ms) = (&ctx.portico.strangers, ctx.now_ms());
    let address = &ctx.request.origin.source_address;
    match strangers.take_place(kind, address, now_ms) {
        Some(_) => trace_admitted(ctx, action, fault),
        None => strangers.leave_out(kind, address, now_ms),
    }
}

/// Records a refusal of a stranger whose place in the budget is taken already.
pub fn trace_admitted(ctx: &Ctx<'_>, action: &'static str, fault: &Fault) {
    ctx.portico.journal.note(record(ctx, action, Some(fault)));
}

fn record(ctx: &Ctx<'_>, action: &'static str, fault: Option<&Fault>) -> AuditRecord {
    let (action, resource) = ctx.asked().unwrap_or_else(|| (action, "*".to_owned()));
    let error = fault.map(error::written);
    let (stamp, event) = (ctx.stamp(), AuditEvent::new());
    AuditRecord::new(ctx.caller, stamp, action, resource, error, event)
}
