//! `PorticoAdmin.ListSignIns`.

use std::fmt::Display;

use kernel::identity_store::resources;
use kernel::page::Page;
use kernel::reply::Moment;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::sign_in_record::SignInRecord;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::sign_in_record;

use super::one_user::require_user;

pub const OPERATION: Operation<ListSignInsRequest, ListSignInsReply> =
    Operation::reads("PorticoAdmin.ListSignIns", "portico:ListSignIns", list_sign_ins);

#[derive(Debug)]
pub struct ListSignInsRequest {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub page: Page,
}

impl FromFields for ListSignInsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: fields.required("UserId")?,
            page: Page::from_fields(fields)?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListSignInsReply {
    pub sign_ins: Vec<SignInReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SignInReply {
    pub outcome: &'static str,
    /// What was shown last.
    pub credential_type: &'static str,
    pub source_address: String,
    pub user_agent: String,
    /// Number of attempts in vain from the address within an hour; 1 for a sign-in.
    pub attempts: i64,
    /// Time of the last attempt.
    pub sign_in_time: Moment,
}

impl SignInReply {
    fn new(record: &SignInRecord) -> Self {
        Self {
            outcome: record.outcome.as_str(),
            credential_type: record.credential_type.as_str(),
            source_address: record.source_address.clone(),
            user_agent: record.user_agent.clone(),
            attempts: record.attempts,
            sign_in_time: Moment(record.at_ms),
        }
    }
}

/// Lists a page of the last sign-ins of a person, newest first, with attempts in vain.
pub fn list_sign_ins(
    ctx: &Ctx<'_>,
    request: &ListSignInsRequest,
) -> Result<ListSignInsReply, Fault> {
    let (store_id, user_id) = (&request.identity_store_id, &request.user_id);
    let resources = resources(ctx, store_id, [user_id.arn()]);
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut read = ctx.read(&permit)?;
    require_user(ctx, &mut read, store_id, user_id)?;
    let rows = |[at_ms, id]: [String; 2], limit| {
        let at_ms = at_ms.parse().map_err(|_| request.page.bad_token())?;
        sign_in_record::list_of_user(&mut read, store_id, user_id, (at_ms, &id), limit)
    };
    let key = |record: &SignInRecord| [record.at_ms.to_string(), record.id.to_string()];
    let narrowed_by: [&dyn Display; 2] = [store_id, user_id];
    let first = [&*i64::MAX.to_string(), ""];
    let page = request.page.read(ctx, &OPERATION, &narrowed_by, first, rows, key)?;
    Ok(ListSignInsReply {
        sign_ins: page.rows.iter().map(SignInReply::new).collect(),
        next_token: page.next_token,
    })
}
