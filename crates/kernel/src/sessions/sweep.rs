//! Forgetting what ran out: sessions, tokens, codes, failed attempts, revocations, ended jobs.
//!
//! What ran out is refused wherever it is shown, swept or not; sweeping only gives back the space.

use model::{AuditEvent, Fault};
use store::{
    Tx, authorization_code, client_token, device_authorization, job, revocation, session,
    sign_in_attempt,
};

use super::SESSION_MS;
use crate::perform::retry;
use crate::{Ctx, Portico, RequestInfo};

/// Rows of a kind that one transaction forgets, so that no writer waits long for it.
const BATCH: i64 = 500;

/// Transactions in one sweep. What is left over waits for the next.
const BATCHES_MAX: u32 = 200;

/// The longest that role credentials last, which may have been given out at a session's very end.
pub const ROLE_CREDENTIALS_MS: i64 = 12 * 60 * 60 * 1000;

/// How long a device code is told to be too old, rather than unknown.
const DEVICE_CODE_REMEMBERED_MS: i64 = 60 * 60 * 1000;

/// How long the status of a request can be asked for after its end.
///
/// AWS says of no status how long it is kept. CloudTrail's event history, where one looks for the
/// same request otherwise, goes back 90 days; our audit log keeps it for good.
pub const JOBS_MS: i64 = 90 * 24 * 60 * 60 * 1000;

/// Forgets up to so many rows that ran out before a moment.
type Sweep = fn(&mut Tx<'_>, i64, i64) -> Result<u64, Fault>;

/// Forgets what ran out, and says how many rows that were.
pub fn sweep(portico: &Portico) -> Result<u64, Fault> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    let mut total = 0;
    for _ in 0..BATCHES_MAX {
        let swept = retry(|| sweep_batch(&ctx))?;
        total += swept;
        if swept == 0 {
            break;
        }
    }
    Ok(total)
}

fn sweep_batch(ctx: &Ctx<'_>) -> Result<u64, Fault> {
    let permit = ctx.authorize("portico:SweepSessions", "*")?;
    let mut tx = ctx.begin(permit)?;
    let now_ms = tx.now_ms();
    let sweeps: [(&str, Sweep, i64); 7] = [
        ("clientTokens", client_token::sweep, now_ms),
        // As long as its session may live, so that a code which is shown again is known.
        ("authorizationCodes", authorization_code::sweep, now_ms - SESSION_MS),
        ("deviceAuthorizations", device_authorization::sweep, now_ms - DEVICE_CODE_REMEMBERED_MS),
        ("sessions", session::sweep, now_ms - ROLE_CREDENTIALS_MS),
        ("signInAttempts", sign_in_attempt::sweep, now_ms),
        ("revocations", revocation::sweep, now_ms - ROLE_CREDENTIALS_MS),
        ("jobs", job::sweep, now_ms - JOBS_MS),
    ];
    let (mut total, mut event) = (0, AuditEvent::new());
    for (name, sweep, before_ms) in sweeps {
        let swept = sweep(&mut tx, before_ms, BATCH)?;
        if swept > 0 {
            event = event.answered(name, swept);
        }
        total += swept;
    }
    // Nothing to forget leaves no trace: dropping the transaction rolls nothing back.
    if total > 0 {
        tx.commit(&event)?;
    }
    Ok(total)
}
