//! `GET /authorize` and the consent page.
//!
//! RFC 6749 §4.1.1 and §4.1.2, RFC 7636 §4.3, with the parameters that the stock command line
//! sends.
//! INVARIANT: an error is shown here, without a redirect, until the client is known and the
//! redirect URI is one that it registered. Every later error is reported to the client by a
//! redirect.

use kernel::sessions::proof::{ProofPurpose, require_fresh_proof};
use kernel::sessions::secret::Secret;
use kernel::sessions::{person, require_portal};
use kernel::{Ctx, Operation};
use model::oauth::{AuthorizationCode, ClientName, CodeChallenge, GrantType, RedirectUri, Scopes};
use model::{AuditEvent, Fault};
use protocol::form::write_pairs;
use protocol::{Fields, FromFields};
use store::authorization_code;

use super::client::{self, KnownClient};
use super::client_session::{begin_client_session, shown};

pub const APPROVE: Operation<AuthorizeRequest, String> =
    Operation::writes("SignIn.ApproveAuthorization", ACTION, approve_authorization);

pub const DENY: Operation<AuthorizeRequest, String> =
    Operation::writes("SignIn.DenyAuthorization", ACTION, deny_authorization);

const ACTION: &str = "signin:AuthorizeClient";

/// Validity of an authorization code. A listening client redeems it immediately.
const CODE_MS: i64 = 5 * 60 * 1000;

/// Maximum number of bytes of `state`.
const STATE_BYTES_MAX: usize = 1024;

/// Authorization request as in the URL. Pages pass it on unchanged.
#[derive(Clone, Debug)]
pub struct AuthorizeRequest {
    pub client_id: String,
    pub redirect_uri: RedirectUri,
    pub state: Option<String>,
    pub response_type: String,
    pub code_challenge_method: String,
    pub code_challenge: String,
    pub scopes: Option<String>,
}

impl FromFields for AuthorizeRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let text = |field| Ok::<_, Fault>(fields.text(field)?.unwrap_or_default().to_owned());
        // AWS: `scopes`; RFC 6749 says `scope`.
        let scopes = fields.text("scopes")?.or(fields.text("scope")?);
        Ok(Self {
            client_id: text("client_id")?,
            redirect_uri: fields.required("redirect_uri")?,
            state: fields.text("state")?.map(str::to_owned),
            response_type: text("response_type")?,
            code_challenge_method: text("code_challenge_method")?,
            code_challenge: text("code_challenge")?,
            scopes: scopes.map(str::to_owned),
        })
    }
}

impl AuthorizeRequest {
    /// Writes the request as form fields, which parse back to an equal request.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = vec![
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("response_type", self.response_type.as_str()),
            ("code_challenge_method", self.code_challenge_method.as_str()),
            ("code_challenge", self.code_challenge.as_str()),
        ];
        pairs.extend(self.state.as_deref().map(|state| ("state", state)));
        pairs.extend(self.scopes.as_deref().map(|scopes| ("scopes", scopes)));
        pairs
    }
}

/// Outcome of an authorization request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Consent {
    /// The person must be asked for consent.
    Ask(ConsentReply),
    /// The request is invalid. This URL reports the error to the client.
    Redirect(String),
}

/// Content of the consent page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ConsentReply {
    pub client_name: ClientName,
    pub scopes: Scopes,
    pub redirect_uri: RedirectUri,
}

/// Valid request that can be granted.
struct Ask {
    known: KnownClient,
    scopes: Scopes,
    code_challenge: CodeChallenge,
}

/// Validates a request. Neither needs a signed-in person nor writes anything.
pub fn prepare_authorization(ctx: &Ctx<'_>, request: &AuthorizeRequest) -> Result<Consent, Fault> {
    let known = require_client(ctx, request)?;
    Ok(match read_ask(known, request) {
        Ok(ask) => Consent::Ask(ConsentReply {
            client_name: ask.known.client.name,
            scopes: shown(ask.scopes),
            redirect_uri: request.redirect_uri.clone(),
        }),
        Err(error) => Consent::Redirect(way_back(request, &[("error", error)])),
    })
}

/// Approves the request for the calling person. Returns the URL to redirect the browser to.
pub fn approve_authorization(ctx: &Ctx<'_>, request: &AuthorizeRequest) -> Result<String, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(ACTION, &person.instance_id.arn())?;
    let ask = match read_ask(require_client(ctx, request)?, request) {
        Ok(ask) => ask,
        Err(error) => return Ok(way_back(request, &[("error", error)])),
    };
    if ask.known.client.instance_id.as_ref() != Some(&person.instance_id) {
        return Err(permit.refusal("the client asks for people of another instance"));
    }
    let mut tx = ctx.begin(permit)?;
    let portal = require_portal(&mut tx, person)?;
    require_fresh_proof(ctx, &mut tx, &portal, ProofPurpose::Consent)?;
    let name = &ask.known.client.name;
    let origin = &ctx.request.origin;
    let session = begin_client_session(
        ctx,
        &mut tx,
        &portal,
        name,
        &origin.source_address,
        &origin.user_agent,
    )?;
    let code = Secret::of_session(ctx.portico, &session)?;
    let kept = AuthorizationCode {
        code_hash: code.hash(),
        identity_store_id: session.identity_store_id.clone(),
        client_session_id: session.id.clone(),
        client_hash: ask.known.hash,
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: ask.code_challenge,
        scopes: ask.scopes,
        expires_at_ms: tx.now_ms() + CODE_MS,
        is_used: false,
    };
    authorization_code::insert(&mut tx, &kept)?;
    let event = AuditEvent::new()
        .asked("decision", "APPROVE")
        .asked("clientName", name)
        .asked("redirectUri", &request.redirect_uri)
        .answered("sessionId", &session.id);
    tx.commit(&event)?;
    Ok(way_back(request, &[("code", code.reveal())]))
}

/// Denies the request for the calling person. Returns the URL to redirect the browser to.
pub fn deny_authorization(ctx: &Ctx<'_>, request: &AuthorizeRequest) -> Result<String, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(ACTION, &person.instance_id.arn())?;
    let known = require_client(ctx, request)?;
    let tx = ctx.begin(permit)?;
    let event = AuditEvent::new().asked("decision", "DENY").asked("clientName", &known.client.name);
    tx.commit(&event)?;
    Ok(way_back(request, &[("error", "access_denied")]))
}

/// Returns the client if it registered the redirect URI.
fn require_client(ctx: &Ctx<'_>, request: &AuthorizeRequest) -> Result<KnownClient, Fault> {
    let known = client::find(ctx, &request.client_id).ok_or_else(|| {
        Fault::invalid("client_id", "be of a client that registered here, not too long ago")
    })?;
    let admits = |own: &RedirectUri| own.admits(&request.redirect_uri);
    if !known.client.redirect_uris.iter().any(admits) {
        return Err(Fault::invalid("redirect_uri", "be one that the client registered"));
    }
    if request.state.as_ref().is_some_and(|state| state.len() > STATE_BYTES_MAX) {
        return Err(Fault::invalid("state", "be at most 1024 bytes long"));
    }
    Ok(known)
}

/// Validates the parameters. The error is an error code of RFC 6749 §4.1.2.1.
fn read_ask(known: KnownClient, request: &AuthorizeRequest) -> Result<Ask, &'static str> {
    if request.response_type != "code" {
        return Err("unsupported_response_type");
    }
    if known.client.require_grant(GrantType::AuthorizationCode).is_err() {
        return Err("unauthorized_client");
    }
    // RFC 7636 §4.4.1: a request without a challenge, or with one that is not hashed, is refused.
    if request.code_challenge_method != "S256" {
        return Err("invalid_request");
    }
    let code_challenge = request.code_challenge.parse().map_err(|_| "invalid_request")?;
    let scopes = match &request.scopes {
        None => known.client.scopes.clone(),
        Some(text) => text.parse::<Scopes>().map_err(|_| "invalid_scope")?,
    };
    if !scopes.0.iter().all(|scope| known.client.scopes.contains(scope.as_str())) {
        return Err("invalid_scope");
    }
    Ok(Ask { known, scopes, code_challenge })
}

/// Builds the redirect URL with the response parameters.
fn way_back(request: &AuthorizeRequest, answer: &[(&str, &str)]) -> String {
    let state = request.state.as_deref().map(|state| ("state", state));
    let pairs = write_pairs(answer.iter().copied().chain(state));
    let uri = request.redirect_uri.as_str();
    let joint = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{joint}{pairs}")
}
