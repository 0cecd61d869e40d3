//! Redirect URIs: RFC 8252 §7.3, loopback redirection.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::str::FromStr;

/// The URI that receives an authorization code: a program that listens on the person's own machine.
///
/// INVARIANT: strangers register clients, so a code is never sent to a machine that a stranger could
/// have chosen. The loopback address of a browser is the person's own machine (RFC 8252 §7.3).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RedirectUri {
    text: String,
    /// The range of the port in the text, with its colon; empty without a port.
    port: Range<usize>,
}

impl RedirectUri {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Tells whether a client that registered `self` may ask to be answered at `other`.
    // RFC 8252 §7.3: the client listens on any free port. RFC 9700 §2.1: the rest of the URI is
    // compared as text.
    #[must_use]
    pub fn admits(&self, other: &Self) -> bool {
        self.around_port() == other.around_port()
    }

    fn around_port(&self) -> (Option<&str>, Option<&str>) {
        (self.text.get(..self.port.start), self.text.get(self.port.end..))
    }
}

impl FromStr for RedirectUri {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const MUST: &str = "be an http URI of a loopback address, such as \
            http://127.0.0.1/oauth/callback";
        // Readers of URIs disagree about user names, backslashes and fragments, so those are refused.
        let plain = |byte: u8| (0x21..=0x7E).contains(&byte) && !b"\\\"<>^`{|}#@".contains(&byte);
        if text.len() > 1024 || !text.bytes().all(plain) {
            return Err(MUST);
        }
        let rest = text.strip_prefix("http://").ok_or(MUST)?;
        let authority = rest.split(['/', '?']).next().unwrap_or(rest);
        let (host, port) = split_port(authority).ok_or(MUST)?;
        if !is_loopback(host) || !(port.is_empty() || port.get(1..).is_some_and(is_port)) {
            return Err(MUST);
        }
        let start = "http://".len() + host.len();
        Ok(Self { text: text.to_owned(), port: start..start + port.len() })
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Splits an authority into the host and the port with its colon.
fn split_port(authority: &str) -> Option<(&str, &str)> {
    let host_bytes = match authority.strip_prefix('[') {
        Some(address) => address.find(']')? + 2,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at_checked(host_bytes)?;
    (port.is_empty() || port.starts_with(':')).then_some((host, port))
}

fn is_port(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
}

// RFC 8252 §8.3: `localhost` is allowed, although an address is better.
fn is_loopback(host: &str) -> bool {
    let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match v6 {
        Some(address) => address.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
        None => {
            host == "localhost"
                || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_port_of_a_redirect_uri_is_free_and_nothing_else(
            registered in proptest::option::of(any::<u16>()),
            asked in proptest::option::of(any::<u16>()),
            path in "(/[a-z.]{0,5}){1,3}(\\?[a-z]=[0-9])?",
            other in "(/[a-z.]{0,5}){1,3}(\\?[a-z]=[0-9])?",
            host in "127\\.0\\.0\\.1|localhost|\\[::1\\]",
            other_host in "127\\.0\\.0\\.[12]|localhost",
        ) {
            let uri = |host: &str, port: Option<u16>, path: &str| {
                let port = port.map(|port| format!(":{port}")).unwrap_or_default();
                format!("http://{host}{port}{path}").parse::<RedirectUri>().unwrap()
            };
            let own = uri(&host, registered, &path);
            prop_assert!(own.admits(&uri(&host, asked, &path)));
            prop_assert_eq!(own.admits(&uri(&host, asked, &other)), path == other);
            prop_assert_eq!(own.admits(&uri(&other_host, asked, &path)), host == other_host);
        }

        #[test]
        fn a_redirect_uri_never_leaves_the_own_machine(text in "http://[\\[\\]@:/?#.\\\\a-z0-9]{0,30}") {
            if let Ok(uri) = text.parse::<RedirectUri>() {
                let rest = uri.as_str().strip_prefix("http://").unwrap();
                let end = rest.find(['/', '?']).unwrap_or(rest.len());
                let authority = &rest[..end];
                prop_assert!(!authority.contains(['@', '\\', '#']));
                let name = authority.rsplit_once(':').map_or(authority, |(name, port)| {
                    if port.ends_with(']') { authority } else { name }
                });
                prop_assert!(name == "localhost" || name.starts_with("127.") || name.starts_with('['));
            }
        }
    }

    #[test]
    fn a_redirect_uri_leads_to_the_own_machine() {
        for text in [
            "http://127.0.0.1/oauth/callback",
            "http://127.0.0.1:65535/oauth/callback?a=b",
            "http://[::1]:8/",
            "http://localhost",
        ] {
            assert!(text.parse::<RedirectUri>().is_ok(), "{text}");
        }
        for text in [
            "https://example.com/",
            "http://example.com/",
            "https://127.0.0.1/",
            "http://127.0.0.1@example.com/",
            "http://127.0.0.1\\@example.com/",
            "http://127.0.0.1.example.com/",
            "http://127.0.0.1:80@example.com/",
            "http://127.0.0.1:/../",
            "http://127.0.0.1:65536/",
            "http://127.0.0.1:+1/",
            "http://[::1",
            "http://[::1]example.com/",
            "http://[127.0.0.1]/",
            "http://127.1/",
            "http:///",
            "http://127.0.0.1/#fragment",
            "http://127.0.0.1/a b",
            "http://127.0.0.1/\n",
            "javascript:alert(1)",
            "HTTP://127.0.0.1/",
            "",
        ] {
            assert!(text.parse::<RedirectUri>().is_err(), "{text}");
        }
    }
}
