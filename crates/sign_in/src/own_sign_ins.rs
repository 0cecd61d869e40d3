//! The calling person's last sign-ins, and attempts in vain.

use std::fmt::Display;

use kernel::page::Page;
use kernel::sessions::{person, require_portal};
use kernel::{Ctx, Operation};
use model::Fault;
use model::sign_in_record::SignInRecord;
use store::sign_in_record;

pub const OPERATION: Operation<ListOwnSignInsRequest, OwnSignInsReply> =
    Operation::reads("SignIn.ListOwnSignIns", "signin:ListOwnSignIns", list_own_sign_ins);

#[derive(Debug)]
pub struct ListOwnSignInsRequest {
    pub page: Page,
}

/// Part of the history of a person.
#[derive(Clone, Debug)]
pub struct OwnSignInsReply {
    /// Newest first.
    pub sign_ins: Vec<SignInRecord>,
    pub next_token: Option<String>,
}

/// Lists a page of the calling person's sign-ins.
pub fn list_own_sign_ins(
    ctx: &Ctx<'_>,
    request: &ListOwnSignInsRequest,
) -> Result<OwnSignInsReply, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(OPERATION.action, &person.user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    require_portal(&mut read, person)?;
    let (store_id, user_id) = (&person.identity_store_id, &person.user_id);
    let rows = |[at_ms, id]: [String; 2], limit| {
        let at_ms = at_ms.parse().map_err(|_| request.page.bad_token())?;
        sign_in_record::list_of_user(&mut read, store_id, user_id, (at_ms, &id), limit)
    };
    let key = |record: &SignInRecord| [record.at_ms.to_string(), record.id.to_string()];
    let narrowed_by: [&dyn Display; 2] = [store_id, user_id];
    let first = [&*i64::MAX.to_string(), ""];
    let page = request.page.read(ctx, &OPERATION, &narrowed_by, first, rows, key)?;
    Ok(OwnSignInsReply { sign_ins: page.rows, next_token: page.next_token })
}
