//! `PorticoAdmin.ListSessions`.

use kernel::page::Page;
use kernel::reply::Moment;
use kernel::{Ctx, Operation};
use model::ids::{IdentityStoreId, UserId};
use model::session::{Session, SessionKind};
use model::{Entity, Fault};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{instance, session, user_password};

use super::user_resources::user_resources;

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
    /// The portal session that a client's session ends with.
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

/// A page of the sessions that a person has, in the portal and of command lines.
pub fn list_sessions(
    ctx: &Ctx<'_>,
    request: &ListSessionsRequest,
) -> Result<ListSessionsReply, Fault> {
    let (store_id, user_id) = (&request.identity_store_id, &request.user_id);
    let resources = user_resources(ctx, store_id, user_id);
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut read = ctx.read(&permit)?;
    instance::require_store(&mut read, store_id)?;
    user_password::find_signer(&mut read, store_id, user_id)?
        .ok_or_else(|| Fault::not_found(Entity::User, user_id))?;

    let query = format!("ListSessions {store_id} {user_id}");
    let [after] = request.page.after(ctx, &query, [""])?;
    let (now_ms, limit) = (ctx.now_ms(), request.page.limit());
    let rows = session::list_of_user(&mut read, store_id, user_id, now_ms, &after, limit)?;
    let page = request.page.of(ctx, &query, rows, |session| [session.id.to_string()]);
    Ok(ListSessionsReply {
        sessions: page.rows.iter().map(SessionReply::new).collect(),
        next_token: page.next_token,
    })
}
