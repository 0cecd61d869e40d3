//! AWS SSO OIDC, `StartDeviceAuthorization`.
//!
//! RFC 8628 §3.1 and §3.2.

use kernel::polls::POLL_INTERVAL_MS;
use kernel::sessions::kept_user_agent;
use kernel::sessions::secret::Secret;
use kernel::{Ctx, Operation};
use model::oauth::{DeviceAuthorization, DeviceState, GrantType, UserCode};
use model::source_network::SourceNetwork;
use model::{AuditEvent, Fault, OAuthError};
use protocol::start_url::StartUrl;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::Read;
use store::device_authorization::{self, Waiting, count_waiting};

use super::client;
use super::device_setting::{DISABLED, takes_codes};
use super::start_url::require_instance;

pub const OPERATION: Operation<StartDeviceAuthorizationRequest, StartDeviceAuthorizationReply> =
    Operation::writes(
        "SSOOIDC.StartDeviceAuthorization",
        "sso-oauth:StartDeviceAuthorization",
        start_device_authorization,
    );

/// Time for the person to type the code.
// AWS: ten minutes.
const DEVICE_CODE_MS: i64 = 10 * 60 * 1000;

/// Maximum numbers of codes that wait for a person, by the network that asked for them and in total. An office
/// behind one address may have 200 people who are about to type a code.
///
/// The numbers come from the database, before the code is written: requests under way at the same time may pass
/// a bound by one each, which is 64 on SQLite and 32 for each node on PostgreSQL.
const WAITING_MAX: Waiting = Waiting { single: 200, site: 300, block: 500, total: 4_000 };

/// Part of the total that is kept for blocks with fewer waiting codes than `FIRST_CODES_MAX`, so that a few
/// loud networks do not shut out all others.
const RESERVED: i64 = 1_000;
const FIRST_CODES_MAX: i64 = 5;

/// Seconds after which a client that was refused may try again. Codes that nobody types are over after ten minutes.
const RETRY_AFTER_SECONDS: u64 = 60;

pub struct StartDeviceAuthorizationRequest {
    pub client_id: String,
    pub client_secret: String,
    pub start_url: StartUrl,
}

impl FromFields for StartDeviceAuthorizationRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let required = |field| {
            let text = fields.text(field)?.ok_or_else(|| fields.missing(field))?;
            Ok::<_, Fault>(text.to_owned())
        };
        Ok(Self {
            client_id: required("clientId")?,
            client_secret: required("clientSecret")?,
            start_url: fields.required("startUrl")?,
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StartDeviceAuthorizationReply {
    pub device_code: String,
    pub user_code: String,
    pub verification_uri: String,
    pub verification_uri_complete: String,
    /// Seconds.
    pub expires_in: i64,
    pub interval: i64,
}

/// Makes a user code that a person can type to authorize the client.
pub fn start_device_authorization(
    ctx: &Ctx<'_>,
    request: &StartDeviceAuthorizationRequest,
) -> Result<StartDeviceAuthorizationReply, Fault> {
    let known = client::require(ctx, &request.client_id, &request.client_secret)?;
    known.client.require_grant(GrantType::DeviceCode)?;
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let origin = &ctx.request.origin;
    // A refusal takes no write transaction, and on PostgreSQL counts in one would conflict with each other.
    require_room(&mut ctx.read(&permit)?, &origin.source_address, ctx.now_ms())?;
    let mut tx = ctx.begin(permit)?;
    let instance = require_instance(ctx, &mut tx, &request.start_url)?;
    if !takes_codes(&mut tx, &instance.id)? {
        return Err(OAuthError::UnauthorizedClient.because(DISABLED));
    }
    let now_ms = tx.now_ms();
    let device_code = Secret::random(&*ctx.portico.random);
    let wish = DeviceAuthorization {
        device_code_hash: device_code.hash(),
        user_code: UserCode::random(&*ctx.portico.random),
        identity_store_id: instance.identity_store_id.clone(),
        client_hash: known.hash,
        client_name: known.client.name,
        scopes: known.client.scopes,
        source_address: origin.source_address.clone(),
        source_network: SourceNetwork::of(&origin.source_address),
        user_agent: kept_user_agent(&origin.user_agent),
        state: DeviceState::Pending,
        created_at_ms: now_ms,
        expires_at_ms: now_ms + DEVICE_CODE_MS,
    };
    if !device_authorization::insert(&mut tx, &wish)? {
        // The user code exists already. The next attempt draws another.
        return Err(Fault::Contended);
    }
    // A stranger's code changes nothing until a person confirms it. That event names the client and the address.
    tx.commit(&AuditEvent::new().if_recorded(false))?;

    let verification_uri = format!("{}/device", ctx.portico.settings.public_url);
    Ok(StartDeviceAuthorizationReply {
        device_code: device_code.reveal().to_owned(),
        verification_uri_complete: format!("{verification_uri}?user_code={}", wish.user_code),
        user_code: wish.user_code.to_string(),
        verification_uri,
        expires_in: DEVICE_CODE_MS / 1000,
        interval: POLL_INTERVAL_MS / 1000,
    })
}

fn require_room(read: &mut Read<'_>, source_address: &str, now_ms: i64) -> Result<(), Fault> {
    let max = (WAITING_MAX.block, WAITING_MAX.total);
    if has_room(&count_waiting(read, source_address, now_ms, max)?) {
        return Ok(());
    }
    Err(Fault::Throttled { retry_after_seconds: RETRY_AFTER_SECONDS })
}

fn has_room(waiting: &Waiting) -> bool {
    let is_first = waiting.block < FIRST_CODES_MAX;
    let total_max = WAITING_MAX.total - if is_first { 0 } else { RESERVED };
    waiting.single < WAITING_MAX.single
        && waiting.site < WAITING_MAX.site
        && waiting.block < WAITING_MAX.block
        && waiting.total < total_max
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_refuses_and_the_reserve_is_for_newcomers() {
        let busy = Waiting { single: 199, site: 299, block: 499, total: 2_999 };
        assert!(has_room(&busy));
        assert!(!has_room(&Waiting { single: 200, ..busy }));
        assert!(!has_room(&Waiting { site: 300, ..busy }));
        assert!(!has_room(&Waiting { block: 500, ..busy }));
        assert!(!has_room(&Waiting { total: 3_000, ..busy }));
        let newcomer = Waiting { single: 4, site: 4, block: 4, total: 3_999 };
        assert!(has_room(&newcomer));
        assert!(!has_room(&Waiting { block: 5, ..newcomer }));
        assert!(!has_room(&Waiting { total: 4_000, ..newcomer }));
    }
}
