//! Who may read `/metrics`: operation names and counts tell strangers what the organisation does.
//!
//! Without a setting only programs on this machine may, and only directly, if the public URL is on loopback. Behind
//! another one there may be a forwarder on this machine, which has a loopback address and need not tell of its
//! client. RFC 6750 §2.1: a token is sent as `Authorization: Bearer TOKEN`.

use std::net::IpAddr;
use std::path::Path;

use http::{HeaderMap, header};
use model::network::IpRange;
use protocol::host::Host;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::config::is_on_loopback;

/// Minimum length of a token. 16 random bytes in hex have 32 characters.
const TOKEN_BYTES_MIN: usize = 16;

/// Maximum length of a token.
const TOKEN_BYTES_MAX: usize = 1024;

/// Headers that tell that a request came through a proxy.
const FORWARDED: [&str; 5] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/// Who may read the metrics on the address of the server.
#[derive(Debug, Default)]
pub enum MetricsAccess {
    /// Programs on this machine.
    #[default]
    Loopback,
    /// Programs that send the token, wherever they are. Its SHA-256 is kept.
    Token([u8; 32]),
    /// Everybody who reaches the address.
    Everybody,
    /// No program: the metrics have an address of their own.
    Elsewhere,
    /// No program, until a setting says who may.
    Unset,
}

impl MetricsAccess {
    /// Access to a server with this public URL whose operator says nothing about metrics.
    #[must_use]
    pub fn without_setting(public_url: &str) -> Self {
        if is_on_loopback(public_url) { Self::Loopback } else { Self::Unset }
    }

    /// Access by the token in a file. White space around it does not count.
    pub fn read_token(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            format!(
                "--metrics-token-file must be a file that can be read: {}: {error}",
                path.display()
            )
        })?;
        let token = text.trim();
        let is_long = (TOKEN_BYTES_MIN..=TOKEN_BYTES_MAX).contains(&token.len());
        if !is_long || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!(
                "the token in {}, the file of --metrics-token-file, must be {TOKEN_BYTES_MIN} to {TOKEN_BYTES_MAX} letters, digits \
                 and signs without blanks, such as `openssl rand -hex 32` prints",
                path.display()
            ));
        }
        Ok(Self::Token(Sha256::digest(token).into()))
    }

    /// Tells whether a request may read the metrics. `client` is its address behind the trusted proxies.
    #[must_use]
    pub fn admits(&self, headers: &HeaderMap, client: Option<IpAddr>, proxies: &[IpRange]) -> bool {
        match self {
            Self::Loopback => client.is_some_and(|client| is_local(headers, client, proxies)),
            Self::Token(token) => has_token(headers, token),
            Self::Everybody => true,
            Self::Elsewhere | Self::Unset => false,
        }
    }

    /// The text for a client that may not read the metrics.
    #[must_use]
    pub fn refusal(&self) -> &'static str {
        match self {
            Self::Loopback => {
                "The metrics are only for programs on this machine that ask directly, by a loopback name. \
                 --metrics-token-file FILE opens them to programs that send a token, and \
                 --metrics-listen ADDRESS serves them on an address of their own.\n"
            }
            Self::Token(_) => {
                "The metrics need the token of --metrics-token-file: Authorization: Bearer TOKEN.\n"
            }
            Self::Unset => {
                "The metrics are closed, because the public URL leads to other machines: --metrics-listen \
                 127.0.0.1:9464 serves them on an address of their own, and --metrics-token-file FILE opens them here \
                 to programs that send a token.\n"
            }
            Self::Everybody | Self::Elsewhere => {
                "The metrics are on an address of their own, which --metrics-listen names.\n"
            }
        }
    }
}

fn is_local(headers: &HeaderMap, client: IpAddr, proxies: &[IpRange]) -> bool {
    let is_direct = !FORWARDED.iter().any(|name| headers.contains_key(*name));
    // A proxy that is trusted told the client's address. Others hide it.
    let is_told = is_direct || proxies.iter().any(|proxy| proxy.contains(client));
    // Proxies that add nothing still pass on the name that the client asked for.
    let host = headers.get(header::HOST).and_then(|host| Host::parse(host.to_str().ok()?));
    client.is_loopback() && is_told && host.is_some_and(|host| host.name().is_loopback())
}

fn has_token(headers: &HeaderMap, token: &[u8; 32]) -> bool {
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (sent.next(), sent.next()) else { return false };
    let Some((scheme, sent)) = value.to_str().ok().and_then(|text| text.split_once(' ')) else {
        return false;
    };
    // The hashes have one length, so that the time tells nothing of the token.
    let sent: [u8; 32] = Sha256::digest(sent.trim()).into();
    scheme.eq_ignore_ascii_case("bearer") && bool::from(sent.ct_eq(token))
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    fn is_local(pairs: &[(&'static str, &'static str)], client: &str, proxies: &[&str]) -> bool {
        let proxies: Vec<IpRange> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        let client = client.parse().ok();
        MetricsAccess::Loopback.admits(&headers(pairs), client, &proxies)
    }

    #[test]
    fn programs_on_this_machine_read_the_metrics() {
        for host in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080"] {
            assert!(is_local(&[("host", host)], "127.0.0.1", &[]));
        }
        assert!(is_local(&[("host", "localhost")], "::1", &[]));
        // A trusted proxy told that its client is on this machine too.
        let told = [("host", "localhost"), ("x-forwarded-for", "127.0.0.1")];
        assert!(is_local(&told, "127.0.0.1", &["127.0.0.1"]));
    }

    #[test]
    fn nobody_else_does() {
        let local = ("host", "localhost:8080");
        assert!(!is_local(&[local], "192.0.2.1", &[]));
        assert!(!is_local(&[local], "unknown", &[]));
        assert!(!is_local(&[("host", "sso.example.com")], "127.0.0.1", &[]));
        for name in FORWARDED {
            let forwarded = [local, (name, "127.0.0.1")];
            assert!(!is_local(&forwarded, "127.0.0.1", &[]), "{name}");
            assert!(!is_local(&forwarded, "127.0.0.1", &["10.0.0.1"]), "{name}");
        }
    }

    #[test]
    fn a_token_opens_the_metrics_to_whoever_sends_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "0123456789abcdef\n").unwrap();
        let access = MetricsAccess::read_token(&path).unwrap();
        let admits = |value| access.admits(&headers(&[("authorization", value)]), None, &[]);
        assert!(admits("Bearer 0123456789abcdef") && admits("bearer  0123456789abcdef"));
        for value in ["Bearer 0123456789abcdeF", "Bearer ", "Bearer", "Basic 0123456789abcdef", ""]
        {
            assert!(!admits(value), "{value}");
        }
        let twice = ("authorization", "Bearer 0123456789abcdef");
        assert!(!access.admits(&headers(&[twice, twice]), None, &[]));
        // With a token, this machine needs it too.
        let local = headers(&[("host", "localhost")]);
        assert!(!access.admits(&local, "127.0.0.1".parse().ok(), &[]));
    }

    #[test]
    fn a_token_that_is_short_or_has_blanks_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        assert!(MetricsAccess::read_token(&path).is_err());
        for text in ["", "short", "0123456789 abcdef", "0123456789\nabcdef", "0123456789abcdeä"] {
            std::fs::write(&path, text).unwrap();
            assert!(MetricsAccess::read_token(&path).is_err(), "{text}");
        }
    }

    #[test]
    fn without_a_setting_a_server_for_other_machines_admits_nobody() {
        let local = headers(&[("host", "localhost")]);
        let client = Some(IpAddr::from([127, 0, 0, 1]));
        let of = |url: &str| MetricsAccess::without_setting(url);
        for url in ["http://localhost:8080", "http://127.0.0.1:8080", "https://id.localhost"] {
            assert!(of(url).admits(&local, client, &[]), "{url}");
        }
        let closed = of("https://sso.example.com");
        assert!(!closed.admits(&local, client, &[]));
        assert!(closed.refusal().contains("--metrics-listen 127.0.0.1:9464"));
    }
}
