//! IAM Identity Center, `UntagResource`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::tag::{TAGS_MAX, TagKey};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::tag;

use super::tags::Taggable;

pub const OPERATION: Operation<UntagResourceRequest, NoReply> =
    Operation::writes("SWBExternalService.UntagResource", "sso:UntagResource", untag_resource);

#[derive(Debug)]
pub struct UntagResourceRequest {
    pub resource: Taggable,
    pub tag_keys: Vec<TagKey>,
}

impl FromFields for UntagResourceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let keys = fields.strings("TagKeys", 1..=TAGS_MAX)?;
        Ok(Self {
            resource: Taggable::from_fields(fields)?,
            tag_keys: keys.ok_or_else(|| fields.missing("TagKeys"))?,
        })
    }
}

/// Removes tags. Removing a missing key succeeds.
pub fn untag_resource(ctx: &Ctx<'_>, request: &UntagResourceRequest) -> Result<NoReply, Fault> {
    let UntagResourceRequest { resource, tag_keys } = request;
    let permit = ctx.authorize(OPERATION.action, &resource.resource())?;
    let mut tx = ctx.begin(permit)?;
    resource.require(&mut tx)?;
    tag::delete(&mut tx, resource.instance_id(), &resource.to_string(), tag_keys)?;
    let keys = tag_keys.iter().map(TagKey::as_str);
    tx.commit(&AuditEvent::new().asked("resourceArn", resource).asked_list("tagKeys", keys))?;
    Ok(NoReply {})
}
