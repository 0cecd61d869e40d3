//! Console, a page of users as a type, under the permission of `ListUsers`.
//!
//! `ListUsers` answers with JSON that the database stores. A page needs a few members of it.

use kernel::identity_store::require_store;
use kernel::page::{Page, Paged};
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::IdentityStoreId;
use model::user::User;
use store::user;

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
    require_store(ctx, &mut read, store_id)?;
    let rows = |[after]: [String; 1], limit| user::list(&mut read, store_id, &after, limit);
    let key = |user: &User| [user.user_name.key()];
    page.read(ctx, &OPERATION, &[store_id], [""], rows, key)
}
