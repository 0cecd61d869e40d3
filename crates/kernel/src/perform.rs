//! Wrapper of every operation: retries after contention, and the event in the audit log.

use std::borrow::Cow;

use model::{AuditEvent, Fault};
use policy::Principal;
use store::AuditRecord;

use crate::audit::error;
use crate::strangers::StrangerKind;
use crate::{Access, Ctx, Portico, pauses};

/// The reason why work did not succeed. Protocols with errors of their own wrap faults.
pub trait Failure: From<Fault> {
    /// The fault that decides how the audit log treats the failure.
    fn as_fault(&self) -> Cow<'_, Fault>;

    /// The text of the error column: a code and a sentence.
    fn written(&self) -> String {
        error::written(&self.as_fault())
    }
}

impl Failure for Fault {
    fn as_fault(&self) -> Cow<'_, Fault> {
        Cow::Borrowed(self)
    }
}

/// Does `work`, and does it again while another transaction is in its way, after growing pauses. Fails with `Busy`
/// if one still is in the end: that is the server's load, and no mistake of the caller.
pub fn retry<Reply, F: Failure>(
    portico: &Portico,
    work: impl FnMut() -> Result<Reply, F>,
) -> Result<Reply, F> {
    pauses::repeat_while(portico, |failure: &F| *failure.as_fault() == Fault::Contended, work)
}

/// Does `work` as [`retry`] does, and leaves the event of a read or a refusal.
pub fn perform<Reply, F: Failure>(
    ctx: &Ctx<'_>,
    (action, access): (&'static str, Access),
    mut work: impl FnMut() -> Result<Reply, F>,
) -> Result<Reply, F> {
    // A batch holds the database's connection, and is repeated without this request in it.
    let outcome = if ctx.is_in_batch() { work() } else { retry(ctx.portico, work) };
    match &outcome {
        Ok(_) if access == Access::Reads => trace_read(ctx, action),
        Ok(_) => {}
        Err(failure) => trace(ctx, action, failure)?,
    }
    outcome
}

/// Records a completed read.
///
/// A stranger who succeeds and changes nothing leaves no event: there is neither a person nor a change
/// that it could name. The operator may choose to record no reads at all.
fn trace_read(ctx: &Ctx<'_>, action: &'static str) {
    if ctx.acting().is_known() && ctx.portico.settings.audit_reads {
        ctx.portico.journal.note(record(ctx, action, None));
    }
}

/// Records a refusal.
///
/// INVARIANT: a denial of an authenticated caller is on disk before its answer. Events of
/// unauthenticated callers are buffered, so that their requests cause no disk write each, and have a
/// budget.
pub fn trace<F: Failure>(ctx: &Ctx<'_>, action: &'static str, failure: &F) -> Result<(), Fault> {
    match &ctx.acting().principal {
        Principal::Anonymous | Principal::Unproven(_) => {
            trace_stranger(ctx, action, failure);
            Ok(())
        }
        // A secret that authenticates nothing is a rejected one, if it does not serve its purpose either.
        Principal::NamedPerson(_) => trace_rejected(ctx, action, failure),
        Principal::Role(_) | Principal::Person(_) | Principal::Portico => {
            trace_known(ctx, action, failure)
        }
    }
}

/// Records the refusal of a caller whose keys or secret are good no more, as far as their budget goes.
pub(crate) fn trace_rejected<F: Failure>(
    ctx: &Ctx<'_>,
    action: &'static str,
    failure: &F,
) -> Result<(), Fault> {
    let is_admitted = || ctx.portico.strangers.rejected().admit(&ctx.acting(), ctx.now_ms());
    let is_polling = StrangerKind::of(action, &failure.as_fault()).is_none();
    if is_polling || ctx.is_non_blocking() || !is_admitted() {
        return Ok(());
    }
    trace_known(ctx, action, failure)
}

/// Records an event of a caller whose keys or secret are good no more, as far as their budget goes, without a write
/// before the answer.
pub fn note_rejected(ctx: &Ctx<'_>, action: &'static str, details: AuditEvent) {
    if ctx.portico.strangers.rejected().admit(&ctx.acting(), ctx.now_ms()) {
        ctx.describe(details);
        ctx.portico.journal.note(record(ctx, action, None));
    }
}

fn trace_known<F: Failure>(ctx: &Ctx<'_>, action: &'static str, failure: &F) -> Result<(), Fault> {
    if ctx.is_non_blocking() {
        return Ok(());
    }
    let record = record(ctx, action, Some(failure.written()));
    if failure.as_fault().is_denial() {
        return ctx.record(record);
    }
    ctx.portico.journal.note(record);
    Ok(())
}

/// Records a refusal of a stranger, as far as the budget goes.
fn trace_stranger<F: Failure>(ctx: &Ctx<'_>, action: &'static str, failure: &F) {
    let Some(kind) = StrangerKind::of(action, &failure.as_fault()) else { return };
    if ctx.is_non_blocking() {
        return;
    }
    let (strangers, now_ms) = (&ctx.portico.strangers, ctx.now_ms());
    let address = &ctx.request.origin.source_address;
    match strangers.take_place(kind, address, now_ms) {
        Some(_) => trace_admitted(ctx, action, failure),
        None => strangers.leave_out(kind, address, now_ms),
    }
}

/// Records a refusal of a stranger whose place in the budget is taken already.
pub fn trace_admitted<F: Failure>(ctx: &Ctx<'_>, action: &'static str, failure: &F) {
    ctx.portico.journal.note(record(ctx, action, Some(failure.written())));
}

fn record(ctx: &Ctx<'_>, action: &'static str, error: Option<String>) -> AuditRecord {
    let (action, resource) = ctx.asked().unwrap_or_else(|| (action, "*".to_owned()));
    AuditRecord::new(&ctx.acting(), ctx.stamp(), action, resource, error, ctx.details())
}
