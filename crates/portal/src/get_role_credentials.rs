//! AWS SSO, `GetRoleCredentials`: issues role credentials.

use kernel::credentials::RoleCredentials;
use kernel::credentials::role_credentials::RoleGrant;
use kernel::sessions::person;
use kernel::sessions::proof::{ProofPurpose, require_fresh_proof};
use kernel::{Ctx, Operation};
use model::ids::AccountId;
use model::session::SessionKind;
use model::{AuditEvent, Fault};
use policy::{PersonSession, RolePerson};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::authority::Holding;
use store::{Read, authority, portal, session};

use super::session_name::session_name;

pub const OPERATION: Operation<GetRoleCredentialsRequest, GetRoleCredentialsReply> =
    Operation::writes(
        "SSOPortal.GetRoleCredentials",
        "awsssoportal:GetRoleCredentials",
        get_role_credentials,
    );

#[derive(Debug)]
pub struct GetRoleCredentialsRequest {
    pub account_id: AccountId,
    /// Name of the permission set.
    pub role_name: String,
}

impl FromFields for GetRoleCredentialsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let role_name = fields.text("roleName")?.ok_or_else(|| fields.missing("roleName"))?;
        Ok(Self { account_id: fields.required("accountId")?, role_name: role_name.to_owned() })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GetRoleCredentialsReply {
    pub role_credentials: RoleCredentialsReply,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleCredentialsReply {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: String,
    /// Milliseconds since 1970.
    pub expiration: i64,
}

impl std::fmt::Debug for RoleCredentialsReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RoleCredentialsReply")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

/// Issues credentials of a role that the person holds. The event is on disk before the reply is
/// sent.
pub fn get_role_credentials(
    ctx: &Ctx<'_>,
    request: &GetRoleCredentialsRequest,
) -> Result<GetRoleCredentialsReply, Fault> {
    let (person, account_id) = (person(ctx)?, &request.account_id);
    let permit = ctx.authorize(OPERATION.action, &account_id.sso_arn())?;
    let mut tx = ctx.begin(permit)?;
    require_proof(ctx, &mut tx, person)?;
    // The fault is the same for a missing account, a missing role and a role of others, so that it
    // does not reveal which of them applies.
    let role = portal::find_role(&mut tx, person, account_id, &request.role_name)?;
    let role = role.ok_or(Fault::NoAccess)?;
    let holding = Holding {
        identity_store_id: &person.identity_store_id,
        user_id: &person.user_id,
        instance_id: &person.instance_id,
        account_id,
        permission_set_id: &role.permission_set_id,
    };
    let grounds = authority::find_grounds(&mut tx, holding)?.ok_or(Fault::NoAccess)?;
    let grant = RoleGrant {
        account_id: account_id.clone(),
        role_name: role.role_name,
        role_id: role.role_id.to_string(),
        session_name: session_name(&person.user_name, &person.user_id),
        person: Some(RolePerson {
            identity_store_id: person.identity_store_id.clone(),
            user_id: person.user_id.clone(),
            instance_id: person.instance_id.clone(),
            permission_set_id: role.permission_set_id,
            session_id: person.session_id.clone(),
            grounds,
        }),
        issued_at_ms: tx.now_ms(),
        expires_at_ms: tx.now_ms() + role.session_duration_seconds * 1000,
    };
    let credentials = RoleCredentials::make(ctx.portico, grant)?;
    let event = AuditEvent::new()
        .asked("accountId", account_id)
        .asked("roleName", &request.role_name)
        .answered("accessKeyId", &credentials.access_key_id);
    tx.commit(&event)?;
    Ok(GetRoleCredentialsReply {
        role_credentials: RoleCredentialsReply {
            access_key_id: credentials.access_key_id,
            secret_access_key: credentials.secret_access_key,
            session_token: credentials.session_token,
            expiration: credentials.expires_at_ms,
        },
    })
}

/// Refuses a browser whose person has not proved themselves lately, if the instance asks for it. A client was allowed to
/// get keys when the person let it in.
fn require_proof(ctx: &Ctx<'_>, read: &mut Read<'_>, person: &PersonSession) -> Result<(), Fault> {
    let found = session::find(read, &person.identity_store_id, &person.session_id)?;
    let session = found.ok_or(Fault::NoSession)?;
    match session.kind {
        SessionKind::Portal => require_fresh_proof(ctx, read, &session, ProofPurpose::Keys),
        SessionKind::Client { .. } => Ok(()),
    }
}
