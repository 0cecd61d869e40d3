//! Tags in requests, for every service with tags.

use std::collections::HashSet;

use model::Fault;
use model::tag::Tag;
use protocol::Fields;

/// Reads `Tags`: at most `tags_max`, with distinct keys.
pub fn read_tags(fields: &Fields<'_>, tags_max: usize) -> Result<Option<Vec<Tag>>, Fault> {
    let Some(items) = fields.objects("Tags", 0..=tags_max)? else { return Ok(None) };
    let mut keys = HashSet::new();
    let mut tags = Vec::with_capacity(items.len());
    for item in items {
        let tag = Tag { key: item.required("Key")?, value: item.required("Value")? };
        if !keys.insert(tag.key.clone()) {
            return Err(item.invalid("Key", "not be the key of another tag in the list"));
        }
        tags.push(tag);
    }
    Ok(Some(tags))
}

/// Lists the keys of tags, for the audit log.
pub fn keys(tags: &[Tag]) -> impl Iterator<Item = &str> {
    tags.iter().map(|tag| tag.key.as_str())
}
