//! The work behind `DeleteInstance`: delete what belongs to it, a part at a time, and then itself.

use std::fmt;

use model::ids::{IdentityStoreId, InstanceId};
use model::job::{Job, JobState};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use serde_json::json;
use store::{instance, instance_contents, job};

use super::payload;
use crate::Ctx;

/// So many rows are deleted in one transaction.
const ROWS_AT_ONCE: i64 = 1000;

/// Which instance.
pub(crate) struct Payload {
    pub(crate) instance_id: InstanceId,
    pub(crate) identity_store_id: IdentityStoreId,
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { instance_id, identity_store_id } = self;
        json!({"InstanceId": instance_id, "IdentityStoreId": identity_store_id}).fmt(f)
    }
}

impl FromFields for Payload {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            instance_id: fields.required("InstanceId")?,
            identity_store_id: fields.required("IdentityStoreId")?,
        })
    }
}

pub(super) fn perform(ctx: &Ctx<'_>, job: &Job) -> Result<(), Fault> {
    let Payload { instance_id, identity_store_id } = payload(job)?;
    let permit = ctx.authorize("sso:DeleteInstance", &instance_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let is_all =
        instance_contents::delete_part(&mut tx, &instance_id, &identity_store_id, ROWS_AT_ONCE)?;
    if is_all {
        instance::delete(&mut tx, &instance_id)?;
        job::finish(&mut tx, job, JobState::Succeeded, None)?;
    } else {
        job::go_on(&mut tx, job)?;
    }
    tx.commit(&AuditEvent::new().asked("jobId", &job.id).answered("deleted", is_all))
}
