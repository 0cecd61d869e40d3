//! `PorticoAdmin.DeleteSessions`.

use kernel::identity_store::{require_store, resources};
use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::{IdentityStoreId, SessionId, UserId};
use model::{AuditEvent, Fault, PorticoEntity};
use protocol::{Fields, FromFields};
use store::session;

pub const OPERATION: Operation<DeleteSessionsRequest, NoReply> =
    Operation::writes("PorticoAdmin.DeleteSessions", "portico:DeleteSessions", delete_sessions);

/// Maximum number of sessions in a request.
const SESSIONS_MAX: usize = 100;

#[derive(Debug)]
pub struct DeleteSessionsRequest {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub session_ids: Vec<SessionId>,
}

impl FromFields for DeleteSessionsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let session_ids = fields.strings("SessionIds", 1..=SESSIONS_MAX)?;
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: fields.required("UserId")?,
            session_ids: session_ids.ok_or_else(|| fields.missing("SessionIds"))?,
        })
    }
}

/// Ends the given sessions of a person. Ends none of them if one belongs to somebody else.
pub fn delete_sessions(ctx: &Ctx<'_>, request: &DeleteSessionsRequest) -> Result<NoReply, Fault> {
    let (store_id, user_id) = (&request.identity_store_id, &request.user_id);
    let resources = resources(ctx, store_id, [user_id.arn()]);
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut tx = ctx.begin(permit)?;
    require_store(ctx, &mut tx, store_id)?;
    for id in &request.session_ids {
        session::find(&mut tx, store_id, id)?
            .filter(|session| session.user_id == *user_id)
            .ok_or_else(|| Fault::not_found(PorticoEntity::Session, id))?;
    }
    let mut event = AuditEvent::new().asked("identityStoreId", store_id).asked("userId", user_id);
    for (number, id) in request.session_ids.iter().enumerate() {
        // Ending a portal session may already have ended its client session.
        session::end(&mut tx, store_id, id)?;
        event = event.asked(&format!("sessionIds.{number}"), id);
    }
    tx.commit(&event)?;
    Ok(NoReply {})
}
