//! Work for a caller: repeated while another transaction is in its way, and traced when it ends.

use std::borrow::Cow;

use model::Fault;

use crate::Ctx;
use crate::dispatch::{Access, trace};

/// Maximum number of attempts at work that other transactions are in the way of.
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
