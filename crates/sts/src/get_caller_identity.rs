//! AWS STS, `GetCallerIdentity`.

use kernel::{Ctx, Operation};
use model::Fault;
use policy::Principal;
use protocol::NoFields;
use serde::Serialize;

pub const OPERATION: Operation<NoFields, GetCallerIdentityReply> =
    Operation::reads("STS.GetCallerIdentity", "sts:GetCallerIdentity", get_caller_identity);

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetCallerIdentityReply {
    pub user_id: String,
    pub account: String,
    pub arn: String,
}

/// Returns the identity that signed the request.
// AWS: this operation needs no permission and works even if a policy denies it, because the holder
// of the credentials knows the answer already. The policies are therefore not evaluated. Unsigned
// requests are refused.
pub fn get_caller_identity(ctx: &Ctx<'_>, _: &NoFields) -> Result<GetCallerIdentityReply, Fault> {
    match &ctx.caller.principal {
        Principal::Role(role) => Ok(GetCallerIdentityReply {
            user_id: format!("{}:{}", role.role_id, role.session_name),
            account: role.account_id.to_string(),
            arn: role.arn(),
        }),
        Principal::Anonymous
        | Principal::Unproven(_)
        | Principal::NamedPerson(_)
        | Principal::Person(_)
        | Principal::Portico => Err(Fault::Unsigned),
    }
}
