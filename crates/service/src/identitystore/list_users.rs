//! AWS Identity Store, `ListUsers`.

use model::Fault;
use model::ids::IdentityStoreId;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{instance, user};

use super::user_reply::UserReply;
use super::{ALL_USERS, Filter, authorize, extension_name};
use crate::Ctx;
use crate::page::Page;

#[derive(Debug)]
pub struct ListUsersRequest {
    pub identity_store_id: IdentityStoreId,
    pub filter: Option<Filter>,
    pub with_extensions: bool,
    pub page: Page,
}

impl FromFields for ListUsersRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            filter: Filter::read(fields, "UserName", "be UserName")?,
            with_extensions: extension_name::read(fields)?,
            page: Page::from_fields(fields)?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListUsersReply {
    pub users: Vec<UserReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// A page of the users of an identity store, by name; or the one whose name is asked for.
pub fn list_users(ctx: &Ctx<'_>, request: &ListUsersRequest) -> Result<ListUsersReply, Fault> {
    let store_id = &request.identity_store_id;
    let all = ALL_USERS.to_owned();
    let permit = authorize(ctx, "identitystore:ListUsers", store_id, [all])?;
    let mut read = ctx.read(&permit)?;
    instance::require_store(&mut read, store_id)?;

    let filter = request.filter.as_ref().map_or("", Filter::value);
    let query = format!("ListUsers {store_id} {filter}");
    let [after] = request.page.after(ctx, &query, [""])?;
    let rows = match &request.filter {
        // One user has the name or none, and neither has a second page.
        Some(filter) => Vec::from_iter(user::find_by_name(&mut read, store_id, filter.value())?),
        None => user::list(&mut read, store_id, &after, request.page.limit())?,
    };
    let page = request.page.of(ctx, &query, rows, |user| [user.user_name.key()]);
    let users = page.rows.into_iter().map(|user| UserReply::new(user, request.with_extensions));
    Ok(ListUsersReply { users: users.collect(), next_token: page.next_token })
}
