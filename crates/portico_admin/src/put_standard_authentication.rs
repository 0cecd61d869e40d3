//! `PorticoAdmin.PutStandardAuthentication`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::InstanceId;
use model::mfa::NoPasswordSignInBehavior;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{instance, setting};

pub const OPERATION: Operation<PutStandardAuthenticationRequest, NoReply> = Operation::writes(
    "PorticoAdmin.PutStandardAuthentication",
    "portico:PutStandardAuthentication",
    put_standard_authentication,
);

#[derive(Debug)]
pub struct PutStandardAuthenticationRequest {
    pub instance_id: InstanceId,
    pub send_email_otp: bool,
}

impl FromFields for PutStandardAuthenticationRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            send_email_otp: fields
                .boolean("SendEmailOtp")?
                .ok_or_else(|| fields.missing("SendEmailOtp"))?,
        })
    }
}

/// Sets whether people without a password may ask for a code by mail: `NoPasswordSignInBehavior` of `PutMfaSettings`.
// AWS: "Send email OTP" for users created with the API.
pub fn put_standard_authentication(
    ctx: &Ctx<'_>,
    request: &PutStandardAuthenticationRequest,
) -> Result<NoReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, &request.instance_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    instance::require(&mut tx, &request.instance_id)?;
    let send_email_otp = request.send_email_otp;
    let behavior = if send_email_otp {
        NoPasswordSignInBehavior::EmailOtp
    } else {
        NoPasswordSignInBehavior::Blocked
    };
    setting::put(&mut tx, &request.instance_id, &behavior)?;
    let event = AuditEvent::new()
        .asked("instanceArn", request.instance_id.arn())
        .asked("sendEmailOtp", send_email_otp);
    tx.commit(&event)?;
    Ok(NoReply {})
}
