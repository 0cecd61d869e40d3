//! AWS Organizations, `CreateAccount`: the request, and the job that creates the account.

use kernel::jobs::{Attempt, Kind, Progress};
use kernel::tags::{keys, read_tags};
use kernel::{Ctx, Operation};
use model::ids::AccountId;
use model::legible::Legible;
use model::new_name::NewName;
use model::organization::{Account, AccountEmail, AccountName, JoinedMethod};
use model::role::RoleName;
use model::tag::{ORGANIZATION_TAGS_MAX, Tag};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{Read, Tx, account, organization_tag};

use super::access::require_managed;
use super::create_account_status::{CreateAccountReply, EMAIL_ALREADY_EXISTS, NewAccount};

pub const OPERATION: Operation<CreateAccountRequest, CreateAccountReply> = Operation::writes(
    "AWSOrganizationsV20161128.CreateAccount",
    "organizations:CreateAccount",
    create_account,
);

/// Job that creates the account.
pub const JOB: Kind<NewAccount> = Kind::new("CREATE_ACCOUNT", OPERATION.action, make_account);

#[derive(Debug)]
pub struct CreateAccountRequest {
    pub name: AccountName,
    pub email: AccountEmail,
    pub tags: Vec<Tag>,
}

impl FromFields for CreateAccountRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let request = Self {
            name: fields.required("AccountName").map(|Legible(name)| name)?,
            email: fields.required("Email").map(|NewName(email)| email)?,
            tags: read_tags(fields, ORGANIZATION_TAGS_MAX)?.unwrap_or_default(),
        };
        refuse_what_is_not_here(fields)?;
        Ok(request)
    }
}

/// Refuses parameters that the server could not honour.
fn refuse_what_is_not_here(fields: &Fields<'_>) -> Result<(), Fault> {
    let role: Option<RoleName> = fields.optional("RoleName")?;
    match fields.text("IamUserAccessToBilling")? {
        None | Some("DENY") => {}
        Some("ALLOW") => {
            return Err(Fault::unsupported(
                "IamUserAccessToBilling ALLOW is not supported: there are no bills.",
            ));
        }
        Some(_) => return Err(fields.invalid("IamUserAccessToBilling", "be ALLOW or DENY")),
    }
    if role.is_some() {
        return Err(Fault::unsupported(
            "RoleName is not supported: a new account has no role before a permission set is \
             assigned in it.",
        ));
    }
    Ok(())
}

/// Queues the creation of an account in the organisation.
pub fn create_account(
    ctx: &Ctx<'_>,
    request: &CreateAccountRequest,
) -> Result<CreateAccountReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let mut tx = ctx.begin_on_snapshot(permit)?;
    let room = JOB.require_room(ctx, &mut tx)?;
    let organization = require_managed(&mut tx)?;
    let new = NewAccount {
        account_id: free_id(ctx, &mut tx)?,
        account_name: request.name.clone(),
        email: request.email.clone(),
        tags: request.tags.clone(),
    };
    let owner = organization.management_account_id.to_string();
    let job = JOB.queue(ctx, (&mut tx, room), owner, &new)?;
    let reply = CreateAccountReply::new(&job, &new);
    let event = AuditEvent::new()
        .asked("accountName", &request.name)
        .asked("email", &request.email)
        .asked_list("tagKeys", keys(&request.tags))
        .answered("createAccountRequestId", &reply.create_account_status.id);
    tx.commit(&event)?;
    Ok(reply)
}

/// Draws an unused account number. If another account takes it first, the request fails.
fn free_id(ctx: &Ctx<'_>, read: &mut Read<'_>) -> Result<AccountId, Fault> {
    loop {
        let id = AccountId::random(&*ctx.portico.random);
        if account::find(read, &id)?.is_none() {
            return Ok(id);
        }
    }
}

fn make_account(
    _: &Ctx<'_>,
    tx: &mut Tx<'_>,
    attempt: &Attempt<'_, NewAccount>,
) -> Result<Progress, Fault> {
    let NewAccount { account_id, account_name, email, tags } = &attempt.payload;
    let event =
        AuditEvent::new().asked("requestId", &attempt.job.id).asked("accountName", account_name);
    if account::has_email(tx, email)? {
        let event = event.answered("failureReason", EMAIL_ALREADY_EXISTS);
        return Ok(Progress::Failed(EMAIL_ALREADY_EXISTS, event));
    }
    let account = Account {
        id: account_id.clone(),
        name: account_name.clone(),
        email: email.clone(),
        joined_method: JoinedMethod::Created,
        joined_at_ms: tx.now_ms(),
    };
    account::insert(tx, &account)?;
    organization_tag::put(tx, account.id.as_str(), tags)?;
    Ok(Progress::Ended(event.answered("accountId", &account.id)))
}
