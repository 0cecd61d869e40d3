//! The host that a request is for: the value of `Host`, or the authority of an absolute request target.
//!
//! RFC 9110 §7.2, RFC 9112 §3.2, RFC 3986 §3.2.2. A name holds only characters that names on a network have:
//! escapes and sub-delimiters, which the grammar of URLs allows, are refused.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use serde::Deserialize;

/// Maximum length of a host with its port. RFC 1035 §2.3.4: a name has 255 bytes at most.
pub const HOST_BYTES_MAX: usize = 255 + ":65535".len();

/// A host with its port.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Host<'a> {
    name: Name<'a>,
    port: Option<u16>,
}

/// A name or an address without a port, kept.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct HostName(String);

/// The host without its port.
#[derive(Clone, Copy, Debug, Eq)]
pub enum Name<'a> {
    Address(IpAddr),
    /// A name as the request spells it. It may end in the dot of the root.
    Named(&'a str),
}

impl<'a> Host<'a> {
    /// Parses `name`, `name:port`, `address:port` or `[address]:port`; `None` if it is none of them.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        if text.len() > HOST_BYTES_MAX {
            return None;
        }
        // The colons of an IPv6 address, which is in brackets, do not begin a port.
        let (name, port) = if let Some(rest) = text.strip_prefix('[') {
            let (address, port) = rest.split_once(']')?;
            let address: Ipv6Addr = address.parse().ok()?;
            (Name::Address(address.into()), port)
        } else {
            let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            (Name::parse(name)?, port)
        };
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => None,
            // RFC 3986 §3.2.3: a port may be empty.
            Some("") => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(digits.parse().ok()?)
            }
            Some(_) | None => return None,
        };
        Some(Self { name, port })
    }

    /// The host without its port.
    #[must_use]
    pub fn name(&self) -> Name<'a> {
        self.name
    }

    /// The port, if one is named.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }
}

impl<'a> Name<'a> {
    /// Parses a name or an IPv4 address.
    fn parse(text: &'a str) -> Option<Self> {
        if let Ok(address) = text.parse() {
            return Some(Self::Address(IpAddr::V4(address)));
        }
        let is_unreserved =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        (!text.is_empty() && text.bytes().all(is_unreserved)).then_some(Self::Named(text))
    }

    /// Tells whether this is the machine itself, whatever a name service says.
    ///
    /// RFC 6761 §6.3: `localhost` and all names below it are loopback.
    #[must_use]
    pub fn is_loopback(self) -> bool {
        match self {
            Self::Address(address) => address.to_canonical().is_loopback(),
            Self::Named(_) => self == Self::Named("localhost") || self.is_below("localhost"),
        }
    }

    /// Tells whether this is a sub-domain of `domain`.
    #[must_use]
    pub fn is_below(self, domain: &str) -> bool {
        let Self::Named(name) = self else { return false };
        let name = relative(name);
        let split = name.len().checked_sub(domain.len());
        let split = split.and_then(|split| name.split_at_checked(split));
        split.is_some_and(|(below, end)| {
            end.eq_ignore_ascii_case(domain) && below.len() > 1 && below.ends_with('.')
        })
    }
}

/// Names are equal in any case, with and without the dot of the root.
impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Address(one), Self::Address(two)) => one.to_canonical() == two.to_canonical(),
            (Self::Named(one), Self::Named(two)) => {
                relative(one).eq_ignore_ascii_case(relative(two))
            }
            (Self::Address(_), Self::Named(_)) | (Self::Named(_), Self::Address(_)) => false,
        }
    }
}

/// A name without the dot of the root. RFC 1034 §3.1.
fn relative(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

impl HostName {
    /// The name, to compare with that of a request.
    #[must_use]
    pub fn name(&self) -> Option<Name<'_>> {
        Host::parse(&self.0).map(|host| host.name())
    }
}

impl FromStr for HostName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_bare = Host::parse(text).is_some_and(|host| host.port().is_none());
        let must = "it must be a host name or an IP address, such as aws.test or [2001:db8::1], without a port";
        if is_bare && !text.ends_with(':') { Ok(Self(text.to_owned())) } else { Err(must) }
    }
}

impl TryFrom<String> for HostName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for Host<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Name::Address(IpAddr::V4(address)) => write!(f, "{address}")?,
            Name::Address(IpAddr::V6(address)) => write!(f, "[{address}]")?,
            Name::Named(name) => f.write_str(name)?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> Name<'_> {
        Host::parse(text).unwrap().name()
    }

    #[test]
    fn a_host_is_a_name_or_an_address_with_or_without_a_port() {
        for (text, port) in [
            ("localhost", None),
            ("sso.example.com:8080", Some(8080)),
            ("photos_2.example.com.:443", Some(443)),
            ("127.0.0.1:1", Some(1)),
            ("[::1]", None),
            ("[2001:db8::1]:65535", Some(65535)),
            ("localhost:", None),
        ] {
            assert_eq!(Host::parse(text).unwrap().port(), port, "{text}");
        }
    }

    #[test]
    fn other_text_is_no_host() {
        for text in [
            "",
            ":",
            ":80",
            " localhost",
            "localhost ",
            "a b",
            "a,b",
            "a/b",
            "user@a",
            "a:b",
            "a:65536",
            "a:+1",
            "a:1:2",
            "::1",
            "[::1",
            "[::1]x",
            "[::1]80",
            "[]",
            "[a]",
            "[fe80::1%25eth0]",
            "[127.0.0.1]",
            "ä",
            "%6cocalhost",
            "a\0",
            "a\\b",
            "http://a",
            "a?",
            "a#",
            "*.localhost",
        ] {
            assert_eq!(Host::parse(text), None, "{text:?}");
        }
        assert!(Host::parse(&"a".repeat(HOST_BYTES_MAX)).is_some());
        assert_eq!(Host::parse(&"a".repeat(HOST_BYTES_MAX + 1)), None);
    }

    #[test]
    fn loopback_is_known_by_its_name_alone() {
        for text in [
            "localhost",
            "LocalHost:1",
            "localhost.",
            "photos.localhost",
            "a.b.LOCALHOST.:80",
            "127.0.0.1",
            "127.255.0.9:8080",
            "[::1]:8080",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(name(text).is_loopback(), "{text}");
        }
        for text in [
            "localhost.evil.example",
            "evil-localhost",
            ".localhost",
            "notlocalhost",
            "127.0.0.1.evil.example",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0.0.0.0",
            "128.0.0.1",
            "[::]",
            "[::2]",
            "localhost..",
            "example",
        ] {
            assert!(!name(text).is_loopback(), "{text}");
        }
    }

    #[test]
    fn a_name_is_below_a_domain_at_a_dot() {
        assert!(name("a.S3.example.com:80").is_below("s3.example.com"));
        assert!(name("a.b.s3.example.com.").is_below("s3.example.com"));
        for text in
            ["s3.example.com", "as3.example.com", ".s3.example.com", "example.com", "10.0.0.1"]
        {
            assert!(!name(text).is_below("s3.example.com"), "{text}");
        }
    }

    #[test]
    fn a_host_name_has_no_port() {
        let name = |text: &str| text.parse::<HostName>();
        assert_eq!(name("AWS.test").unwrap().name(), Some(Name::Named("aws.test")));
        assert!(name("[2001:db8::1]").is_ok() && name("10.0.0.1").is_ok());
        for text in ["", "aws.test:8080", "aws.test:", "*", "http://aws.test", "a b"] {
            assert!(name(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_host_that_is_written_reads_back(text in "[a-zA-Z0-9.:~_%,@/ \\[\\]-]{0,24}") {
            if let Some(host) = Host::parse(&text) {
                let written = host.to_string();
                prop_assert_eq!(Host::parse(&written), Some(host));
                prop_assert!(written.len() <= HOST_BYTES_MAX);
            }
        }

        #[test]
        fn addresses_are_hosts(address: std::net::IpAddr, port: u16) {
            let text = std::net::SocketAddr::new(address, port).to_string();
            let host = Host::parse(&text).unwrap();
            prop_assert_eq!((host.name(), host.port()), (Name::Address(address), Some(port)));
        }
    }
}
