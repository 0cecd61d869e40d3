//! Buckets of the local account store.

use std::collections::BTreeMap;

use model::bucket::{Bucket, BucketName};
use model::ids::AccountId;
use model::{Fault, ObjectsEntity};

use crate::row::{text, text_or_null};
use crate::{Read, Row, Tx};

/// The columns of a bucket, which [`bucket`] reads.
macro_rules! bucket_columns {
    () => {
        "name, account_id, region, created_at_ms"
    };
}

/// Reason of a refusal that does not come from a policy.
const ANOTHERS: &str = "the bucket belongs to another account";

/// Adds a bucket. If the name is taken, returns the existing bucket unchanged.
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

/// Finds the bucket with this name, in any account.
pub fn find(read: &mut Read<'_>, name: &BucketName) -> Result<Option<Bucket>, Fault> {
    let sql = concat!("SELECT ", bucket_columns!(), " FROM bucket WHERE name = $1");
    read.query_one(sql, &[text(name)], bucket)
}

/// Returns the bucket if the account owns it.
///
/// AWS: a bucket of another account is refused, and thereby known to exist.
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

/// Selects buckets of an account.
#[derive(Clone, Copy, Debug)]
pub struct Which<'a> {
    /// Region of the buckets; the empty text for those of all Regions.
    pub region: &'a str,
    /// First name that may be listed.
    pub from: &'a str,
    /// Name before which the list ends.
    pub below: &'a str,
}

/// Lists at most `limit` of the selected buckets of the account by name.
pub fn list(
    read: &mut Read<'_>,
    account_id: &AccountId,
    which: Which<'_>,
    limit: i64,
) -> Result<Vec<Bucket>, Fault> {
    let sql = concat!(
        "SELECT ",
        bucket_columns!(),
        " FROM bucket
        WHERE account_id = $1 AND name >= $2 AND name < $3 AND ($4 = '' OR region = $4)
        ORDER BY name
        LIMIT $5"
    );
    let Which { region, from, below } = which;
    let values = [text(account_id), text(from), text(below), text(region), limit.into()];
    read.query(sql, &values, bucket)
}

/// Counts the buckets of the account.
pub fn count(read: &mut Read<'_>, account_id: &AccountId) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) AS count FROM bucket WHERE account_id = $1";
    Ok(read.query_one(sql, &[text(account_id)], |row| row.integer("count"))?.unwrap_or_default())
}

/// Returns the tags of a bucket; `None` if it has no set of tags.
pub fn tags(
    read: &mut Read<'_>,
    account_id: &AccountId,
    name: &BucketName,
) -> Result<Option<BTreeMap<String, String>>, Fault> {
    let sql = "SELECT tags FROM bucket WHERE account_id = $1 AND name = $2";
    let written = read.query_one(sql, &[text(account_id), text(name)], |row| {
        Ok(row.text_or_null("tags")?.map(str::to_owned))
    })?;
    let parse = |json: String| {
        serde_json::from_str(&json).map_err(|why| Fault::broken_at("reading a bucket's tags", why))
    };
    written.flatten().map(parse).transpose()
}

/// Replaces the tags of a bucket. `None` removes its set of tags.
pub fn replace_tags(
    tx: &mut Tx<'_>,
    account_id: &AccountId,
    name: &BucketName,
    tags: Option<&BTreeMap<String, String>>,
) -> Result<(), Fault> {
    let json = tags.map(serde_json::to_string).transpose();
    let json = json.map_err(|why| Fault::broken_at("writing a bucket's tags", why))?;
    let sql = "UPDATE bucket SET tags = $3 WHERE account_id = $1 AND name = $2";
    tx.write(sql, &[text(account_id), text(name), text_or_null(json.as_ref())])
}

/// Fails if the bucket has objects.
pub fn require_empty(
    read: &mut Read<'_>,
    account_id: &AccountId,
    name: &BucketName,
) -> Result<(), Fault> {
    let sql = "SELECT object_key FROM object WHERE account_id = $1 AND bucket_name = $2 LIMIT 1";
    match read.query_one(sql, &[text(account_id), text(name)], |_| Ok(()))? {
        None => Ok(()),
        Some(()) => Err(not_empty()),
    }
}

fn not_empty() -> Fault {
    Fault::conflict("The bucket is not empty. Delete its objects first.")
}

/// Deletes a bucket of the account without objects, uploads and parts of them.
pub fn delete(tx: &mut Tx<'_>, account_id: &AccountId, name: &BucketName) -> Result<(), Fault> {
    let sql = "DELETE FROM bucket
        WHERE account_id = $1 AND name = $2
            AND NOT EXISTS
                (SELECT 1 FROM object WHERE account_id = $1 AND bucket_name = $2)";
    match tx.execute(sql, &[text(account_id), text(name)])? {
        0 => Err(not_empty()),
        _ => Ok(()),
    }
}

fn bucket(row: &Row) -> Result<Bucket, Fault> {
    Ok(Bucket {
        name: row.parse("name")?,
        account_id: row.parse("account_id")?,
        region: row.text("region")?.to_owned(),
        created_at_ms: row.integer("created_at_ms")?,
    })
}
