//! Tags on the resources of an instance.

use model::Fault;
use model::ids::InstanceId;
use model::tag::{TAGS_MAX, Tag, TagKey};

use crate::row::text;
use crate::{Read, Row, Tx};

/// Adds or replaces tags by key.
pub fn put(
    tx: &mut Tx<'_>,
    instance_id: &InstanceId,
    resource_arn: &str,
    tags: &[Tag],
) -> Result<(), Fault> {
    let sql = "INSERT INTO tag (instance_id, resource_arn, tag_key, tag_value)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (instance_id, resource_arn, tag_key) DO UPDATE SET tag_value = $4";
    for Tag { key, value } in tags {
        let values = [text(instance_id), text(resource_arn), text(key), text(value)];
        tx.execute(sql, &values)?;
    }
    let count = "SELECT COUNT(*) AS count FROM tag WHERE instance_id = $1 AND resource_arn = $2";
    let values = [text(instance_id), text(resource_arn)];
    let count = tx.query_one(count, &values, |row| row.integer("count"))?.unwrap_or(0);
    if usize::try_from(count).is_ok_and(|count| count <= TAGS_MAX) {
        return Ok(());
    }
    Err(Fault::Quota { limit: format!("{TAGS_MAX} tags on a resource").into() })
}

/// Deletes tags. Deleting a missing key succeeds.
pub fn delete(
    tx: &mut Tx<'_>,
    instance_id: &InstanceId,
    resource_arn: &str,
    keys: &[TagKey],
) -> Result<(), Fault> {
    let sql = "DELETE FROM tag WHERE instance_id = $1 AND resource_arn = $2 AND tag_key = $3";
    for key in keys {
        tx.execute(sql, &[text(instance_id), text(resource_arn), text(key)])?;
    }
    Ok(())
}

/// Deletes all tags of a resource, when the resource is deleted.
pub fn delete_all(
    tx: &mut Tx<'_>,
    instance_id: &InstanceId,
    resource_arn: &str,
) -> Result<(), Fault> {
    let sql = "DELETE FROM tag WHERE instance_id = $1 AND resource_arn = $2";
    tx.write(sql, &[text(instance_id), text(resource_arn)])
}

/// Lists tags of a resource by key: at most `limit` after the key `after`.
pub fn list(
    read: &mut Read<'_>,
    instance_id: &InstanceId,
    resource_arn: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Tag>, Fault> {
    let sql = "SELECT tag_key, tag_value FROM tag
        WHERE instance_id = $1 AND resource_arn = $2 AND tag_key > $3
        ORDER BY tag_key
        LIMIT $4";
    let values = [text(instance_id), text(resource_arn), text(after), limit.into()];
    read.query(sql, &values, |row: &Row| {
        Ok(Tag { key: row.parse("tag_key")?, value: row.parse("tag_value")? })
    })
}
