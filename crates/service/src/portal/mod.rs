//! AWS SSO (the access portal's API): what a person may enter, and keys for it.
//!
//! The caller is the person whose token the request carries; `accessToken` was read by the router.

pub mod describe_portal;
pub mod find_held_role;
pub mod get_role_credentials;
pub mod list_account_roles;
pub mod list_accounts;
pub mod list_entries;
pub mod logout;

use model::Fault;
use policy::{PersonSession, Principal};

use crate::Ctx;

/// The person who asks.
pub(crate) fn person<'a>(ctx: &Ctx<'a>) -> Result<&'a PersonSession, Fault> {
    match &ctx.caller.principal {
        Principal::Person(person) => Ok(person),
        Principal::Anonymous | Principal::Role(_) | Principal::Portico => Err(Fault::NoSession),
    }
}
