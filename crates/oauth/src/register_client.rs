//! AWS SSO OIDC, `RegisterClient`.
//!
//! RFC 7591 §3.

use kernel::{Ctx, Operation};
use model::legible::Legible;
use model::oauth::{ClientName, GrantType, RedirectUri, SCOPES_MAX, Scope, Scopes};
use model::{Fault, OAuthError};
use protocol::sentence;
use protocol::start_url::StartUrl;
use protocol::{Fields, FromFields};
use serde::Serialize;

use super::client::Client;
use super::client_session::ACCOUNT_ACCESS;
use super::start_url::require_instance;

pub const OPERATION: Operation<RegisterClientRequest, RegisterClientReply> =
    Operation::reads("SSOOIDC.RegisterClient", "sso-oauth:RegisterClient", register_client);

/// Maximum number of redirect URIs of a client.
const REDIRECT_URIS_MAX: usize = 10;

#[derive(Debug)]
pub struct RegisterClientRequest {
    pub client_name: ClientName,
    pub scopes: Vec<Scope>,
    pub redirect_uris: Vec<RedirectUri>,
    /// Empty if the client names no grant types. The default is the device code grant.
    pub grant_types: Vec<GrantType>,
    pub issuer_url: Option<StartUrl>,
}

impl FromFields for RegisterClientRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        // People read the name on the consent page.
        let Legible(client_name) = fields.required("clientName")?;
        let client_type = fields.text("clientType")?.ok_or_else(|| fields.missing("clientType"))?;
        // AWS: the only value.
        if client_type != "public" {
            return Err(OAuthError::InvalidClientMetadata.because("clientType must be public."));
        }
        // AWS: the ARN of an application that limits the client. There are no applications here,
        // and a limit without effect must not be accepted.
        if fields.text("entitledApplicationArn")?.is_some() {
            return Err(OAuthError::InvalidClientMetadata
                .because("entitledApplicationArn names no application that is known here."));
        }
        let scopes = fields.strings("scopes", 0..=SCOPES_MAX);
        let scopes = scopes.map_err(|fault| because(OAuthError::InvalidScope, &fault))?;
        let uris = fields.strings("redirectUris", 0..=REDIRECT_URIS_MAX);
        let uris = uris.map_err(|fault| because(OAuthError::InvalidRedirectUri, &fault))?;
        let grants = fields.strings("grantTypes", 0..=3);
        let grants = grants.map_err(|fault| because(OAuthError::UnsupportedGrantType, &fault))?;
        Ok(Self {
            client_name,
            scopes: scopes.unwrap_or_default(),
            redirect_uris: uris.unwrap_or_default(),
            grant_types: grants.unwrap_or_default(),
            issuer_url: fields.optional("issuerUrl")?,
        })
    }
}

/// Converts an invalid field to an error of OAuth.
fn because(error: OAuthError, complaint: &Fault) -> Fault {
    error.because(sentence(complaint))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegisterClientReply {
    pub client_id: String,
    pub client_secret: String,
    /// Seconds since 1970.
    pub client_id_issued_at: i64,
    pub client_secret_expires_at: i64,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
}

/// Registers a client. Authentication is not required. Pages show the client's name as its own
/// claim.
pub fn register_client(
    ctx: &Ctx<'_>,
    request: &RegisterClientRequest,
) -> Result<RegisterClientReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let instance_id = match &request.issuer_url {
        Some(url) => Some(require_instance(ctx, &mut ctx.read(&permit)?, url)?.id),
        None => None,
    };
    let client = Client {
        name: request.client_name.clone(),
        scopes: known_scopes(&request.scopes)?,
        redirect_uris: request.redirect_uris.clone(),
        grant_types: grant_types(request),
        instance_id,
    };
    if client.grant_types.contains(&GrantType::AuthorizationCode) {
        require_way_back(&client)?;
    }
    let credentials = client.register(ctx)?;
    let public_url = &ctx.portico.settings.public_url;
    Ok(RegisterClientReply {
        client_id: credentials.id,
        client_secret: credentials.secret,
        client_id_issued_at: credentials.issued_at_ms / 1000,
        client_secret_expires_at: credentials.expires_at_ms / 1000,
        authorization_endpoint: format!("{public_url}/authorize"),
        token_endpoint: format!("{public_url}/token"),
    })
}

// INVARIANT: unknown scopes are refused, so that no client holds one that gets a meaning later.
fn known_scopes(scopes: &[Scope]) -> Result<Scopes, Fault> {
    match scopes.iter().find(|scope| scope.as_str() != ACCOUNT_ACCESS) {
        None => Ok(Scopes(scopes.iter().take(1).cloned().collect())),
        Some(unknown) => Err(OAuthError::InvalidScope.because(format!(
            "The scope {unknown} is not known here. The one that is known is {ACCOUNT_ACCESS}."
        ))),
    }
}

/// Returns the grant types that the client may use.
// AWS: a client without grant types may use device codes, and refresh tokens if it named a scope.
fn grant_types(request: &RegisterClientRequest) -> Vec<GrantType> {
    match (request.grant_types.as_slice(), request.scopes.as_slice()) {
        ([], []) => vec![GrantType::DeviceCode],
        ([], _) => vec![GrantType::DeviceCode, GrantType::RefreshToken],
        (named, _) => named.to_vec(),
    }
}

fn require_way_back(client: &Client) -> Result<(), Fault> {
    if client.redirect_uris.is_empty() {
        return Err(OAuthError::InvalidRedirectUri
            .because("redirectUris must have a member for the grant authorization_code."));
    }
    if client.instance_id.is_none() {
        return Err(OAuthError::InvalidRequest
            .because("issuerUrl must be present for the grant authorization_code."));
    }
    Ok(())
}
