//! Files of deleted and overwritten objects, which stay on the disk for a while (decision 0034).

use model::Fault;
use model::object::BlobId;

use crate::row::text;
use crate::{Read, Tx};

/// Notes that a file has no object any more.
pub(crate) fn insert(tx: &mut Tx<'_>, id: &BlobId) -> Result<(), Fault> {
    let sql = "INSERT INTO unlinked_file (blob_id, unlinked_at_ms) VALUES ($1, $2)
        ON CONFLICT (blob_id) DO NOTHING";
    let values = [text(id), tx.now_ms().into()];
    tx.execute(sql, &values).map(drop)
}

/// Lists the files that were unlinked before a time: at most `limit`, oldest first.
pub fn list_before(read: &mut Read<'_>, before_ms: i64, limit: i64) -> Result<Vec<BlobId>, Fault> {
    let sql = "SELECT blob_id FROM unlinked_file
        WHERE unlinked_at_ms < $1
        ORDER BY unlinked_at_ms
        LIMIT $2";
    read.query(sql, &[before_ms.into(), limit.into()], |row| row.parse("blob_id"))
}

/// Forgets a file that is removed from the disk.
pub fn delete(tx: &mut Tx<'_>, id: &BlobId) -> Result<(), Fault> {
    tx.execute("DELETE FROM unlinked_file WHERE blob_id = $1", &[text(id)]).map(drop)
}
