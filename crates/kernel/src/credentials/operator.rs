//! Operator: a session of the role `PorticoOperator` in the management account.
//!
//! Operator sessions come from the set-up link or from the server's own host (`portico admin
//! credentials`). They have no long-term key, and the policy engine evaluates them like any other
//! caller.

use std::sync::Arc;

use model::{AuditEvent, Fault};
use policy::{Caller, Policies, Principal, RoleSession, builtin};

use super::role_credentials::{RoleCredentials, RoleGrant};
use crate::{Ctx, Portico};

/// Role name in the ARN of every operator session.
pub const ROLE_NAME: &str = "PorticoOperator";

/// Role id of the operator. Each server has one operator role, so the id is a constant.
pub const ROLE_ID: &str = "AROAPORTICOOPERATOR22";

/// Allowed durations of a session, in milliseconds.
pub const DURATION_MS: std::ops::RangeInclusive<i64> = 900_000..=43_200_000;

/// Returns the operator's policy.
#[must_use]
pub fn policies() -> Policies {
    Policies::identity_based(vec![builtin::operator()])
}

/// Makes the operator as a caller, for static keys of a sandbox and for work that Portico does on
/// the operator's behalf.
#[must_use]
pub fn caller(portico: &Portico, session_name: &str) -> Arc<Caller> {
    let session = RoleSession {
        account_id: portico.settings.management_account_id.clone(),
        access_key_id: session_name.to_owned(),
        role_name: ROLE_NAME.to_owned(),
        role_id: ROLE_ID.to_owned(),
        session_name: session_name.to_owned(),
        person: None,
        issued_at_ms: 0,
        expires_at_ms: i64::MAX,
    };
    Arc::new(Caller { principal: Principal::Role(session), policies: policies() })
}

/// Issues operator credentials. `session_name` names the place that requested them.
pub fn vend_operator_credentials(
    ctx: &Ctx<'_>,
    session_name: &str,
    duration_ms: i64,
) -> Result<RoleCredentials, Fault> {
    if !DURATION_MS.contains(&duration_ms) {
        return Err(Fault::invalid("Duration", "be between 900 and 43200 seconds"));
    }
    let account_id = ctx.portico.settings.management_account_id.clone();
    let permit = ctx.authorize("portico:VendOperatorCredentials", &account_id.root_arn())?;
    let tx = ctx.begin(permit)?;
    let grant = RoleGrant {
        account_id,
        role_name: ROLE_NAME.to_owned(),
        role_id: ROLE_ID.to_owned(),
        session_name: session_name.to_owned(),
        person: None,
        issued_at_ms: tx.now_ms(),
        expires_at_ms: tx.now_ms() + duration_ms,
    };
    let credentials = RoleCredentials::make(ctx.portico, grant)?;
    let event = AuditEvent::new()
        .asked("roleSessionName", session_name)
        .answered("accessKeyId", &credentials.access_key_id);
    tx.commit(&event)?;
    Ok(credentials)
}
