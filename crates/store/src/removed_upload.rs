//! Uploads, and objects made of uploads, that are gone: their parts go a number at a time (decision 0037).
//!
//! INVARIANT: no upload or object has the parts of a row, and the files of the parts are named until their part goes.

use model::Fault;
use model::bucket::BucketName;
use model::ids::AccountId;
use model::object::UploadId;

use crate::row::text;
use crate::{Read, Row, Tx};

/// Upload that is gone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RemovedUpload {
    pub account_id: AccountId,
    pub bucket_name: BucketName,
    pub upload_id: UploadId,
}

/// Leaves the parts of an upload, or of an object that was made of it, to be deleted.
pub fn insert(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    upload_id: &UploadId,
) -> Result<(), Fault> {
    let sql = "INSERT INTO removed_upload (account_id, bucket_name, upload_id) VALUES ($1, $2, $3)";
    tx.write(sql, &[text(account_id), text(bucket_name), text(upload_id)])
}

/// Lists removed uploads of all accounts: at most `limit`.
pub fn list(read: &mut Read<'_>, limit: i64) -> Result<Vec<RemovedUpload>, Fault> {
    let sql = "SELECT account_id, bucket_name, upload_id FROM removed_upload
        ORDER BY account_id, bucket_name, upload_id
        LIMIT $1";
    read.query(sql, &[limit.into()], removed_upload)
}

/// Finds a removed upload of a bucket.
pub fn find_in_bucket(
    read: &mut Read<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
) -> Result<Option<RemovedUpload>, Fault> {
    let sql = "SELECT account_id, bucket_name, upload_id FROM removed_upload
        WHERE account_id = $1 AND bucket_name = $2
        ORDER BY upload_id
        LIMIT 1";
    read.query_one(sql, &[text(account_id), text(bucket_name)], removed_upload)
}

/// Deletes the first `limit` parts, unlinks their files, and forgets the upload with its last part. Returns the number of
/// parts.
pub fn delete_parts(tx: &mut Tx<'_>, removed: &RemovedUpload, limit: i64) -> Result<u64, Fault> {
    let RemovedUpload { account_id, bucket_name, upload_id } = removed;
    let place = || [text(account_id), text(bucket_name), text(upload_id)];
    let sql = "INSERT INTO unlinked_file (blob_id, unlinked_at_ms)
        SELECT blob_id, CAST($4 AS BIGINT) FROM object_part
        WHERE account_id = $1 AND bucket_name = $2 AND upload_id = $3
        ORDER BY part_number
        LIMIT $5
        ON CONFLICT (blob_id) DO NOTHING";
    let [account, bucket, upload] = place();
    tx.execute(sql, &[account, bucket, upload, tx.now_ms().into(), limit.into()])?;
    let sql = "DELETE FROM object_part
        WHERE account_id = $1 AND bucket_name = $2 AND upload_id = $3 AND part_number IN (
            SELECT part_number FROM object_part
            WHERE account_id = $1 AND bucket_name = $2 AND upload_id = $3
            ORDER BY part_number
            LIMIT $4)";
    let [account, bucket, upload] = place();
    let deleted = tx.execute(sql, &[account, bucket, upload, limit.into()])?;
    if i64::try_from(deleted).is_ok_and(|deleted| deleted < limit) {
        let sql = "DELETE FROM removed_upload
            WHERE account_id = $1 AND bucket_name = $2 AND upload_id = $3";
        tx.write(sql, &place())?;
    }
    Ok(deleted)
}

fn removed_upload(row: &Row) -> Result<RemovedUpload, Fault> {
    Ok(RemovedUpload {
        account_id: row.parse("account_id")?,
        bucket_name: row.parse("bucket_name")?,
        upload_id: row.parse("upload_id")?,
    })
}
