//! Sessions of the calling person, in browsers and in clients: listed, and ended.

use std::cmp::Reverse;

use kernel::sessions::{person, require_portal};
use kernel::{Ctx, Operation};
use model::ids::SessionId;
use model::session::Session;
use model::{AuditEvent, Fault, PorticoEntity};
use store::session;

pub const LIST: Operation<ListOwnSessionsRequest, OwnSessionsReply> =
    Operation::reads("SignIn.ListOwnSessions", "signin:ListOwnSessions", list_own_sessions);
pub const END: Operation<EndOwnSessionRequest, ()> =
    Operation::writes("SignIn.EndOwnSession", "signin:EndOwnSession", end_own_session);
pub const END_OTHERS: Operation<EndOtherSessionsRequest, ()> = Operation::writes(
    "SignIn.EndOtherOwnSessions",
    "signin:EndOtherOwnSessions",
    end_other_own_sessions,
);

/// Maximum number of sessions that are listed.
const LISTED_MAX: i64 = 100;

#[derive(Debug)]
pub struct ListOwnSessionsRequest {}

/// Sessions of a person.
#[derive(Clone, Debug)]
pub struct OwnSessionsReply {
    /// Last used first.
    pub sessions: Vec<Session>,
    /// The session that asks.
    pub own_id: SessionId,
    /// True if there are more than are listed.
    pub has_more: bool,
}

#[derive(Debug)]
pub struct EndOwnSessionRequest {
    pub session_id: SessionId,
}

#[derive(Debug)]
pub struct EndOtherSessionsRequest {}

/// Lists the live sessions of the calling person.
pub fn list_own_sessions(
    ctx: &Ctx<'_>,
    _: &ListOwnSessionsRequest,
) -> Result<OwnSessionsReply, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(LIST.action, &person.user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let portal = require_portal(&mut read, person)?;
    let (store_id, user_id) = (&person.identity_store_id, &person.user_id);
    let now_ms = ctx.now_ms();
    let mut sessions =
        session::list_of_user(&mut read, store_id, user_id, now_ms, "", LISTED_MAX + 1)?;
    let has_more = sessions.len() as u64 > LISTED_MAX.unsigned_abs();
    sessions.sort_by_key(|session| Reverse(session.used_at_ms));
    Ok(OwnSessionsReply { sessions, own_id: portal.id, has_more })
}

/// Ends a session of the calling person, with its clients and keys.
pub fn end_own_session(ctx: &Ctx<'_>, request: &EndOwnSessionRequest) -> Result<(), Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(END.action, &person.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    require_portal(&mut tx, person)?;
    let (store_id, id) = (&person.identity_store_id, &request.session_id);
    session::find(&mut tx, store_id, id)?
        .filter(|session| session.user_id == person.user_id)
        .ok_or_else(|| Fault::not_found(PorticoEntity::Session, id))?;
    session::end(&mut tx, store_id, id)?;
    tx.commit(&AuditEvent::new().asked("sessionId", id))
}

/// Ends every session of the calling person but the one that asks, and every client.
pub fn end_other_own_sessions(ctx: &Ctx<'_>, _: &EndOtherSessionsRequest) -> Result<(), Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(END_OTHERS.action, &person.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let portal = require_portal(&mut tx, person)?;
    let ended = session::end_others_of_user(&mut tx, &portal)?;
    let event = AuditEvent::new().asked("sessionId", &portal.id).answered("sessionsEnded", ended);
    tx.commit(&event)
}
