//! Removal of expired rows: sessions, tokens, codes, failed attempts, requests, ended jobs.
//!
//! An expired row is refused at every use, whether or not it is removed. Removal only frees space.

use model::{AuditEvent, Fault};
use store::{
    Tx, answered_challenge, authorization_code, device_authorization, job, message, mfa_bypass,
    password_link, password_reset_request, session, sign_in_attempt, sign_in_code, sign_in_record,
    trusted_browser,
};

use crate::{Ctx, Portico, batches};

/// Maximum number of rows of a kind per transaction, so that no writer waits long.
const BATCH: i64 = 500;

/// Maximum number of transactions per run. The next run continues with the rest.
const BATCHES_MAX: u32 = 200;

/// Maximum duration of role credentials, which may be issued at the very end of a session.
pub const ROLE_CREDENTIALS_MS: i64 = 12 * 60 * 60 * 1000;

/// Time for which an expired device code is reported as expired instead of unknown.
///
/// It bounds the rows: a stranger's codes are there for twenty minutes, with the ten in which they are good.
const DEVICE_CODE_REMEMBERED_MS: i64 = 10 * 60 * 1000;

/// Time for which an authorization code that was used is recognized. It is good for a minute.
const CODES_REMEMBERED_MS: i64 = 8 * 60 * 60 * 1000;

/// Time for which an answered challenge is kept after its end. The clock of this server may be ahead of that of another one,
/// which still takes an answer to it.
const CLOCKS_APART_MS: i64 = 24 * 60 * 60 * 1000;

/// Time for which the status of a finished request can be queried.
///
/// AWS documents no retention of statuses. CloudTrail's event history, the alternative source, goes
/// back 90 days; the audit log here keeps the request permanently.
pub const JOBS_MS: i64 = 90 * 24 * 60 * 60 * 1000;

/// Time for which a message that was sent, handed over or ended is listed.
pub const MESSAGES_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Time for which a sign-in is in the history of its person.
pub const SIGN_INS_MS: i64 = 90 * 24 * 60 * 60 * 1000;

/// Deletes up to a number of rows that expired before a time. The arguments are the time and the
/// number.
type Sweep = fn(&mut Tx<'_>, i64, i64) -> Result<u64, Fault>;

/// Deletes expired rows and returns their number.
pub fn sweep(portico: &Portico) -> Result<u64, Fault> {
    batches::run(portico, BATCHES_MAX, sweep_batch)
}

fn sweep_batch(ctx: &Ctx<'_>) -> Result<u64, Fault> {
    let permit = ctx.authorize("portico:SweepSessions", "*")?;
    let mut tx = ctx.begin(permit)?;
    let now_ms = tx.now_ms();
    let sweeps: [(&str, Sweep, i64); 14] = [
        // A code that is used again is recognized for as long.
        ("authorizationCodes", authorization_code::sweep, now_ms - CODES_REMEMBERED_MS),
        ("deviceAuthorizations", device_authorization::sweep, now_ms - DEVICE_CODE_REMEMBERED_MS),
        ("sessions", session::sweep, now_ms - ROLE_CREDENTIALS_MS),
        ("signInAttempts", sign_in_attempt::sweep, now_ms),
        ("answeredChallenges", answered_challenge::sweep, now_ms - CLOCKS_APART_MS),
        ("mfaBypasses", mfa_bypass::sweep, now_ms),
        ("signInCodes", sign_in_code::sweep, now_ms),
        ("signIns", sign_in_record::sweep, now_ms - SIGN_INS_MS),
        ("trustedBrowsers", trusted_browser::sweep, now_ms),
        ("passwordResetRequests", password_reset_request::sweep, now_ms),
        ("passwordLinks", password_link::sweep, now_ms),
        ("messagesEnded", message::sweep_expired, now_ms),
        ("messages", message::sweep, now_ms - MESSAGES_MS),
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
    // A run without expired rows leaves no event. The dropped transaction has nothing to roll back.
    if total > 0 {
        tx.commit(&event)?;
    }
    Ok(total)
}
