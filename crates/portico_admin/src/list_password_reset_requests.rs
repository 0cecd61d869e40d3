//! `PorticoAdmin.ListPasswordResetRequests`.

use std::fmt::Display;

use kernel::identity_store::{require_store, resources};
use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::IdentityStoreId;
use model::password::PasswordResetRequest;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::password_reset_request;

use super::password_reset_request::RequestReply;

pub const OPERATION: Operation<ListPasswordResetRequestsRequest, ListPasswordResetRequestsReply> =
    Operation::reads(
        "PorticoAdmin.ListPasswordResetRequests",
        "portico:ListPasswordResetRequests",
        list_password_reset_requests,
    );

#[derive(Debug)]
pub struct ListPasswordResetRequestsRequest {
    pub identity_store_id: IdentityStoreId,
    pub page: Page,
}

impl FromFields for ListPasswordResetRequestsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            page: Page::from_fields(fields)?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListPasswordResetRequestsReply {
    pub password_reset_requests: Vec<RequestReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Lists a page of the requests that have not expired, confirmed or not.
pub fn list_password_reset_requests(
    ctx: &Ctx<'_>,
    request: &ListPasswordResetRequestsRequest,
) -> Result<ListPasswordResetRequestsReply, Fault> {
    let store_id = &request.identity_store_id;
    let permit = ctx.authorize_all(OPERATION.action, &resources(ctx, store_id, []))?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;
    let rows = |[after]: [String; 1], limit| {
        password_reset_request::list(&mut read, store_id, ctx.now_ms(), &after, limit)
    };
    let key = |request: &PasswordResetRequest| [request.id.to_string()];
    let narrowed_by: [&dyn Display; 1] = [store_id];
    let page = request.page.read(ctx, &OPERATION, &narrowed_by, [""], rows, key)?;
    Ok(ListPasswordResetRequestsReply {
        password_reset_requests: page.rows.iter().map(RequestReply::new).collect(),
        next_token: page.next_token,
    })
}
