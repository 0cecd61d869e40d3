//! The work behind `CreateAccount` of organizations.

use std::fmt;

use model::ids::AccountId;
use model::job::{Job, JobState};
use model::organization::{Account, AccountEmail, AccountName, JoinedMethod};
use model::tag::{ORGANIZATION_TAGS_MAX, Tag};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use serde_json::json;
use store::{account, job, organization_tag};

use super::payload;
use crate::Ctx;
use crate::tags::read_tags;

/// Why no account was made: the address belongs to another.
// AWS: CreateAccountFailureReason.
pub(crate) const EMAIL_ALREADY_EXISTS: &str = "EMAIL_ALREADY_EXISTS";

/// The account to be.
pub(crate) struct Payload {
    pub(crate) account_id: AccountId,
    pub(crate) name: AccountName,
    pub(crate) email: AccountEmail,
    pub(crate) tags: Vec<Tag>,
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account_id, name, email, tags } = self;
        let tag = |tag: &Tag| json!({"Key": tag.key, "Value": tag.value});
        let tags: Vec<_> = tags.iter().map(tag).collect();
        let payload =
            json!({"AccountId": account_id, "AccountName": name, "Email": email, "Tags": tags});
        payload.fmt(f)
    }
}

impl FromFields for Payload {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            account_id: fields.required("AccountId")?,
            name: fields.required("AccountName")?,
            email: fields.required("Email")?,
            tags: read_tags(fields, ORGANIZATION_TAGS_MAX)?.unwrap_or_default(),
        })
    }
}

pub(super) fn perform(ctx: &Ctx<'_>, job: &Job) -> Result<(), Fault> {
    let Payload { account_id, name, email, tags } = payload(job)?;
    let permit = ctx.authorize("organizations:CreateAccount", "*")?;
    let mut tx = ctx.begin(permit)?;
    let event = AuditEvent::new().asked("requestId", &job.id).asked("accountName", &name);
    if account::has_email(&mut tx, &email)? {
        job::finish(&mut tx, job, JobState::Failed, Some(EMAIL_ALREADY_EXISTS))?;
        return tx.commit(&event.answered("failureReason", EMAIL_ALREADY_EXISTS));
    }
    let joined_at_ms = tx.now_ms();
    let joined_method = JoinedMethod::Created;
    let account = Account { id: account_id, name, email, joined_method, joined_at_ms };
    account::insert(&mut tx, &account)?;
    organization_tag::put(&mut tx, account.id.as_str(), &tags)?;
    job::finish(&mut tx, job, JobState::Succeeded, None)?;
    tx.commit(&event.answered("accountId", &account.id))
}
