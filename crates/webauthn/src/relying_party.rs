//! Relying party: this server, as authenticators know it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use url::{Host, Url};

use crate::Refusal;

/// Random bytes that an answer has to repeat. §13.4.3: at least 16.
pub type Challenge = [u8; 32];

/// This server, as authenticators know it.
///
/// The id of the relying party is the host of the public URL, and the only origin that is accepted is that of the public
/// URL.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    pub(crate) id: String,
    /// HTML «origin», serialized: RFC 6454 §6.2.
    pub(crate) origin: String,
}

/// Begun ceremony.
#[derive(Debug)]
pub struct Begun {
    /// Options for the browser, as JSON: `PublicKeyCredentialCreationOptions` or `PublicKeyCredentialRequestOptions`,
    /// binary members in base64url.
    pub options: String,
    /// What the end of the ceremony has to know.
    ///
    /// INVARIANT: it holds the challenge, so it is sealed before it leaves the server.
    pub state: String,
}

impl RelyingParty {
    /// Makes the relying party of a server, or `None` if browsers offer no WebAuthn at its public URL.
    ///
    /// They offer it by https and on `localhost`, and only under a name (§5.1.3, §13.4.9).
    #[must_use]
    pub fn of(public_url: &str) -> Option<Self> {
        let url = Url::parse(public_url).ok()?;
        let Some(Host::Domain(host)) = url.host() else { return None };
        let is_loopback = host == "localhost" || host.ends_with(".localhost");
        (url.scheme() == "https" || (url.scheme() == "http" && is_loopback)).then_some(())?;
        Some(Self { id: host.to_owned(), origin: url.origin().ascii_serialization() })
    }
}

/// Writes JSON of our own.
pub(crate) fn write<T: Serialize>(value: &T) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(|_| Refusal::Unreadable)
}

/// Reads JSON that `write` wrote.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|_| Refusal::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_offer_webauthn_by_https_and_on_localhost_under_a_name() {
        let found = |url| RelyingParty::of(url).map(|party| (party.id, party.origin));
        let is = |id: &str, origin: &str| Some((id.to_owned(), origin.to_owned()));
        assert_eq!(
            found("https://sso.example.com"),
            is("sso.example.com", "https://sso.example.com")
        );
        assert_eq!(
            found("https://SSO.example.com:8443"),
            is("sso.example.com", "https://sso.example.com:8443")
        );
        assert_eq!(found("https://a.example:443"), is("a.example", "https://a.example"));
        assert_eq!(found("http://localhost:8080"), is("localhost", "http://localhost:8080"));
        for url in [
            "http://sso.example.com",
            "https://192.0.2.1",
            "http://127.0.0.1:8080",
            "https://[::1]",
            "ftp://localhost",
            "",
            "x",
        ] {
            assert_eq!(found(url), None, "{url}");
        }
    }
}
