//! Background work in transactions of a bounded number of rows each.

use model::Fault;

use crate::perform::retry;
use crate::{Ctx, Portico, RequestInfo};

/// Runs `batch` as Portico itself until it finds nothing to do, at most `batches_max` times. Returns the sum of the rows.
pub(crate) fn run(
    portico: &Portico,
    batches_max: u32,
    batch: impl Fn(&Ctx<'_>) -> Result<u64, Fault>,
) -> Result<u64, Fault> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    let mut total = 0;
    for _ in 0..batches_max {
        let done = retry(portico, || batch(&ctx))?;
        total += done;
        if done == 0 {
            break;
        }
    }
    Ok(total)
}
