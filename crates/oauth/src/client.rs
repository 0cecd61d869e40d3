//! Registered clients.
//!
//! RFC 7591. Nothing of a registration is stored: the client's id is the registration itself, sealed,
//! and its secret proves that we made the id. So strangers who register cannot fill the database.
//! INVARIANT: opening what was sealed is authenticated and takes the same time whatever is wrong.

use kernel::Ctx;
use kernel::sessions::secret::hash_secret;
use model::ids::InstanceId;
use model::oauth::{ClientHash, ClientName, GrantType, RedirectUri, Scopes};
use model::{Fault, OAuthError};
use serde::{Deserialize, Serialize};

const ID_PURPOSE: &str = "oauth client id";
const SECRET_PURPOSE: &str = "oauth client secret";

/// How long a registration is good.
// AWS: 90 days.
const CLIENT_MS: i64 = 90 * 24 * 60 * 60 * 1000;

/// The longest registration. Its sealed form travels in URLs.
const REGISTRATION_BYTES_MAX: usize = 3_000;

/// What a client registered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Client {
    pub(super) name: ClientName,
    pub(super) scopes: Scopes,
    pub(super) redirect_uris: Vec<RedirectUri>,
    pub(super) grant_types: Vec<GrantType>,
    /// Whose people it may ask, where its way of asking does not say it later.
    pub(super) instance_id: Option<InstanceId>,
}

/// A client that showed its id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct KnownClient {
    pub(super) client: Client,
    pub(super) hash: ClientHash,
}

/// What a client is given.
pub(super) struct Credentials {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) issued_at_ms: i64,
    pub(super) expires_at_ms: i64,
}

#[derive(Deserialize, Serialize)]
struct Sealed {
    name: String,
    scopes: String,
    redirect_uris: Vec<String>,
    grant_types: Vec<String>,
    instance_id: Option<String>,
    expires_at_ms: i64,
}

impl Client {
    /// Makes the client known.
    pub(super) fn register(&self, ctx: &Ctx<'_>) -> Result<Credentials, Fault> {
        let issued_at_ms = ctx.now_ms();
        let expires_at_ms = issued_at_ms + CLIENT_MS;
        let sealed = Sealed {
            name: self.name.to_string(),
            scopes: self.scopes.to_string(),
            redirect_uris: self.redirect_uris.iter().map(ToString::to_string).collect(),
            grant_types: self.grant_types.iter().map(|grant| grant.as_str().to_owned()).collect(),
            instance_id: self.instance_id.as_ref().map(ToString::to_string),
            expires_at_ms,
        };
        let plain =
            serde_json::to_vec(&sealed).map_err(|why| Fault::broken_at("sealing a client", why))?;
        if plain.len() > REGISTRATION_BYTES_MAX {
            return Err(OAuthError::InvalidClientMetadata
                .because("The registration is too long. Give fewer or shorter redirect URIs."));
        }
        let (keys, random) = (&ctx.portico.keys, &*ctx.portico.random);
        let id = keys.seal(ID_PURPOSE, random, b"", &plain)?;
        let secret = keys.seal(SECRET_PURPOSE, random, id.as_bytes(), b"")?;
        Ok(Credentials { id, secret, issued_at_ms, expires_at_ms })
    }

    /// Whether the client may come by tokens in this way.
    pub(super) fn require_grant(&self, grant: GrantType) -> Result<(), Fault> {
        if self.grant_types.contains(&grant) {
            return Ok(());
        }
        let because = format!("The client is not registered for the grant {}.", grant.as_str());
        Err(OAuthError::UnauthorizedClient.because(because))
    }

    fn from_sealed(sealed: &Sealed) -> Result<Self, &'static str> {
        let uris = sealed.redirect_uris.iter().map(|uri| uri.parse());
        let grants = sealed.grant_types.iter().map(|grant| grant.parse());
        Ok(Self {
            name: sealed.name.parse()?,
            scopes: sealed.scopes.parse()?,
            redirect_uris: uris.collect::<Result<_, _>>()?,
            grant_types: grants.collect::<Result<_, _>>()?,
            instance_id: sealed.instance_id.as_ref().map(|id| id.parse()).transpose()?,
        })
    }
}

/// The client with this id, if we made the id and it is not too old.
pub(super) fn find(ctx: &Ctx<'_>, id: &str) -> Option<KnownClient> {
    let plain = ctx.portico.keys.open(ID_PURPOSE, b"", id)?;
    let sealed: Sealed = serde_json::from_slice(&plain).ok()?;
    (ctx.now_ms() < sealed.expires_at_ms).then_some(())?;
    Some(KnownClient { client: Client::from_sealed(&sealed).ok()?, hash: hash_secret(id) })
}

/// The client that shows id and secret.
pub(super) fn require(ctx: &Ctx<'_>, id: &str, secret: &str) -> Result<KnownClient, Fault> {
    let proven = ctx.portico.keys.open(SECRET_PURPOSE, id.as_bytes(), secret).is_some();
    find(ctx, id).filter(|_| proven).ok_or_else(|| {
        OAuthError::InvalidClient
            .because("The client is not known here, or its registration is over. Register again.")
    })
}
