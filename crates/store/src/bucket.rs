//! Buckets of the local account store.

use model::bucket::{Bucket, BucketName};
use model::ids::AccountId;
use model::{Fault, ObjectsEntity};

use crate::row::text;
use crate::{Read, Row, Tx};

/// Why a caller may not use a bucket that the policies would allow.
const ANOTHERS: &str = "the bucket belongs to another account";

/// Adds a bucket, unless someone has one of this name: then it is left as it is, and returned.
pub fn insert(tx: &mut Tx<'_>, bucket: &Bucket) -> Result<Option<Bucket>, Fault> {
    let sql = "INSERT INTO bucket (name, account_id, region, created_at_ms)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING";
    let values = [
        text(&bucket.name),
        text(&bucket.account_id),
        text(&bucket.region),
        bucket.created_at_ms.into(),
    ];
    match tx.execute(sql, &values)? {
        1 => Ok(None),
        _ => find(tx, &bucket.name),
    }
}

/// The bucket of this name, whosesoever it is.
pub fn find(read: &mut Read<'_>, name: &BucketName) -> Result<Option<Bucket>, Fault> {
    let sql = "SELECT name, account_id, region, created_at_ms FROM bucket WHERE name = $1";
    read.query_one(sql, &[text(name)], bucket)
}

/// The bucket, if it is the account's.
///
/// Of another account's bucket the caller learns what AWS tells too, that they may not use it.
pub fn require(
    read: &mut Read<'_>,
    account_id: &AccountId,
    name: &BucketName,
) -> Result<Bucket, Fault> {
    match find(read, name)? {
        None => Err(Fault::not_found(ObjectsEntity::Bucket, name)),
        Some(bucket) if bucket.account_id == *account_id => Ok(bucket),
        Some(_) => Err(read.permit().refusal(ANOTHERS)),
    }
}

/// The account's buckets by name, at most `limit`, whose names are at least `from` and below
/// `below`.
pub fn list(
    read: &mut Read<'_>,
    account_id: &AccountId,
    from: &str,
    below: &str,
    limit: i64,
) -> Result<Vec<Bucket>, Fault> {
    let sql = "SELECT name, account_id, region, created_at_ms FROM bucket
        WHERE account_id = $1 AND name >= $2 AND name < $3
        ORDER BY name
        LIMIT $4";
    read.query(sql, &[text(account_id), text(from), text(below), limit.into()], bucket)
}

/// How many buckets the account has.
pub fn count(read: &mut Read<'_>, account_id: &AccountId) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) FROM bucket WHERE account_id = $1";
    Ok(read.query_one(sql, &[text(account_id)], |row| row.integer(0))?.unwrap_or_default())
}

/// Removes an empty bucket of the account.
pub fn delete(tx: &mut Tx<'_>, account_id: &AccountId, name: &BucketName) -> Result<(), Fault> {
    let sql = "DELETE FROM bucket
        WHERE account_id = $1 AND name = $2
            AND NOT EXISTS
                (SELECT 1 FROM object WHERE account_id = $1 AND bucket_name = $2)";
    match tx.execute(sql, &[text(account_id), text(name)])? {
        0 => Err(Fault::conflict("The bucket is not empty. Delete its objects first.")),
        _ => Ok(()),
    }
}

fn bucket(row: &Row) -> Result<Bucket, Fault> {
    Ok(Bucket {
        name: row.parse(0)?,
        account_id: row.parse(1)?,
        region: row.text(2)?.to_owned(),
        created_at_ms: row.integer(3)?,
    })
}
