//! Device authorizations: codes that wait for the consent of a user.
//!
//! RFC 8628 §3.

use model::Fault;
use model::oauth::{DeviceAuthorization, DeviceState, UserCode};
use model::source_network::{NetworkSize, Networks, SourceNetwork};
use model::token::TokenHash;

use crate::row::{text, text_or_null};
use crate::{Read, Row, Tx, Value};

/// The columns of an authorization, which [`authorization`] reads.
macro_rules! authorization_columns {
    () => {
        "device_code_hash, user_code, identity_store_id, client_hash, client_name, scopes, \
         source_address, source_network, user_agent, state, user_id, portal_session_id, \
         client_session_id, created_at_ms, expires_at_ms"
    };
}

/// Adds an authorization. Returns `false` if its user code is taken.
pub fn insert(tx: &mut Tx<'_>, authorization: &DeviceAuthorization) -> Result<bool, Fault> {
    let sql = "INSERT INTO device_authorization (device_code_hash, user_code, identity_store_id,
            client_hash, client_name, scopes, source_address, source_network, user_agent, state,
            user_id, portal_session_id, client_session_id, created_at_ms, expires_at_ms,
            source_site, source_block)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        ON CONFLICT (user_code) DO NOTHING";
    let [user_id, portal_session_id, client_session_id] = ids(&authorization.state);
    let (site, block) = larger_networks(&authorization.source_address);
    let values = [
        authorization.device_code_hash.as_slice().into(),
        text(&authorization.user_code),
        text(&authorization.identity_store_id),
        authorization.client_hash.as_slice().into(),
        text(&authorization.client_name),
        text(&authorization.scopes),
        text(&authorization.source_address),
        text(&authorization.source_network),
        text(&authorization.user_agent),
        text(authorization.state.as_str()),
        user_id,
        portal_session_id,
        client_session_id,
        authorization.created_at_ms.into(),
        authorization.expires_at_ms.into(),
        text(&site),
        text(&block),
    ];
    Ok(tx.execute(sql, &values)? == 1)
}

/// Finds the authorization that a client polls for.
pub fn find(
    read: &mut Read<'_>,
    device_code_hash: &TokenHash,
) -> Result<Option<DeviceAuthorization>, Fault> {
    let sql = concat!(
        "SELECT ",
        authorization_columns!(),
        " FROM device_authorization WHERE device_code_hash = $1"
    );
    read.query_one(sql, &[device_code_hash.as_slice().into()], authorization)
}

/// Finds the authorization with this user code, if it has not expired.
pub fn find_by_user_code(
    read: &mut Read<'_>,
    user_code: &UserCode,
    now_ms: i64,
) -> Result<Option<DeviceAuthorization>, Fault> {
    let sql = concat!(
        "SELECT ",
        authorization_columns!(),
        " FROM device_authorization WHERE user_code = $1 AND expires_at_ms > $2"
    );
    read.query_one(sql, &[text(user_code), now_ms.into()], authorization)
}

/// Numbers of authorizations that wait for a person and have not expired.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Waiting {
    /// From the IPv4 address or the /64.
    pub single: i64,
    /// From the /56.
    pub site: i64,
    /// From the /24 or the /48.
    pub block: i64,
    pub total: i64,
}

/// Counts what waits from the networks of an address, and in total.
///
/// The counts stop at `block_max` and `total_max`, so that a count reads no more rows than these.
pub fn count_waiting(
    read: &mut Read<'_>,
    source_address: &str,
    now_ms: i64,
    (block_max, total_max): (i64, i64),
) -> Result<Waiting, Fault> {
    let from = "SELECT COUNT(*) AS block,
            COALESCE(SUM(CASE WHEN source_site = $2 THEN 1 ELSE 0 END), 0) AS site,
            COALESCE(SUM(CASE WHEN source_network = $3 THEN 1 ELSE 0 END), 0) AS single
        FROM (SELECT source_site, source_network FROM device_authorization
            WHERE source_block = $1 AND state IN ('PENDING', 'CONFIRMED') AND expires_at_ms > $4
            LIMIT $5) AS waiting";
    let total = "SELECT COUNT(*) AS total
        FROM (SELECT 1 FROM device_authorization
            WHERE state IN ('PENDING', 'CONFIRMED') AND expires_at_ms > $1
            LIMIT $2) AS waiting";
    let (site, block) = larger_networks(source_address);
    let single = SourceNetwork::of(source_address);
    let values = [text(&block), text(&site), text(&single), now_ms.into(), block_max.into()];
    let counts = read.query_one(from, &values, |row| {
        Ok([row.integer("single")?, row.integer("site")?, row.integer("block")?])
    })?;
    let total =
        read.query_one(total, &[now_ms.into(), total_max.into()], |row| row.integer("total"))?;
    let none = || Fault::broken_at("counting device authorizations", "there is no row");
    let [single, site, block] = counts.ok_or_else(none)?;
    Ok(Waiting { single, site, block, total: total.ok_or_else(none)? })
}

/// Returns the /56 and the block of an address. The address itself stands in for a network that it does not
/// have.
fn larger_networks(source_address: &str) -> (SourceNetwork, SourceNetwork) {
    let networks = Networks::of(source_address);
    let of_size = |wanted| {
        let mut found = networks.iter().filter(|(size, _)| *size == wanted);
        let network = found.next().map(|(_, network)| network.clone());
        network.unwrap_or_else(|| SourceNetwork::of(source_address))
    };
    (of_size(NetworkSize::Site), of_size(NetworkSize::Block))
}

/// Changes the state of an authorization.
// INVARIANT: the update requires the state that was read, so one of two concurrent decisions fails.
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

/// Deletes up to `limit` authorizations that expired before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM device_authorization WHERE device_code_hash IN (
            SELECT device_code_hash FROM device_authorization
            WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}

/// Returns the columns for the user, the portal session and the client session of a state.
fn ids(state: &DeviceState) -> [Value; 3] {
    match state {
        DeviceState::Pending | DeviceState::Denied => [Value::Null, Value::Null, Value::Null],
        DeviceState::Confirmed { user_id, portal_session_id } => {
            [text(user_id), text(portal_session_id), Value::Null]
        }
        DeviceState::Approved { user_id, client_session_id }
        | DeviceState::Used { user_id, client_session_id } => {
            [text_or_null(user_id.as_ref()), Value::Null, text(client_session_id)]
        }
    }
}

fn authorization(row: &Row) -> Result<DeviceAuthorization, Fault> {
    let state = match row.text("state")? {
        "PENDING" => DeviceState::Pending,
        "CONFIRMED" => DeviceState::Confirmed {
            user_id: row.parse("user_id")?,
            portal_session_id: row.parse("portal_session_id")?,
        },
        "APPROVED" => DeviceState::Approved {
            user_id: row.parse_or_null("user_id")?,
            client_session_id: row.parse("client_session_id")?,
        },
        "DENIED" => DeviceState::Denied,
        "USED" => DeviceState::Used {
            user_id: row.parse_or_null("user_id")?,
            client_session_id: row.parse("client_session_id")?,
        },
        _ => return Err(Fault::broken("a device authorization is in no known state")),
    };
    let source_address = row.text("source_address")?.to_owned();
    Ok(DeviceAuthorization {
        device_code_hash: row.byte_array("device_code_hash")?,
        user_code: row.parse("user_code")?,
        identity_store_id: row.parse("identity_store_id")?,
        client_hash: row.byte_array("client_hash")?,
        client_name: row.parse("client_name")?,
        scopes: row.parse("scopes")?,
        source_network: SourceNetwork::of(&source_address),
        source_address,
        user_agent: row.text("user_agent")?.to_owned(),
        state,
        created_at_ms: row.integer("created_at_ms")?,
        expires_at_ms: row.integer("expires_at_ms")?,
    })
}
