//! Uploads in parts, and the parts: of uploads, and of the objects that uploads became.

use std::ops::Range;

use model::bucket::BucketName;
use model::ids::AccountId;
use model::object::{BlobId, Checksum, ChecksumKind, ObjectKey, Part, Upload, UploadId};
use model::{Fault, ObjectsEntity};

use crate::object::{description, description_text, integer, size};
use crate::row::text;
use crate::{Read, Row, Tx};

/// Adds an upload without parts.
pub fn insert(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    upload: &Upload,
) -> Result<(), Fault> {
    let sql = "INSERT INTO multipart_upload
            (account_id, bucket_name, object_key, id, checksum_algorithm, checksum_kind,
             description, initiated_at_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        text(account_id),
        text(bucket_name),
        text(&upload.key),
        text(&upload.id),
        text(upload.checksum_algorithm.as_str()),
        text(upload.checksum_kind.as_str()),
        text(&description_text(&upload.description)?),
        upload.initiated_at_ms.into(),
    ];
    tx.execute(sql, &values).map(|_| ())
}

/// The upload, or the fault that there is none for this key.
pub fn require(
    read: &mut Read<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    key: &ObjectKey,
    id: &UploadId,
) -> Result<Upload, Fault> {
    let sql = "SELECT id, object_key, checksum_algorithm, checksum_kind, description,
            initiated_at_ms
        FROM multipart_upload
        WHERE account_id = $1 AND bucket_name = $2 AND object_key = $3 AND id = $4";
    let values = [text(account_id), text(bucket_name), text(key), text(id)];
    read.query_one(sql, &values, upload)?
        .ok_or_else(|| Fault::not_found(ObjectsEntity::MultipartUpload, id))
}

/// Where a list of uploads goes on: at this key, after this upload.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    pub key: &'a str,
    pub after_id: &'a str,
}

/// Uploads by key and id, at most `limit`, from a place on, with keys below `below`.
pub fn list(
    read: &mut Read<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    from: Cursor<'_>,
    below: &str,
    limit: i64,
) -> Result<Vec<Upload>, Fault> {
    let sql = "SELECT id, object_key, checksum_algorithm, checksum_kind, description,
            initiated_at_ms
        FROM multipart_upload
        WHERE account_id = $1 AND bucket_name = $2 AND (object_key, id) > ($3, $4)
            AND object_key < $5
        ORDER BY object_key, id
        LIMIT $6";
    let values = [
        text(account_id),
        text(bucket_name),
        text(from.key),
        text(from.after_id),
        text(below),
        limit.into(),
    ];
    read.query(sql, &values, upload)
}

/// Removes an upload, whose parts become another's or go too.
pub fn delete(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    key: &ObjectKey,
    id: &UploadId,
) -> Result<(), Fault> {
    let sql = "DELETE FROM multipart_upload
        WHERE account_id = $1 AND bucket_name = $2 AND object_key = $3 AND id = $4";
    tx.execute(sql, &[text(account_id), text(bucket_name), text(key), text(id)]).map(|_| ())
}

/// Removes all uploads of a bucket, with their parts, and returns the files that no row names any
/// more. Parts that belong to objects are removed too: for empty buckets only.
pub fn delete_all(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
) -> Result<Vec<BlobId>, Fault> {
    let values = [text(account_id), text(bucket_name)];
    let sql = "DELETE FROM multipart_upload WHERE account_id = $1 AND bucket_name = $2";
    tx.execute(sql, &values)?;
    let sql = "DELETE FROM object_part WHERE account_id = $1 AND bucket_name = $2
        RETURNING blob_id";
    tx.query(sql, &values, |row| row.parse(0))
}

/// Puts a part in place of the one with its number, if there is one, whose file is returned.
pub fn put_part(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    upload_id: &UploadId,
    part: &Part,
) -> Result<Option<BlobId>, Fault> {
    let place =
        [text(account_id), text(bucket_name), text(upload_id), i64::from(part.number).into()];
    let sql = "SELECT blob_id FROM object_part
        WHERE account_id = $1 AND bucket_name = $2 AND upload_id = $3 AND part_number = $4";
    let before = tx.query_one(sql, &place, |row| row.parse(0))?;
    let sql = "INSERT INTO object_part
            (account_id, bucket_name, upload_id, part_number, blob_id, size_bytes, etag,
             checksum_algorithm, checksum, modified_at_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (account_id, bucket_name, upload_id, part_number) DO UPDATE SET
            blob_id = $5, size_bytes = $6, etag = $7, checksum_algorithm = $8, checksum = $9,
            modified_at_ms = $10";
    let [account_id, bucket_name, upload_id, number] = place;
    let values = [
        account_id,
        bucket_name,
        upload_id,
        number,
        text(&part.blob_id),
        integer(part.size)?,
        text(&part.etag),
        text(part.checksum.algorithm.as_str()),
        text(&part.checksum.value),
        part.modified_at_ms.into(),
    ];
    tx.execute(sql, &values)?;
    Ok(before)
}

/// Parts by number, at most `limit` after the number `after`.
pub fn list_parts(
    read: &mut Read<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    upload_id: &UploadId,
    after: u32,
    limit: i64,
) -> Result<Vec<Part>, Fault> {
    let sql = "SELECT part_number, blob_id, size_bytes, etag, checksum_algorithm, checksum,
            modified_at_ms
        FROM object_part
        WHERE account_id = $1 AND bucket_name = $2 AND upload_id = $3 AND part_number > $4
        ORDER BY part_number
        LIMIT $5";
    let values = [
        text(account_id),
        text(bucket_name),
        text(upload_id),
        i64::from(after).into(),
        limit.into(),
    ];
    read.query(sql, &values, part)
}

/// The files that hold the bytes of an object from `wanted.start` to `wanted.end`, and which of
/// their own bytes those are.
pub fn parts_within(
    read: &mut Read<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    upload_id: &UploadId,
    wanted: &Range<u64>,
) -> Result<Vec<(BlobId, Range<u64>)>, Fault> {
    let sql = "SELECT blob_id, size_bytes, end_byte
        FROM
            (SELECT part_number, blob_id, size_bytes,
                CAST(SUM(size_bytes) OVER (ORDER BY part_number) AS BIGINT) AS end_byte
            FROM object_part
            WHERE account_id = $1 AND bucket_name = $2 AND upload_id = $3) AS placed
        WHERE end_byte > $4 AND end_byte - size_bytes < $5
        ORDER BY part_number";
    let values = [
        text(account_id),
        text(bucket_name),
        text(upload_id),
        integer(wanted.start)?,
        integer(wanted.end)?,
    ];
    let places =
        read.query(sql, &values, |row| Ok((row.parse(0)?, size(row, 1)?, size(row, 2)?)))?;
    let within = |(blob_id, size, end): (BlobId, u64, u64)| {
        let start = end.saturating_sub(size);
        let last = wanted.end.min(end);
        (blob_id, wanted.start.saturating_sub(start)..last.saturating_sub(start))
    };
    Ok(places.into_iter().map(within).collect())
}

/// Removes one part, whose file is returned.
pub fn delete_part(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    upload_id: &UploadId,
    number: u32,
) -> Result<Option<BlobId>, Fault> {
    let sql = "DELETE FROM object_part
        WHERE account_id = $1 AND bucket_name = $2 AND upload_id = $3 AND part_number = $4
        RETURNING blob_id";
    let values = [text(account_id), text(bucket_name), text(upload_id), i64::from(number).into()];
    tx.query_one(sql, &values, |row| row.parse(0))
}

/// Removes all parts of an upload, or of the object that it became, and returns their files.
pub fn delete_parts(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    upload_id: &UploadId,
) -> Result<Vec<BlobId>, Fault> {
    let sql = "DELETE FROM object_part
        WHERE account_id = $1 AND bucket_name = $2 AND upload_id = $3
        RETURNING blob_id";
    tx.query(sql, &[text(account_id), text(bucket_name), text(upload_id)], |row| row.parse(0))
}

fn upload(row: &Row) -> Result<Upload, Fault> {
    Ok(Upload {
        id: row.parse(0)?,
        key: row.parse(1)?,
        checksum_algorithm: row.parse(2)?,
        checksum_kind: row.parse(3)?,
        description: description(row, 4)?,
        initiated_at_ms: row.integer(5)?,
    })
}

fn part(row: &Row) -> Result<Part, Fault> {
    Ok(Part {
        number: u32::try_from(row.integer(0)?).map_err(Fault::broken)?,
        blob_id: row.parse(1)?,
        size: size(row, 2)?,
        etag: row.text(3)?.to_owned(),
        checksum: Checksum {
            algorithm: row.parse(4)?,
            kind: ChecksumKind::FullObject,
            value: row.text(5)?.to_owned(),
        },
        modified_at_ms: row.integer(6)?,
    })
}
