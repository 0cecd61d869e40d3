//! `PorticoAdmin.PutPasswordPolicy`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::InstanceId;
use model::password::PasswordPolicy;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{instance, setting};

pub const OPERATION: Operation<PutPasswordPolicyRequest, NoReply> = Operation::writes(
    "PorticoAdmin.PutPasswordPolicy",
    "portico:PutPasswordPolicy",
    put_password_policy,
);

#[derive(Debug)]
pub struct PutPasswordPolicyRequest {
    pub instance_id: InstanceId,
    pub policy: PasswordPolicy,
}

impl FromFields for PutPasswordPolicyRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let number = |name, range| {
            let number = fields.integer(name, range)?.ok_or_else(|| fields.missing(name))?;
            u8::try_from(number).map_err(|why| Fault::broken_at("reading a number below 256", why))
        };
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            policy: PasswordPolicy {
                minimum_password_length: number("MinimumPasswordLength", PasswordPolicy::LENGTHS)?,
                password_reuse_prevention: number(
                    "PasswordReusePrevention",
                    PasswordPolicy::REUSES,
                )?,
            },
        })
    }
}

/// Sets the rules for new passwords. Passwords of now stay good.
pub fn put_password_policy(
    ctx: &Ctx<'_>,
    request: &PutPasswordPolicyRequest,
) -> Result<NoReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, &request.instance_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    instance::require(&mut tx, &request.instance_id)?;
    setting::put(&mut tx, &request.instance_id, &request.policy)?;
    let event = AuditEvent::new()
        .asked("instanceArn", request.instance_id.arn())
        .asked("minimumPasswordLength", request.policy.minimum_password_length)
        .asked("passwordReusePrevention", request.policy.password_reuse_prevention);
    tx.commit(&event)?;
    Ok(NoReply {})
}
