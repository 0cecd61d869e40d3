//! Tags on accounts and on the root of the organisation.

use model::Fault;
use model::tag::{ORGANIZATION_TAGS_MAX, Tag, TagKey};

use crate::row::text;
use crate::{Read, Row, Tx};

/// Adds or replaces tags by key.
pub fn put(tx: &mut Tx<'_>, resource_id: &str, tags: &[Tag]) -> Result<(), Fault> {
    let sql = "INSERT INTO organization_tag (resource_id, tag_key, tag_value)
        VALUES ($1, $2, $3)
        ON CONFLICT (resource_id, tag_key) DO UPDATE SET tag_value = $3";
    for Tag { key, value } in tags {
        tx.execute(sql, &[text(resource_id), text(key), text(value)])?;
    }
    if list(tx, resource_id, "", i64::MAX)?.len() <= ORGANIZATION_TAGS_MAX {
        return Ok(());
    }
    Err(Fault::Quota { limit: format!("{ORGANIZATION_TAGS_MAX} tags on a resource").into() })
}

/// Deletes tags. Deleting a missing key succeeds.
pub fn delete(tx: &mut Tx<'_>, resource_id: &str, keys: &[TagKey]) -> Result<(), Fault> {
    let sql = "DELETE FROM organization_tag WHERE resource_id = $1 AND tag_key = $2";
    for key in keys {
        tx.execute(sql, &[text(resource_id), text(key)])?;
    }
    Ok(())
}

/// Lists tags of a resource by key: at most `limit` after the key `after`.
pub fn list(
    read: &mut Read<'_>,
    resource_id: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Tag>, Fault> {
    let sql = "SELECT tag_key, tag_value FROM organization_tag
        WHERE resource_id = $1 AND tag_key > $2
        ORDER BY tag_key
        LIMIT $3";
    let values = [text(resource_id), text(after), limit.into()];
    read.query(sql, &values, |row: &Row| {
        Ok(Tag { key: row.parse("tag_key")?, value: row.parse("tag_value")? })
    })
}
