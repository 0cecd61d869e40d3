//! AWS Organizations, `TagResource`.

use kernel::reply::NoReply;
use kernel::tags::{keys, read_tags};
use kernel::{Ctx, Operation};
use model::tag::{ORGANIZATION_TAGS_MAX, Tag};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::organization_tag;

use super::taggable::Taggable;

pub const OPERATION: Operation<TagResourceRequest, NoReply> = Operation::writes(
    "AWSOrganizationsV20161128.TagResource",
    "organizations:TagResource",
    tag_resource,
);

#[derive(Debug)]
pub struct TagResourceRequest {
    pub resource: Taggable,
    pub tags: Vec<Tag>,
}

impl FromFields for TagResourceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let tags = read_tags(fields, ORGANIZATION_TAGS_MAX)?;
        Ok(Self {
            resource: fields.required("ResourceId")?,
            tags: tags.ok_or_else(|| fields.missing("Tags"))?,
        })
    }
}

/// Sets tags of an account or of the root. A tag with an existing key replaces the old one.
pub fn tag_resource(ctx: &Ctx<'_>, request: &TagResourceRequest) -> Result<NoReply, Fault> {
    let TagResourceRequest { resource, tags } = request;
    let permit = ctx.authorize(OPERATION.action, &resource.resource(ctx)?)?;
    let mut tx = ctx.begin(permit)?;
    resource.require(&mut tx)?;
    organization_tag::put(&mut tx, &resource.to_string(), tags)?;
    tx.commit(&AuditEvent::new().asked("resourceId", resource).asked_list("tagKeys", keys(tags)))?;
    Ok(NoReply {})
}
