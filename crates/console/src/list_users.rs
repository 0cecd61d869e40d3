//! Console, a page of users as a type, under the permission of `ListUsers`.
//!
//! `ListUsers` answers with JSON that the database stores. A page needs a few members of it.

use kernel::page::{Page, Paged};
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::IdentityStoreId;
use model::user::User;
use store::{instance, user};

pub const OPERATION: Operation<ListUsersRequest, Paged<User>> =
    Operation::reads("Console.ListUsers", identitystore::list_users::OPERATION.action, list_users);

#[derive(Debug)]
pub struct ListUsersRequest {
    pub identity_store_id: IdentityStoreId,
    pub page: Page,
}

/// Lists a page of the users of an identity store by name.
pub fn list_users(ctx: &Ctx<'_>, request: &ListUsersRequest) -> Result<Paged<User>, Fault> {
    let ListUsersRequest { identity_store_id: store_id, page } = request;
    let permit = identitystore::list_users::authorize_list(ctx, store_id)?;
    let mut read = ctx.read(&permit)?;
    instance::require_store(&mut read, store_id)?;
    let query = format!("{} {store_id}", OPERATION.name);
    let [after] = page.after(ctx, &query, [""])?;
    let rows = user::list(&mut read, store_id, &after, page.limit())?;
    Ok(page.of(ctx, &query, rows, |user| [user.user_name.key()]))
}
