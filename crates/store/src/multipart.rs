//! Multipart uploads, and the parts of uploads and of completed objects.

use std::ops::Range;

use model::bucket::BucketName;
use model::ids::AccountId;
use model::object::{BlobId, Checksum, ChecksumKind, ObjectKey, Part, Upload, UploadId};
use model::{Fault, ObjectsEntity};

use crate::row::text;
use crate::{Read, Row, Tx, Value, column, removed_upload};

/// The columns of an upload, which [`upload`] reads.
macro_rules! upload_columns {
    () => {
        "id, object_key, checksum_algorithm, checksum_kind, description, initiated_at_ms"
    };
}

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
        column::description(&upload.description)?,
        upload.initiated_at_ms.into(),
    ];
    tx.write(sql, &values)
}

/// Returns the upload for this key, or `NotFound`.
pub fn require(
    read: &mut Read<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    key: &ObjectKey,
    id: &UploadId,
) -> Result<Upload, Fault> {
    let sql = concat!(
        "SELECT ",
        upload_columns!(),
        " FROM multipart_upload
        WHERE account_id = $1 AND bucket_name = $2 AND object_key = $3 AND id = $4"
    );
    let values = [text(account_id), text(bucket_name), text(key), text(id)];
    read.query_one(sql, &values, upload)?
        .ok_or_else(|| Fault::not_found(ObjectsEntity::MultipartUpload, id))
}

/// Position in a list of uploads: at this key, after this upload.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    pub key: &'a str,
    pub after_id: &'a str,
}

/// Lists uploads by key and id: at most `limit`, from a position on, with keys below `below`.
pub fn list(
    read: &mut Read<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    from: Cursor<'_>,
    below: &str,
    limit: i64,
) -> Result<Vec<Upload>, Fault> {
    let sql = concat!(
        "SELECT ",
        upload_columns!(),
        " FROM multipart_upload
        WHERE account_id = $1 AND bucket_name = $2 AND (object_key, id) > ($3, $4)
            AND object_key < $5
        ORDER BY object_key, id
        LIMIT $6"
    );
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

/// An upload, with its bucket.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UploadPlace {
    pub account_id: AccountId,
    pub bucket_name: BucketName,
    pub key: ObjectKey,
    pub id: UploadId,
}

/// Finds uploads of all accounts that began before a time: at most `limit`, oldest first.
pub fn initiated_before(
    read: &mut Read<'_>,
    before_ms: i64,
    limit: i64,
) -> Result<Vec<UploadPlace>, Fault> {
    let sql = "SELECT account_id, bucket_name, object_key, id
        FROM multipart_upload
        WHERE initiated_at_ms < $1
        ORDER BY initiated_at_ms
        LIMIT $2";
    read.query(sql, &[before_ms.into(), limit.into()], |row| {
        Ok(UploadPlace {
            account_id: row.parse("account_id")?,
            bucket_name: row.parse("bucket_name")?,
            key: row.parse("object_key")?,
            id: row.parse("id")?,
        })
    })
}

/// Deletes an upload. The caller gives its parts to an object, or removes them ([`remove`]).
pub fn delete(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    key: &ObjectKey,
    id: &UploadId,
) -> Result<(), Fault> {
    let sql = "DELETE FROM multipart_upload
        WHERE account_id = $1 AND bucket_name = $2 AND object_key = $3 AND id = $4";
    tx.write(sql, &[text(account_id), text(bucket_name), text(key), text(id)])
}

/// Deletes an upload, and leaves its parts to be deleted.
pub fn remove(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    key: &ObjectKey,
    id: &UploadId,
) -> Result<(), Fault> {
    delete(tx, account_id, bucket_name, key, id)?;
    removed_upload::insert(tx, account_id, bucket_name, id)
}

/// Adds or replaces the part with this number, and unlinks the file of the one before.
pub fn put_part(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    upload_id: &UploadId,
    part: &Part,
) -> Result<(), Fault> {
    let place =
        [text(account_id), text(bucket_name), text(upload_id), i64::from(part.number).into()];
    unlink_part(tx, &place)?;
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
        column::size(part.size)?,
        text(&part.etag),
        text(part.checksum.algorithm.as_str()),
        text(&part.checksum.value),
        part.modified_at_ms.into(),
    ];
    tx.execute(sql, &values).map(drop)
}

/// Lists parts by number: at most `limit` after the number `after`.
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

/// Finds the files that hold the byte range `wanted` of an object, with the range within each file.
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
        column::size(wanted.start)?,
        column::size(wanted.end)?,
    ];
    let places = read.query(sql, &values, |row| {
        Ok((
            row.parse("blob_id")?,
            column::parse_size(row, "size_bytes")?,
            column::parse_size(row, "end_byte")?,
        ))
    })?;
    let within = |(blob_id, size, end): (BlobId, u64, u64)| {
        let start = end.saturating_sub(size);
        let last = wanted.end.min(end);
        (blob_id, wanted.start.saturating_sub(start)..last.saturating_sub(start))
    };
    Ok(places.into_iter().map(within).collect())
}

/// Deletes one part, and unlinks its file.
pub fn delete_part(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    upload_id: &UploadId,
    number: u32,
) -> Result<(), Fault> {
    let place = [text(account_id), text(bucket_name), text(upload_id), i64::from(number).into()];
    unlink_part(tx, &place)?;
    let sql = "DELETE FROM object_part
        WHERE account_id = $1 AND bucket_name = $2 AND upload_id = $3 AND part_number = $4";
    tx.execute(sql, &place).map(drop)
}

/// Unlinks the file of a part, if the part exists.
fn unlink_part(tx: &mut Tx<'_>, place: &[Value; 4]) -> Result<(), Fault> {
    let sql = "INSERT INTO unlinked_file (blob_id, unlinked_at_ms)
        SELECT blob_id, CAST($5 AS BIGINT) FROM object_part
        WHERE account_id = $1 AND bucket_name = $2 AND upload_id = $3 AND part_number = $4
        ON CONFLICT (blob_id) DO NOTHING";
    let [account_id, bucket_name, upload_id, number] = place.clone();
    let values = [account_id, bucket_name, upload_id, number, tx.now_ms().into()];
    tx.execute(sql, &values).map(drop)
}

fn upload(row: &Row) -> Result<Upload, Fault> {
    Ok(Upload {
        id: row.parse("id")?,
        key: row.parse("object_key")?,
        checksum_algorithm: row.parse("checksum_algorithm")?,
        checksum_kind: row.parse("checksum_kind")?,
        description: column::parse_description(row)?,
        initiated_at_ms: row.integer("initiated_at_ms")?,
    })
}

fn part(row: &Row) -> Result<Part, Fault> {
    Ok(Part {
        number: u32::try_from(row.integer("part_number")?)
            .map_err(|why| Fault::broken_at("reading the number of a part", why))?,
        blob_id: row.parse("blob_id")?,
        size: column::parse_size(row, "size_bytes")?,
        etag: row.text("etag")?.to_owned(),
        checksum: Checksum {
            algorithm: row.parse("checksum_algorithm")?,
            kind: ChecksumKind::FullObject,
            value: row.text("checksum")?.to_owned(),
        },
        modified_at_ms: row.integer("modified_at_ms")?,
    })
}
