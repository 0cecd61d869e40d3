//! Objects of the local account store: their metadata and the files that hold their bytes.

use model::bucket::BucketName;
use model::ids::AccountId;
use model::object::{BlobId, Checksum, ChecksumKind, Content, Description, Object, ObjectKey};
use model::{Fault, ObjectsEntity};

use crate::row::text;
use crate::{Read, Row, Tx, Value, bucket, column, removed_upload, unlinked_file};

/// The columns of an entry, which [`entry`] reads.
macro_rules! entry_columns {
    () => {
        "object_key, size_bytes, etag, checksum_algorithm, checksum_kind, checksum, \
         modified_at_ms"
    };
}

/// Object in a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    pub key: ObjectKey,
    pub size: u64,
    pub etag: String,
    pub checksum: Checksum,
    pub modified_at_ms: i64,
}

/// Finds the object in the account's bucket.
pub fn find(
    read: &mut Read<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    key: &ObjectKey,
) -> Result<Option<Object>, Fault> {
    let sql = concat!(
        "SELECT blob_id, upload_id, part_count, description, ",
        entry_columns!(),
        " FROM object
        WHERE account_id = $1 AND bucket_name = $2 AND object_key = $3"
    );
    let found = read.query_one(sql, &[text(account_id), text(bucket_name), text(key)], object)?;
    if found.is_none() {
        // The bucket is checked second, because most requests are for existing objects.
        bucket::require(read, account_id, bucket_name)?;
    }
    Ok(found)
}

/// Returns the object, or `NotFound`.
pub fn require(
    read: &mut Read<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    key: &ObjectKey,
) -> Result<Object, Fault> {
    find(read, account_id, bucket_name, key)?
        .ok_or_else(|| Fault::not_found(ObjectsEntity::Object, key))
}

/// Adds or replaces the object with this key, and unlinks the files of the one before.
pub fn put(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    object: &Object,
    before: Option<&Object>,
) -> Result<(), Fault> {
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
        column::size(object.size)?,
        text(&object.etag),
        text(object.checksum.algorithm.as_str()),
        text(object.checksum.kind.as_str()),
        text(&object.checksum.value),
        column::description(&object.description)?,
        object.modified_at_ms.into(),
    ];
    tx.execute(sql, &values)?;
    before.map_or(Ok(()), |before| unlink_content(tx, account_id, bucket_name, before))
}

/// Replaces the description of an object.
pub fn describe(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    key: &ObjectKey,
    description: &Description,
) -> Result<(), Fault> {
    let sql = "UPDATE object SET description = $4
        WHERE account_id = $1 AND bucket_name = $2 AND object_key = $3";
    let description = column::description(description)?;
    let values = [text(account_id), text(bucket_name), text(key), description];
    match tx.execute(sql, &values)? {
        0 => Err(Fault::not_found(ObjectsEntity::Object, key)),
        _ => Ok(()),
    }
}

/// Deletes an existing object, and unlinks its files.
pub fn delete(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    object: &Object,
) -> Result<(), Fault> {
    let sql = "DELETE FROM object
        WHERE account_id = $1 AND bucket_name = $2 AND object_key = $3";
    tx.execute(sql, &[text(account_id), text(bucket_name), text(&object.key)])?;
    unlink_content(tx, account_id, bucket_name, object)
}

fn unlink_content(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    object: &Object,
) -> Result<(), Fault> {
    match &object.content {
        Content::Blob(id) => unlinked_file::insert(tx, id),
        Content::Parts { upload_id, .. } => {
            removed_upload::insert(tx, account_id, bucket_name, upload_id)
        }
    }
}

/// Lists objects by key: at most `limit`, from the key `from` to before `below`.
pub fn list(
    read: &mut Read<'_>,
    account_id: &AccountId,
    bucket_name: &BucketName,
    from: &str,
    below: &str,
    limit: i64,
) -> Result<Vec<Entry>, Fault> {
    let sql = concat!(
        "SELECT ",
        entry_columns!(),
        " FROM object
        WHERE account_id = $1 AND bucket_name = $2 AND object_key >= $3 AND object_key < $4
        ORDER BY object_key
        LIMIT $5"
    );
    let values = [text(account_id), text(bucket_name), text(from), text(below), limit.into()];
    read.query(sql, &values, entry)
}

/// File that a row names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NamedFile {
    pub id: BlobId,
    /// Number of bytes. `None` for a file that is unlinked.
    pub size: Option<u64>,
    /// The checksum of its bytes. `None` for a file that is unlinked.
    pub checksum: Option<Checksum>,
}

/// Lists the files with names from `from` to before `below`, by name: of objects, of parts, and those that are unlinked.
pub fn files_between(
    read: &mut Read<'_>,
    from: &str,
    below: &str,
) -> Result<Vec<NamedFile>, Fault> {
    let sql = "SELECT blob_id, size_bytes, checksum_algorithm, checksum
        FROM object WHERE blob_id >= $1 AND blob_id < $2
        UNION ALL
        SELECT blob_id, size_bytes, checksum_algorithm, checksum
        FROM object_part WHERE blob_id >= $1 AND blob_id < $2
        UNION ALL
        SELECT blob_id, CAST(NULL AS BIGINT), CAST(NULL AS TEXT), CAST(NULL AS TEXT)
        FROM unlinked_file
        WHERE blob_id >= $1 AND blob_id < $2
        ORDER BY blob_id";
    read.query(sql, &[text(from), text(below)], |row| {
        let id = row.parse("blob_id")?;
        if row.is_null("size_bytes")? {
            return Ok(NamedFile { id, size: None, checksum: None });
        }
        let size = Some(column::parse_size(row, "size_bytes")?);
        let checksum = Checksum {
            algorithm: row.parse("checksum_algorithm")?,
            kind: ChecksumKind::FullObject,
            value: row.text("checksum")?.to_owned(),
        };
        Ok(NamedFile { id, size, checksum: Some(checksum) })
    })
}

/// Lists the files of some objects: at most `limit`, always the same ones while they exist.
pub fn some_blobs(read: &mut Read<'_>, limit: i64) -> Result<Vec<BlobId>, Fault> {
    let sql = "SELECT blob_id FROM object WHERE blob_id > '' ORDER BY blob_id LIMIT $1";
    read.query(sql, &[limit.into()], |row| row.parse("blob_id"))
}

fn object(row: &Row) -> Result<Object, Fault> {
    let Entry { key, size, etag, checksum, modified_at_ms } = entry(row)?;
    let content = match (row.parse_or_null("blob_id")?, row.parse_or_null("upload_id")?) {
        (Some(blob_id), None) => Content::Blob(blob_id),
        (None, Some(upload_id)) => Content::Parts {
            upload_id,
            count: u32::try_from(row.integer("part_count")?)
                .map_err(|why| Fault::broken_at("reading the number of parts of an object", why))?,
        },
        (Some(_), Some(_)) | (None, None) => {
            return Err(Fault::broken("an object is in one file or in parts"));
        }
    };
    let description = column::parse_description(row)?;
    Ok(Object { key, content, size, etag, checksum, description, modified_at_ms })
}

fn entry(row: &Row) -> Result<Entry, Fault> {
    Ok(Entry {
        key: row.parse("object_key")?,
        size: column::parse_size(row, "size_bytes")?,
        etag: row.text("etag")?.to_owned(),
        checksum: Checksum {
            algorithm: row.parse("checksum_algorithm")?,
            kind: row.parse("checksum_kind")?,
            value: row.text("checksum")?.to_owned(),
        },
        modified_at_ms: row.integer("modified_at_ms")?,
    })
}
