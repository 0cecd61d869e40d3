//! AWS SSO OIDC, `CreateToken`.
//!
//! RFC 6749 §3.2, with JSON instead of a form. Each grant has a file in `grants`.

use kernel::sessions::owner::name_owner;
use kernel::{Ctx, Operation};
use model::oauth::{CodeVerifier, GrantType, RedirectUri, SCOPES_MAX, Scope};
use model::{Fault, OAuthError};
use protocol::{Fields, FromFields};

use super::client;
use super::grants::{CREATE_TOKEN, authorization_code, device_code, refresh_token};

pub use super::tokens::CreateTokenReply;

pub const OPERATION: Operation<CreateTokenRequest, CreateTokenReply> =
    Operation::writes("SSOOIDC.CreateToken", CREATE_TOKEN, create_token);

pub struct CreateTokenRequest {
    pub client_id: String,
    pub client_secret: String,
    pub grant: Grant,
}

/// Grant that the client presents.
pub enum Grant {
    DeviceCode { device_code: String },
    AuthorizationCode { code: String, redirect_uri: RedirectUri, code_verifier: CodeVerifier },
    RefreshToken { refresh_token: String },
}

impl FromFields for CreateTokenRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let required = |field| {
            let text = fields.text(field)?.ok_or_else(|| fields.missing(field))?;
            Ok::<_, Fault>(text.to_owned())
        };
        // The type of each field is checked, whether or not the grant uses it.
        for field in ["code", "codeVerifier", "deviceCode", "redirectUri", "refreshToken"] {
            fields.text(field)?;
        }
        // AWS: the scope has no effect. A token has the scopes of its client's registration.
        fields.strings::<Scope>("scope", 0..=SCOPES_MAX)?;
        let (client_id, client_secret) = (required("clientId")?, required("clientSecret")?);
        let grant_type = required("grantType")?;
        let grant_type = grant_type.parse().map_err(|_| {
            OAuthError::UnsupportedGrantType.because("The grantType is not one of CreateToken.")
        })?;
        let grant = match grant_type {
            GrantType::DeviceCode => Grant::DeviceCode { device_code: required("deviceCode")? },
            GrantType::AuthorizationCode => Grant::AuthorizationCode {
                code: required("code")?,
                redirect_uri: fields.required("redirectUri")?,
                code_verifier: fields.required("codeVerifier")?,
            },
            GrantType::RefreshToken => {
                Grant::RefreshToken { refresh_token: required("refreshToken")? }
            }
        };
        Ok(Self { client_id, client_secret, grant })
    }
}

/// Exchanges a grant for tokens.
///
/// INVARIANT: whoever presents a secret that was made for a person is in the log under the name of the person,
/// even if the secret is good no more or the client is not known.
pub fn create_token(
    ctx: &Ctx<'_>,
    request: &CreateTokenRequest,
) -> Result<CreateTokenReply, Fault> {
    match &request.grant {
        Grant::AuthorizationCode { code: secret, .. }
        | Grant::RefreshToken { refresh_token: secret } => name_owner(ctx, secret),
        // The code is older than the decision of a person, so the row names them.
        Grant::DeviceCode { .. } => {}
    }
    let known = client::require(ctx, &request.client_id, &request.client_secret)?;
    match &request.grant {
        Grant::DeviceCode { device_code } => {
            known.client.require_grant(GrantType::DeviceCode)?;
            device_code::exchange(ctx, &known, device_code)
        }
        Grant::AuthorizationCode { code, redirect_uri, code_verifier } => {
            known.client.require_grant(GrantType::AuthorizationCode)?;
            authorization_code::exchange(ctx, &known, code, redirect_uri, code_verifier)
        }
        Grant::RefreshToken { refresh_token } => {
            known.client.require_grant(GrantType::RefreshToken)?;
            refresh_token::exchange(ctx, &known, refresh_token)
        }
    }
}
