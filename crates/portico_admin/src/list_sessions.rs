//! `PorticoAdmin.ListSessions`.

use std::fmt::Display;

use kernel::identity_store::resources;
use kernel::page::Page;
use kernel::reply::Moment;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::session::{Session, SessionKind};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::session;

use super::one_user::require_user;

pub const OPERATION: Operation<ListSessionsRequest, ListSessionsReply> =
    Operation::reads("PorticoAdmin.ListSessions", "portico:ListSessions", list_sessions);

#[derive(Debug)]
pub struct ListSessionsRequest {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub page: Page,
}

impl FromFields for ListSessionsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: fields.required("UserId")?,
            page: Page::from_fields(fields)?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListSessionsReply {
    pub sessions: Vec<SessionReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SessionReply {
    pub session_id: String,
    /// `PORTAL` for a browser, `CLIENT` for a command line.
    pub session_kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    /// Portal session of a client session, which ends together with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_session_id: Option<String>,
    pub source_address: String,
    pub user_agent: String,
    pub created_at: Moment,
    pub expires_at: Moment,
}

impl SessionReply {
    fn new(session: &Session) -> Self {
        let (client_name, parent_session_id) = match &session.kind {
            SessionKind::Portal => (None, None),
            SessionKind::Client { parent_id, client_name } => {
                (Some(client_name.to_string()), Some(parent_id.to_string()))
            }
        };
        Self {
            session_id: session.id.to_string(),
            session_kind: session.kind.as_str(),
            client_name,
            parent_session_id,
            source_address: session.source_address.clone(),
            user_agent: session.user_agent.clone(),
            created_at: Moment(session.created_at_ms),
            expires_at: Moment(session.expires_at_ms),
        }
    }
}

/// Lists a page of the sessions of a person, of both kinds.
pub fn list_sessions(
    ctx: &Ctx<'_>,
    request: &ListSessionsRequest,
) -> Result<ListSessionsReply, Fault> {
    let (store_id, user_id) = (&request.identity_store_id, &request.user_id);
    let resources = resources(ctx, store_id, [user_id.arn()]);
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut read = ctx.read(&permit)?;
    require_user(ctx, &mut read, store_id, user_id)?;

    let rows = |[after]: [String; 1], limit| {
        session::list_of_user(&mut read, store_id, user_id, ctx.now_ms(), &after, limit)
    };
    let key = |session: &Session| [session.id.to_string()];
    let narrowed_by: [&dyn Display; 2] = [store_id, user_id];
    let page = request.page.read(ctx, &OPERATION, &narrowed_by, [""], rows, key)?;
    Ok(ListSessionsReply {
        sessions: page.rows.iter().map(SessionReply::new).collect(),
        next_token: page.next_token,
    })
}
