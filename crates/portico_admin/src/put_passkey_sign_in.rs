//! `PorticoAdmin.PutPasskeySignIn`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::InstanceId;
use model::setting::PasskeySignInStatus;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{instance, setting};

pub const OPERATION: Operation<PutPasskeySignInRequest, NoReply> = Operation::writes(
    "PorticoAdmin.PutPasskeySignIn",
    "portico:PutPasskeySignIn",
    put_passkey_sign_in,
);

#[derive(Debug)]
pub struct PutPasskeySignInRequest {
    pub instance_id: InstanceId,
    pub status: PasskeySignInStatus,
}

impl FromFields for PutPasskeySignInRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            status: fields.required("Status")?,
        })
    }
}

/// Sets whether people may sign in with a passkey alone, without a name and a password. The passkey then verifies its
/// owner, by a PIN or a biometric, and counts as both factors. Passkeys stay second factors either way.
pub fn put_passkey_sign_in(
    ctx: &Ctx<'_>,
    request: &PutPasskeySignInRequest,
) -> Result<NoReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, &request.instance_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    instance::require(&mut tx, &request.instance_id)?;
    setting::put(&mut tx, &request.instance_id, &request.status)?;
    let event = AuditEvent::new()
        .asked("instanceArn", request.instance_id.arn())
        .asked("status", request.status.as_str());
    tx.commit(&event)?;
    Ok(NoReply {})
}
