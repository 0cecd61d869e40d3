//! AWS Identity Store, `ListUsers`.

use kernel::identity_store::require_store;
use kernel::page::Page;
use kernel::reply::WriteReply;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::IdentityStoreId;
use model::user::User;
use policy::Permit;
use protocol::{Fields, FromFields};
use store::user::{self, ListedUser};

use super::access::{ALL_USERS, authorize};
use super::user_reply::ShownText;
use super::{Filter, extension_name};

pub const OPERATION: Operation<ListUsersRequest, ListUsersReply> =
    Operation::reads("AWSIdentityStore.ListUsers", "identitystore:ListUsers", list_users);

#[derive(Debug)]
pub struct ListUsersRequest {
    pub identity_store_id: IdentityStoreId,
    pub filter: Option<Filter>,
    /// AWS: `Extensions`. True if the reply shall include the enterprise extension.
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

/// Page of users, each as JSON text.
#[derive(Debug)]
pub struct ListUsersReply {
    pub users: Vec<ShownText>,
    pub next_token: Option<String>,
}

impl WriteReply for ListUsersReply {
    fn write_json(&self, reply: &mut Vec<u8>) -> Result<(), Fault> {
        reply.reserve(self.users.iter().map(|user| user.as_str().len() + 1).sum::<usize>() + 256);
        reply.extend_from_slice(br#"{"Users":["#);
        for (number, user) in self.users.iter().enumerate() {
            if number > 0 {
                reply.push(b',');
            }
            user.write_json(reply)?;
        }
        reply.push(b']');
        if let Some(token) = &self.next_token {
            reply.extend_from_slice(br#","NextToken":"#);
            serde_json::to_writer(&mut *reply, token)
                .map_err(|why| Fault::broken_at("writing a token", why))?;
        }
        reply.push(b'}');
        Ok(())
    }
}

/// Lists a page of the users of an identity store by name, or the one user with the name in the
/// filter.
pub fn list_users(ctx: &Ctx<'_>, request: &ListUsersRequest) -> Result<ListUsersReply, Fault> {
    let store_id = &request.identity_store_id;
    let permit = authorize_list(ctx, store_id)?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;

    let filter = request.filter.as_ref().map_or("", Filter::value);
    let rows = |[after]: [String; 1], limit| match &request.filter {
        // At most one user has the name, so there is no second page.
        Some(filter) => {
            let found = user::find_by_name(&mut read, store_id, filter.value())?;
            found.into_iter().map(|user| listed(user, request)).collect()
        }
        None if request.with_extensions => {
            let found = user::list(&mut read, store_id, &after, limit)?;
            found.into_iter().map(|user| listed(user, request)).collect()
        }
        None => user::list_shown(&mut read, store_id, &after, limit),
    };
    let key = |user: &ListedUser| [user.user_name_key.clone()];
    let page = request.page.read(ctx, &OPERATION, &[store_id, &filter], [""], rows, key)?;
    let users = page.rows.into_iter().map(|user| ShownText::kept(user.shown));
    Ok(ListUsersReply { users: users.collect(), next_token: page.next_token })
}

/// Asks for the permit to list the users of an identity store.
pub fn authorize_list(ctx: &Ctx<'_>, store_id: &IdentityStoreId) -> Result<Permit, Fault> {
    authorize(ctx, OPERATION.action, store_id, [ALL_USERS.to_owned()])
}

fn listed(user: User, request: &ListUsersRequest) -> Result<ListedUser, Fault> {
    let user_name_key = user.user_name.key();
    let shown = ShownText::new(user, request.with_extensions)?;
    Ok(ListedUser { user_name_key, shown: shown.into() })
}
