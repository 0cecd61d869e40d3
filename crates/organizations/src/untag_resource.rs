//! AWS Organizations, `UntagResource`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::tag::{ORGANIZATION_TAGS_MAX, TagKey};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::organization_tag;

use super::taggable::Taggable;

pub const OPERATION: Operation<UntagResourceRequest, NoReply> = Operation::writes(
    "AWSOrganizationsV20161128.UntagResource",
    "organizations:UntagResource",
    untag_resource,
);

#[derive(Debug)]
pub struct UntagResourceRequest {
    pub resource: Taggable,
    pub tag_keys: Vec<TagKey>,
}

impl FromFields for UntagResourceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let keys = fields.strings("TagKeys", 0..=ORGANIZATION_TAGS_MAX)?;
        Ok(Self {
            resource: fields.required("ResourceId")?,
            tag_keys: keys.ok_or_else(|| fields.missing("TagKeys"))?,
        })
    }
}

/// Removes tags. Removing a missing key succeeds.
pub fn untag_resource(ctx: &Ctx<'_>, request: &UntagResourceRequest) -> Result<NoReply, Fault> {
    let UntagResourceRequest { resource, tag_keys } = request;
    let permit = ctx.authorize(OPERATION.action, &resource.resource(ctx)?)?;
    let mut tx = ctx.begin(permit)?;
    resource.require(&mut tx)?;
    organization_tag::delete(&mut tx, &resource.to_string(), tag_keys)?;
    let keys = tag_keys.iter().map(TagKey::as_str);
    tx.commit(&AuditEvent::new().asked("resourceId", resource).asked_list("tagKeys", keys))?;
    Ok(NoReply {})
}
