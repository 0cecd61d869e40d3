//! AWS Organizations, `CreateAccount`.

use model::ids::AccountId;
use model::job::{Job, JobKind};
use model::organization::{AccountEmail, AccountName};
use model::role::RoleName;
use model::tag::{ORGANIZATION_TAGS_MAX, Tag};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{Read, account};

use super::create_account_status::CreateAccountReply;
use super::require_managed;
use crate::Ctx;
use crate::operation::Operation;
use crate::jobs;
use crate::jobs::create_account::Payload;
use crate::tags::{keys, read_tags};

pub const OPERATION: Operation<CreateAccountRequest, CreateAccountReply> = Operation::writes("AWSOrganizationsV20161128.CreateAccount", "organizations:CreateAccount", create_account);

#[derive(Debug)]
pub struct CreateAccountRequest {
    pub name: AccountName,
    pub email: AccountEmail,
    pub tags: Vec<Tag>,
}

impl FromFields for CreateAccountRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let request = Self {
            name: fields.required("AccountName")?,
            email: fields.required("Email")?,
            tags: read_tags(fields, ORGANIZATION_TAGS_MAX)?.unwrap_or_default(),
        };
        refuse_what_is_not_here(fields)?;
        Ok(request)
    }
}

/// Nothing is taken that would not be obeyed.
fn refuse_what_is_not_here(fields: &Fields<'_>) -> Result<(), Fault> {
    let unsupported = |because: &'static str| Err(Fault::Unsupported { because: because.into() });
    let role: Option<RoleName> = fields.optional("RoleName")?;
    match fields.text("IamUserAccessToBilling")? {
        None | Some("DENY") => {}
        Some("ALLOW") => {
            return unsupported(
                "IamUserAccessToBilling ALLOW is not supported: there are no bills.",
            );
        }
        Some(_) => return Err(fields.invalid("IamUserAccessToBilling", "be ALLOW or DENY")),
    }
    if role.is_some() {
        return unsupported(
            "RoleName is not supported: a new account has no role before a permission set is \
             assigned in it.",
        );
    }
    Ok(())
}

/// Begins to make an account of the organisation.
pub fn create_account(
    ctx: &Ctx<'_>,
    request: &CreateAccountRequest,
) -> Result<CreateAccountReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let mut tx = ctx.begin(permit)?;
    let organization = require_managed(&mut tx)?;
    let payload = Payload {
        account_id: free_id(ctx, &mut tx)?,
        name: request.name.clone(),
        email: request.email.clone(),
        tags: request.tags.clone(),
    };
    let job = Job::new(
        organization.management_account_id.to_string(),
        jobs::id(ctx),
        JobKind::CreateAccount,
        payload.to_string(),
        tx.now_ms(),
    );
    jobs::queue(&mut tx, &job)?;
    let reply = CreateAccountReply::of(&job)?;
    let event = AuditEvent::new()
        .asked("accountName", &request.name)
        .asked("email", &request.email)
        .asked("tagKeys", keys(&request.tags))
        .answered("createAccountRequestId", &reply.create_account_status.id);
    tx.commit(&event)?;
    Ok(reply)
}

/// A number that no account has. Should another take it first, the request fails.
fn free_id(ctx: &Ctx<'_>, read: &mut Read<'_>) -> Result<AccountId, Fault> {
    loop {
        let id = AccountId::random(&*ctx.portico.random);
        if account::find(read, &id)?.is_none() {
            return Ok(id);
        }
    }
}
