//! Sessions of clients: whether one goes on, and the rotation of its refresh tokens.

use model::Fault;
use model::ids::{IdentityStoreId, SessionId};
use model::oauth::Rotation;
use model::session::Session;
use model::session_settings::SessionSettings;
use model::setting::Setting;

use crate::row::text;
use crate::session::{not_ended, session, session_columns};
use crate::{Read, Row, Tx, column, setting};

/// Session of a client that goes on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LiveClientSession {
    pub session: Session,
    pub rotation: Rotation,
    pub settings: SessionSettings,
}

/// Finds a session with its rotation, if it has neither expired nor ended by inactivity and its person may still sign in.
pub fn find_live(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    id: &SessionId,
    now_ms: i64,
) -> Result<Option<LiveClientSession>, Fault> {
    let sql = concat!(
        "SELECT ",
        session_columns!(),
        ", s.generation, s.exchanged_at_ms, t.value AS setting,
            COALESCE((SELECT q.used_at_ms FROM session q
                WHERE q.identity_store_id = s.identity_store_id AND q.id = s.parent_id), 0)
                AS parent_used_at_ms
        FROM session s
        JOIN identity_user u ON u.identity_store_id = s.identity_store_id AND u.id = s.user_id
        JOIN instance i ON i.identity_store_id = s.identity_store_id
        LEFT JOIN instance_setting t ON t.instance_id = i.id AND t.name = $4
        WHERE s.identity_store_id = $1 AND s.id = $2 AND s.expires_at_ms > $3
            AND u.status = 'ENABLED' AND i.status = 'ACTIVE' AND ",
        not_ended!()
    );
    let values = [text(store_id), text(id), now_ms.into(), text(SessionSettings::NAME)];
    let found = read.query_one(sql, &values, |row| {
        let live = LiveClientSession {
            session: session(row)?,
            rotation: rotation(row)?,
            settings: setting::joined(row)?,
        };
        Ok((live, row.integer("parent_used_at_ms")?))
    })?;
    let goes_on = |(live, parent_used_at_ms): &(LiveClientSession, i64)| {
        let used_at_ms = live.session.used_at_ms.max(*parent_used_at_ms);
        !live.settings.is_idle(used_at_ms, now_ms)
    };
    Ok(found.filter(goes_on).map(|(live, _)| live))
}

/// Replaces the rotation of a session, if it is of the generation `before`. Returns `false` if it is not.
pub fn rotate(
    tx: &mut Tx<'_>,
    session: &Session,
    before: i64,
    rotation: &Rotation,
) -> Result<bool, Fault> {
    // AUTHORITY: unchanged, because access tokens of the former pair are good until they expire.
    let sql = "UPDATE session SET generation = $4, exchanged_at_ms = $5
        WHERE identity_store_id = $1 AND id = $2 AND generation = $3";
    let values = [
        text(&session.identity_store_id),
        text(&session.id),
        before.into(),
        rotation.generation.into(),
        column::json(&rotation.exchanged_at_ms, "writing the exchanges of a session")?,
    ];
    Ok(tx.execute(sql, &values)? == 1)
}

fn rotation(row: &Row) -> Result<Rotation, Fault> {
    let place = "reading the exchanges of a session";
    Ok(Rotation {
        generation: row.integer("generation")?,
        exchanged_at_ms: column::parse_json(row, "exchanged_at_ms", place)?,
    })
}
