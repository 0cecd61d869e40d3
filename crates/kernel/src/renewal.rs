//! Renewal of what is stored beside users, groups and accounts, and was made by another version of
//! the program: copies of users for replies, and the keys of names that look the same.
//!
//! Requests do not wait for the renewal: lists build the reply of an outdated copy from the user's columns,
//! and names are found by their exact spelling.

use model::{AuditEvent, Fault};
use store::likeness_renewal::{Due, Renew, TABLES};
use store::{likeness, user};

use crate::perform::retry;
use crate::{Ctx, Portico, RequestInfo, batches};

/// Maximum number of rows per transaction, so that no writer waits long.
const BATCH: i64 = 500;

/// Maximum number of transactions per run and table. The next run continues with the rest.
const BATCHES_MAX: u32 = 200;

/// Maximum number of transactions per table when a server starts: people wait for them.
const BATCHES_AT_START_MAX: u32 = 40;

/// State of a row that an older program wrote, so that it has no likeness.
const WITHOUT_LIKENESS: i64 = 0;

/// Rewrites outdated copies and returns their number.
pub fn renew_copies(portico: &Portico) -> Result<u64, Fault> {
    batches::run(portico, BATCHES_MAX, renew_batch)
}

fn renew_batch(ctx: &Ctx<'_>) -> Result<u64, Fault> {
    let permit = ctx.authorize("portico:RenewUserCopies", "*")?;
    let mut tx = ctx.begin(permit)?;
    let renewed = user::renew_shown(&mut tx, BATCH)?;
    // A run without outdated copies leaves no event. The dropped transaction has nothing to roll
    // back.
    if renewed > 0 {
        tx.commit(&AuditEvent::new().answered("users", renewed))?;
    }
    Ok(renewed)
}

/// Makes the missing and outdated likenesses of names and addresses, and returns the number of rows.
pub fn renew_likenesses(portico: &Portico) -> Result<u64, Fault> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    let mut total = 0;
    for table in TABLES {
        for state in WITHOUT_LIKENESS..likeness::VERSION {
            total += renew_table(&ctx, table, state, BATCHES_MAX)?;
        }
    }
    Ok(total)
}

/// Makes missing likenesses before a server answers, and returns the number of rows.
///
/// A new name could otherwise take the likeness of a row that has none yet. Upkeep makes those beyond the bound.
pub fn fill_likenesses(portico: &Portico) -> Result<u64, Fault> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    let fill = |table| renew_table(&ctx, table, WITHOUT_LIKENESS, BATCHES_AT_START_MAX);
    TABLES.into_iter().map(fill).sum()
}

/// Renews the rows of a table whose likenesses are of one version.
fn renew_table(
    ctx: &Ctx<'_>,
    table: (&str, Renew),
    state: i64,
    batches_max: u32,
) -> Result<u64, Fault> {
    let (mut total, mut after) = (0, (String::new(), String::new()));
    for _ in 0..batches_max {
        let due = Due { state, after: (&after.0, &after.1), limit: BATCH };
        let (renewed, last) = retry(ctx.portico, || renew_likeness_batch(ctx, table, &due))?;
        total += renewed;
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    Ok(total)
}

/// Returns the number of rows that were written, and the last row that was read.
fn renew_likeness_batch(
    ctx: &Ctx<'_>,
    (kind, renew): (&str, Renew),
    due: &Due<'_>,
) -> Result<(u64, Option<(String, String)>), Fault> {
    let permit = ctx.authorize("portico:RenewLikenesses", "*")?;
    let mut tx = ctx.begin(permit)?;
    let renewal = renew(&mut tx, due)?;
    if renewal.renewed == 0 {
        return Ok((0, renewal.last));
    }
    let mut event = AuditEvent::new().answered(kind, renewal.renewed);
    if !renewal.shared.is_empty() {
        event = event.answered_list("lookLikeOlderOnes", &renewal.shared);
    }
    tx.commit(&event)?;
    // Ids only, because the log holds no values of columns.
    for id in &renewal.shared {
        tracing::warn!(
            kind,
            id,
            "a name or address looks like an older one; rename one of the two"
        );
    }
    Ok((renewal.renewed, renewal.last))
}
