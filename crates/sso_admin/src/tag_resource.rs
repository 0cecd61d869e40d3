//! IAM Identity Center, `TagResource`.

use kernel::reply::NoReply;
use kernel::tags::{keys, read_tags};
use kernel::{Ctx, Operation};
use model::tag::{TAGS_MAX, Tag};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::tag;

use super::tags::Taggable;

pub const OPERATION: Operation<TagResourceRequest, NoReply> =
    Operation::writes("SWBExternalService.TagResource", "sso:TagResource", tag_resource);

#[derive(Debug)]
pub struct TagResourceRequest {
    pub resource: Taggable,
    pub tags: Vec<Tag>,
}

impl FromFields for TagResourceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            resource: Taggable::from_fields(fields)?,
            tags: read_tags(fields, TAGS_MAX)?.ok_or_else(|| fields.missing("Tags"))?,
        })
    }
}

/// Sets tags. A tag with an existing key replaces the old one.
pub fn tag_resource(ctx: &Ctx<'_>, request: &TagResourceRequest) -> Result<NoReply, Fault> {
    let TagResourceRequest { resource, tags } = request;
    let permit = ctx.authorize(OPERATION.action, &resource.resource())?;
    let mut tx = ctx.begin(permit)?;
    resource.require(&mut tx)?;
    tag::put(&mut tx, resource.instance_id(), &resource.to_string(), tags)?;
    tx.commit(&AuditEvent::new().asked("resourceArn", resource).asked_list("tagKeys", keys(tags)))?;
    Ok(NoReply {})
}
