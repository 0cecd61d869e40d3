//! Device authorizations: codes that wait for a person to allow them.
//!
//! RFC 8628 §3.

use model::Fault;
use model::oauth::{DeviceAuthorization, DeviceState, UserCode};
use model::source_network::SourceNetwork;
use model::token::TokenHash;

use crate::row::text;
use crate::{Read, Row, Tx, Value};

/// Adds an authorization; `false` if its user code is taken.
pub fn insert(tx: &mut Tx<'_>, wish: &DeviceAuthorization) -> Result<bool, Fault> {
    let sql = "INSERT INTO device_authorization (device_code_hash, user_code, identity_store_id,
            client_hash, client_name, scopes, source_address, source_network, user_agent, state,
            user_id, portal_session_id, client_session_id, created_at_ms, expires_at_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        ON CONFLICT (user_code) DO NOTHING";
    let [user_id, portal_session_id, client_session_id] = ids(&wish.state);
    let values = [
        wish.device_code_hash.as_slice().into(),
        text(&wish.user_code),
        text(&wish.identity_store_id),
        wish.client_hash.as_slice().into(),
        text(&wish.client_name),
        text(&wish.scopes),
        text(&wish.source_address),
        text(&wish.source_network),
        text(&wish.user_agent),
        text(wish.state.as_str()),
        user_id,
        portal_session_id,
        client_session_id,
        wish.created_at_ms.into(),
        wish.expires_at_ms.into(),
    ];
    Ok(tx.execute(sql, &values)? == 1)
}

/// The authorization that a client polls for.
pub fn find(
    read: &mut Read<'_>,
    device_code_hash: &TokenHash,
) -> Result<Option<DeviceAuthorization>, Fault> {
    let sql = "SELECT device_code_hash, user_code, identity_store_id, client_hash, client_name,
            scopes, source_address, source_network, user_agent, state, user_id, portal_session_id,
            client_session_id, created_at_ms, expires_at_ms
        FROM device_authorization WHERE device_code_hash = $1";
    read.query_one(sql, &[device_code_hash.as_slice().into()], authorization)
}

/// The authorization whose code a person typed, if it has not run out.
pub fn find_by_user_code(
    read: &mut Read<'_>,
    user_code: &UserCode,
    now_ms: i64,
) -> Result<Option<DeviceAuthorization>, Fault> {
    let sql = "SELECT device_code_hash, user_code, identity_store_id, client_hash, client_name,
            scopes, source_address, source_network, user_agent, state, user_id, portal_session_id,
            client_session_id, created_at_ms, expires_at_ms
        FROM device_authorization WHERE user_code = $1 AND expires_at_ms > $2";
    read.query_one(sql, &[text(user_code), now_ms.into()], authorization)
}

/// How many authorizations from one part of the internet have not run out.
pub fn count_from(read: &mut Read<'_>, network: &SourceNetwork, now_ms: i64) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) FROM device_authorization
        WHERE source_network = $1 AND expires_at_ms > $2";
    let count = read.query_one(sql, &[text(network), now_ms.into()], |row| row.integer(0))?;
    count.ok_or_else(|| Fault::broken("a count has no row"))
}

/// Takes an authorization from the state it was read in to the next.
// INVARIANT: the state it was read in is asked for again, so of two who decide at once one loses.
pub fn advance(
    tx: &mut Tx<'_>,
    read_as: &DeviceAuthorization,
    next: &DeviceState,
) -> Result<(), Fault> {
    let sql = "UPDATE device_authorization
        SET state = $3, user_id = $4, portal_session_id = $5, client_session_id = $6
        WHERE device_code_hash = $1 AND state = $2";
    let [user_id, portal_session_id, client_session_id] = ids(next);
    let values = [
        read_as.device_code_hash.as_slice().into(),
        text(read_as.state.as_str()),
        text(next.as_str()),
        user_id,
        portal_session_id,
        client_session_id,
    ];
    match tx.execute(sql, &values)? {
        1 => Ok(()),
        _ => Err(Fault::Contended),
    }
}

/// Forgets up to `limit` authorizations that ran out before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM device_authorization WHERE device_code_hash IN (
            SELECT device_code_hash FROM device_authorization
            WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}

/// The user, the portal session and the client's session that a state knows.
fn ids(state: &DeviceState) -> [Value; 3] {
    match state {
        DeviceState::Pending | DeviceState::Denied => [Value::Null, Value::Null, Value::Null],
        DeviceState::Confirmed { user_id, portal_session_id } => {
            [text(user_id), text(portal_session_id), Value::Null]
        }
        DeviceState::Approved { client_session_id } | DeviceState::Used { client_session_id } => {
            [Value::Null, Value::Null, text(client_session_id)]
        }
    }
}

fn authorization(row: &Row) -> Result<DeviceAuthorization, Fault> {
    let state = match row.text(9)? {
        "PENDING" => DeviceState::Pending,
        "CONFIRMED" => {
            DeviceState::Confirmed { user_id: row.parse(10)?, portal_session_id: row.parse(11)? }
        }
        "APPROVED" => DeviceState::Approved { client_session_id: row.parse(12)? },
        "DENIED" => DeviceState::Denied,
        "USED" => DeviceState::Used { client_session_id: row.parse(12)? },
        _ => return Err(Fault::broken("a device authorization is in no known state")),
    };
    let source_address = row.text(6)?.to_owned();
    Ok(DeviceAuthorization {
        device_code_hash: row.byte_array(0)?,
        user_code: row.parse(1)?,
        identity_store_id: row.parse(2)?,
        client_hash: row.byte_array(3)?,
        client_name: row.parse(4)?,
        scopes: row.parse(5)?,
        source_network: SourceNetwork::of(&source_address),
        source_address,
        user_agent: row.text(8)?.to_owned(),
        state,
        created_at_ms: row.integer(13)?,
        expires_at_ms: row.integer(14)?,
    })
}
