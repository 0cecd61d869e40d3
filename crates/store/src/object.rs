//! Objects of the local account store: what is known of them, and the files that hold them.

use std::collections::HashSet;

use model::bucket::BucketName;
use model::ids::AccountId;
use model::object::{BlobId, Checksum, Content, Description, Object, ObjectKey};
use model::{Fault, ObjectsEntity};

use crate::row::text;
use crate::{Read, Row, Tx, Value, bucket, multipart};

/// What a listing says of an object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    pub key: ObjectKey,
    pub size: u64,
    pub etag: String,
    pub checksum: Checksum,
    pub modified_at_ms: i64,
}

/// The object, if the account's bucket has it.
pub fn find(
    read: &mut Read<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    key: &ObjectKey,
) -> Result<Option<Object>, Fault> {
    let sql = "SELECT object_key, size_bytes, etag, checksum_algorithm, checksum_kind, checksum,
            modified_at_ms, blob_id, upload_id, part_count, description
        FROM object
        WHERE account_id = $1 AND bucket_name = $2 AND object_key = $3";
    let found = read.query_one(sql, &[text(account_id), text(bucket_name), text(key)], object)?;
    if found.is_none() {
        // Asked second, because nearly everyone asks for what is there.
        bucket::require(read, account_id, bucket_name)?;
    }
    Ok(found)
}

/// The object, or the fault that there is none.
pub fn require(
    read: &mut Read<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    key: &ObjectKey,
) -> Result<Object, Fault> {
    find(read, account_id, bucket_name, key)?
        .ok_or_else(|| Fault::not_found(ObjectsEntity::Object, key))
}

/// Puts an object in place of the one with its key, if there is one, and returns the files that
/// no row names any more.
pub fn put(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    object: &Object,
    before: Option<&Object>,
) -> Result<Vec<BlobId>, Fault> {
    let sql = "INSERT INTO object
            (account_id, bucket_name, object_key, blob_id, upload_id, part_count, size_bytes, etag,
             checksum_algorithm, checksum_kind, checksum, description, modified_at_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (account_id, bucket_name, object_key) DO UPDATE SET
            blob_id = $4, upload_id = $5, part_count = $6, size_bytes = $7, etag = $8,
            checksum_algorithm = $9, checksum_kind = $10, checksum = $11, description = $12,
            modified_at_ms = $13";
    let (blob_id, upload_id, part_count) = match &object.content {
        Content::Blob(id) => (text(id), Value::Null, 0),
        Content::Parts { upload_id, count } => (Value::Null, text(upload_id), i64::from(*count)),
    };
    let values = [
        text(account_id),
        text(bucket_name),
        text(&object.key),
        blob_id,
        upload_id,
        part_count.into(),
        integer(object.size)?,
        text(&object.etag),
        text(object.checksum.algorithm.as_str()),
        text(object.checksum.kind.as_str()),
        text(&object.checksum.value),
        text(&description_text(&object.description)?),
        object.modified_at_ms.into(),
    ];
    tx.execute(sql, &values)?;
    before.map_or(Ok(Vec::new()), |before| let_go(tx, account_id, bucket_name, before))
}

/// Gives an object another description and nothing else.
pub fn describe(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    key: &ObjectKey,
    description: &Description,
) -> Result<(), Fault> {
    let sql = "UPDATE object SET description = $4
        WHERE account_id = $1 AND bucket_name = $2 AND object_key = $3";
    let description = text(&description_text(description)?);
    let values = [text(account_id), text(bucket_name), text(key), description];
    match tx.execute(sql, &values)? {
        0 => Err(Fault::not_found(ObjectsEntity::Object, key)),
        _ => Ok(()),
    }
}

/// Removes an object that is there, and returns the files that no row names any more.
pub fn delete(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    object: &Object,
) -> Result<Vec<BlobId>, Fault> {
    let sql = "DELETE FROM object
        WHERE account_id = $1 AND bucket_name = $2 AND object_key = $3";
    tx.execute(sql, &[text(account_id), text(bucket_name), text(&object.key)])?;
    let_go(tx, account_id, bucket_name, object)
}

fn let_go(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    object: &Object,
) -> Result<Vec<BlobId>, Fault> {
    match &object.content {
        Content::Blob(id) => Ok(vec![id.clone()]),
        Content::Parts { upload_id, .. } => {
            multipart::delete_parts(tx, account_id, bucket_name, upload_id)
        }
    }
}

/// Objects by key, at most `limit`, whose keys are at least `from` and below `below`.
pub fn list(
    read: &mut Read<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    from: &str,
    below: &str,
    limit: i64,
) -> Result<Vec<Entry>, Fault> {
    let sql = "SELECT object_key, size_bytes, etag, checksum_algorithm, checksum_kind, checksum,
            modified_at_ms
        FROM object
        WHERE account_id = $1 AND bucket_name = $2 AND object_key >= $3 AND object_key < $4
        ORDER BY object_key
        LIMIT $5";
    let values = [text(account_id), text(bucket_name), text(from), text(below), limit.into()];
    read.query(sql, &values, entry)
}

/// The files of objects and parts whose names are at least `from` and below `below`.
pub fn blobs_between(
    read: &mut Read<'_>,
    from: &str,
    below: &str,
) -> Result<HashSet<BlobId>, Fault> {
    let sql = "SELECT blob_id FROM object WHERE blob_id >= $1 AND blob_id < $2
        UNION ALL
        SELECT blob_id FROM object_part WHERE blob_id >= $1 AND blob_id < $2";
    Ok(read.query(sql, &[text(from), text(below)], |row| row.parse(0))?.into_iter().collect())
}

fn object(row: &Row) -> Result<Object, Fault> {
    let Entry { key, size, etag, checksum, modified_at_ms } = entry(row)?;
    let content = match (row.parse_or_null(7)?, row.parse_or_null(8)?) {
        (Some(blob_id), None) => Content::Blob(blob_id),
        (None, Some(upload_id)) => Content::Parts {
            upload_id,
            count: u32::try_from(row.integer(9)?).map_err(Fault::broken)?,
        },
        (Some(_), Some(_)) | (None, None) => {
            return Err(Fault::broken("an object is in one file or in parts"));
        }
    };
    let description = description(row, 10)?;
    Ok(Object { key, content, size, etag, checksum, description, modified_at_ms })
}

fn entry(row: &Row) -> Result<Entry, Fault> {
    Ok(Entry {
        key: row.parse(0)?,
        size: size(row, 1)?,
        etag: row.text(2)?.to_owned(),
        checksum: Checksum {
            algorithm: row.parse(3)?,
            kind: row.parse(4)?,
            value: row.text(5)?.to_owned(),
        },
        modified_at_ms: row.integer(6)?,
    })
}

pub(crate) fn size(row: &Row, column: usize) -> Result<u64, Fault> {
    u64::try_from(row.integer(column)?).map_err(Fault::broken)
}

pub(crate) fn integer(size: u64) -> Result<Value, Fault> {
    i64::try_from(size).map(Value::Integer).map_err(Fault::broken)
}

pub(crate) fn description(row: &Row, column: usize) -> Result<Description, Fault> {
    serde_json::from_str(row.text(column)?).map_err(Fault::broken)
}

pub(crate) fn description_text(description: &Description) -> Result<String, Fault> {
    serde_json::to_string(description).map_err(Fault::broken)
}
