//! IAM Identity Center, `ListTagsForResource`.

use kernel::page::Page;
use kernel::reply::TagReply;
use kernel::{Ctx, Operation};
use model::Fault;
use model::tag::Tag;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::tag;

use super::access::page_of;
use super::tags::Taggable;

pub const OPERATION: Operation<ListTagsForResourceRequest, ListTagsForResourceReply> =
    Operation::reads(
        "SWBExternalService.ListTagsForResource",
        "sso:ListTagsForResource",
        list_tags_for_resource,
    );

#[derive(Debug)]
pub struct ListTagsForResourceRequest {
    pub resource: Taggable,
    /// Page to list. AWS: the service model has no `MaxResults` here.
    pub page: Page,
}

impl FromFields for ListTagsForResourceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { resource: Taggable::from_fields(fields)?, page: page_of(fields)? })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListTagsForResourceReply {
    pub tags: Vec<TagReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Lists a page of the tags of a resource, by key.
pub fn list_tags_for_resource(
    ctx: &Ctx<'_>,
    request: &ListTagsForResourceRequest,
) -> Result<ListTagsForResourceReply, Fault> {
    let ListTagsForResourceRequest { resource, page } = request;
    let permit = ctx.authorize(OPERATION.action, &resource.resource())?;
    let mut read = ctx.read(&permit)?;
    resource.require(&mut read)?;

    let arn = resource.to_string();
    let instance_id = resource.instance_id();
    let rows = |[after]: [String; 1], limit| tag::list(&mut read, instance_id, &arn, &after, limit);
    let key = |tag: &Tag| [tag.key.to_string()];
    let paged = page.read(ctx, &OPERATION, &[&arn], [""], rows, key)?;
    let tags = paged.rows.iter().map(TagReply::from).collect();
    Ok(ListTagsForResourceReply { tags, next_token: paged.next_token })
}
