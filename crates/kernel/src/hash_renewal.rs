//! Sealing of the password hashes that an earlier version of the program stored unsealed.
//!
//! Requests do not wait for it: an unsealed hash is as good as a sealed one, and a sign-in seals it too.

use model::{AuditEvent, Fault};
use store::unsealed_hash::{self, UnsealedHash};
use store::{Read, Tx};

use crate::hash_seal::seal_hash;
use crate::{Ctx, Portico, batches};

/// Maximum number of rows per transaction and table, so that no writer waits long.
const BATCH: i64 = 100;

/// Maximum number of transactions per run. The next run continues with the rest.
const BATCHES_MAX: u32 = 200;

type List = fn(&mut Read<'_>, i64) -> Result<Vec<UnsealedHash>, Fault>;
type Replace = fn(&mut Tx<'_>, &UnsealedHash, &[u8]) -> Result<(), Fault>;

/// The tables with hashes, by the plural of what they hold.
const TABLES: [(&str, List, Replace); 2] = [
    ("passwords", unsealed_hash::list, unsealed_hash::replace),
    ("pastPasswords", unsealed_hash::list_past, unsealed_hash::replace_past),
];

/// Seals unsealed hashes and returns their number.
pub fn seal_hashes(portico: &Portico) -> Result<u64, Fault> {
    batches::run(portico, BATCHES_MAX, seal_batch)
}

fn seal_batch(ctx: &Ctx<'_>) -> Result<u64, Fault> {
    let permit = ctx.authorize("portico:SealPasswordHashes", "*")?;
    let mut tx = ctx.begin(permit)?;
    let (mut total, mut event) = (0, AuditEvent::new());
    for (kind, list, replace) in TABLES {
        let rows = list(&mut tx, BATCH)?;
        for row in &rows {
            let Some(hash) = row.hash.unsealed() else { continue };
            let sealed = seal_hash(ctx.portico, (&row.identity_store_id, &row.user_id), &hash)?;
            replace(&mut tx, row, &sealed.hash)?;
        }
        if !rows.is_empty() {
            event = event.answered(kind, rows.len());
        }
        total += rows.len() as u64;
    }
    // A run without unsealed hashes leaves no event.
    if total > 0 {
        tx.commit(&event)?;
    }
    Ok(total)
}
