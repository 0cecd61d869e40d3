//! AWS SSO OIDC, `StartDeviceAuthorization`.
//!
//! RFC 8628 §3.1 and §3.2.

use kernel::polls::POLL_INTERVAL_MS;
use kernel::sessions::kept_user_agent;
use kernel::sessions::secret::Secret;
use kernel::{Ctx, Operation};
use model::oauth::{DeviceAuthorization, DeviceState, GrantType, UserCode};
use model::source_network::SourceNetwork;
use model::{AuditEvent, Fault};
use protocol::start_url::StartUrl;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::device_authorization;

use super::client;
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

/// Maximum number of pending codes per network.
const WAITING_MAX: i64 = 200;

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
    let mut tx = ctx.begin(permit)?;
    let instance = require_instance(ctx, &mut tx, &request.start_url)?;
    let origin = &ctx.request.origin;
    let network = SourceNetwork::of(&origin.source_address);
    let now_ms = tx.now_ms();
    if device_authorization::count_from(&mut tx, &network, now_ms)? >= WAITING_MAX {
        return Err(Fault::Throttled { retry_after_seconds: 60 });
    }
    let device_code = Secret::random(&*ctx.portico.random);
    let wish = DeviceAuthorization {
        device_code_hash: device_code.hash(),
        user_code: UserCode::random(&*ctx.portico.random),
        identity_store_id: instance.identity_store_id.clone(),
        client_hash: known.hash,
        client_name: known.client.name,
        scopes: known.client.scopes,
        source_address: origin.source_address.clone(),
        source_network: network,
        user_agent: kept_user_agent(&origin.user_agent),
        state: DeviceState::Pending,
        created_at_ms: now_ms,
        expires_at_ms: now_ms + DEVICE_CODE_MS,
    };
    if !device_authorization::insert(&mut tx, &wish)? {
        // The user code exists already. The next attempt draws another.
        return Err(Fault::Contended);
    }
    let event = AuditEvent::new()
        .asked("startUrl", &request.start_url)
        .asked("clientName", &wish.client_name)
        .hidden("clientSecret")
        .answered("expiresIn", DEVICE_CODE_MS / 1000);
    tx.commit(&event)?;

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
