//! Start URLs and issuer URLs: the names by which clients refer to an instance.
//!
//! A client uses the URL only as an identifier; its endpoint settings decide where requests go. An
//! instance has many such URLs, and each is written with or without `/start`, `/`, `#` and `#/`.
//! [`StartUrl`] is the normal form without those differences.

use std::fmt;
use std::str::FromStr;

use model::ids::{IdentityStoreId, InstanceId};

/// Maximum length of a URL in bytes, more than any start URL has.
const BYTES_MAX: usize = 1024;

/// An instance, by one of its URLs.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum StartUrl {
    /// `https://d-0123456789.awsapps.com/start`
    IdentityStore(IdentityStoreId),
    /// `https://acme.awsapps.com/start`: the alias that replaces the id of the identity store.
    Alias(String),
    /// `https://ssoins-….portal.<region>.app.aws`, `https://ssoins-….<region>.portal.amazonaws.com`,
    /// `https://identitycenter.amazonaws.com/ssoins-…`
    Instance(InstanceId),
    /// Any other URL, without `/start`. It may be the normal form of the public URL of the server.
    Other(String),
}

impl FromStr for StartUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text.trim_ascii())
            .ok_or("be the URL of an access portal, like https://d-0123456789.awsapps.com/start")
    }
}

impl fmt::Display for StartUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IdentityStore(id) => write!(f, "https://{id}.awsapps.com/start"),
            Self::Alias(alias) => write!(f, "https://{alias}.awsapps.com/start"),
            Self::Instance(id) => write!(f, "https://identitycenter.amazonaws.com/{id}"),
            Self::Other(url) => f.write_str(url),
        }
    }
}

fn parse(text: &str) -> Option<StartUrl> {
    let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
    (printable && text.len() <= BYTES_MAX).then_some(())?;
    let (scheme, rest) = text.split_once("://")?;
    let scheme = ["https", "http"].into_iter().find(|known| known.eq_ignore_ascii_case(scheme))?;
    // RFC 3986 §3: a query and a fragment follow the path. The pages of AWS's portal are named in the
    // fragment, and people copy the URL from the browser.
    let rest = rest.split(['#', '?']).next()?;
    let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let authority = authority.to_ascii_lowercase();
    let (host, port) = host_and_port(&authority)?;
    let port = port.filter(|port| ![("https", "443"), ("http", "80")].contains(&(scheme, port)));
    let path = path.trim_end_matches('/');
    let mut base = path;
    while let Some(shorter) = base.strip_suffix("/start") {
        base = shorter.trim_end_matches('/');
    }
    if scheme == "https"
        && port.is_none()
        && let Some(url) = parse_aws(host, path, base)
    {
        return Some(url);
    }
    // The machine itself has three names.
    let host = if ["127.0.0.1", "[::1]"].contains(&host) { "localhost" } else { host };
    let (colon, port) = port.map_or(("", ""), |port| (":", port));
    Some(StartUrl::Other(format!("{scheme}://{host}{colon}{port}{base}")))
}

// RFC 3986 §3.2, without a user name, which can make one host look like another.
fn host_and_port(authority: &str) -> Option<(&str, Option<&str>)> {
    let address = authority.starts_with('[').then(|| authority.find(']')).flatten();
    let (host, rest) = match address {
        Some(end) => authority.split_at_checked(end + 1)?,
        None => authority.find(':').map_or((authority, ""), |colon| authority.split_at(colon)),
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    let is_address = |byte: u8| byte.is_ascii_hexdigit() || b":.[]".contains(&byte);
    let well_formed = match address {
        Some(_) => host.bytes().all(is_address),
        None => !host.is_empty() && host.bytes().all(is_name),
    };
    let port = if rest.is_empty() { None } else { Some(rest.strip_prefix(':')?) };
    let numeric = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|n| n.to_string() == port));
    (well_formed && numeric).then_some((host, port))
}

// AWS: the hosts of access portals and issuers. Clients accept another host only if it redirects to one.
fn parse_aws(host: &str, path: &str, base: &str) -> Option<StartUrl> {
    if host == "identitycenter.amazonaws.com" {
        return path.strip_prefix('/')?.parse().ok().map(StartUrl::Instance);
    }
    base.is_empty().then_some(())?;
    let mut labels = host.split('.');
    let name = labels.next()?;
    let rest: Vec<&str> = labels.collect();
    match rest.as_slice() {
        ["awsapps", "com"] if name.starts_with("d-") => {
            name.parse().ok().map(StartUrl::IdentityStore)
        }
        ["awsapps", "com"] => is_label(name).then(|| StartUrl::Alias(name.to_owned())),
        ["portal", _, "app", "aws"] | [_, "portal", "amazonaws", "com"] => {
            name.parse().ok().map(StartUrl::Instance)
        }
        _ => None,
    }
}

fn is_label(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> StartUrl {
        text.parse().unwrap()
    }

    #[test]
    fn all_spellings_mean_the_same_instance() {
        let store = StartUrl::IdentityStore("d-90678874c6".parse().unwrap());
        let instance = StartUrl::Instance("ssoins-0123456789abcdef".parse().unwrap());
        for (base, url) in [
            ("https://d-90678874c6.awsapps.com", &store),
            ("HTTPS://D-90678874C6.AWSAPPS.COM:443", &store),
            ("https://acme-co.awsapps.com", &StartUrl::Alias("acme-co".to_owned())),
            ("https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws", &instance),
            ("https://ssoins-0123456789abcdef.eu-west-1.portal.amazonaws.com", &instance),
            ("https://sso.example.com", &StartUrl::Other("https://sso.example.com".to_owned())),
            ("http://127.0.0.1:8080", &StartUrl::Other("http://localhost:8080".to_owned())),
            ("http://[::1]:8080", &read("http://localhost:8080")),
            ("https://sso.example.com/start/start", &read("https://sso.example.com")),
            ("https://sso.example.com/portico", &read("https://sso.example.com/portico/")),
        ] {
            for end in [
                "",
                "/",
                "#",
                "/#",
                "/#/",
                "/start",
                "/start/",
                "/start#",
                "/start#/",
                "/start/#/",
                "/start/#/device?user_code=AAAA-BBBB",
                "/start?x",
            ] {
                assert_eq!(&read(&format!(" {base}{end}\n")), url, "{base}{end}");
            }
        }
        assert_eq!(read("https://identitycenter.amazonaws.com/ssoins-0123456789abcdef/"), instance);
    }

    #[test]
    fn what_only_looks_like_aws_is_an_own_url() {
        for text in [
            "https://d-90678874c6.awsapps.com.example.com/start",
            "https://d-90678874c6.awsapps.com:8443/start",
            "http://d-90678874c6.awsapps.com/start",
            "https://d-90678874c6.awsapps.com/directory/start",
            "https://d-9067.awsapps.com/start",
            "https://a.b.awsapps.com/start",
            "https://identitycenter.amazonaws.com/ssoins-0123456789abcdef/start",
            "https://identitycenter.amazonaws.com/",
        ] {
            assert!(matches!(read(text), StartUrl::Other(_)), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn what_is_no_url_is_refused() {
        for text in [
            "",
            "start",
            "ftp://a/start",
            "https://",
            "https:///start",
            "https://#",
            "https://:443",
            "https://user@d-90678874c6.awsapps.com/start",
            "https://a b/start",
            "https://ä.example/start",
            "https://a\\b/start",
            "javascript:alert(1)",
            &format!("https://{}", "a".repeat(1024)),
        ] {
            assert!(text.parse::<StartUrl>().is_err(), "{text}");
        }
    }

    /// Strategy: every way to write the letters of `text` large or small.
    fn in_any_case(text: &'static str) -> impl Strategy<Value = String> {
        proptest::collection::vec(any::<bool>(), text.len()).prop_map(move |large| {
            let letters = text.chars().zip(large);
            let shown = |(c, large): (char, bool)| if large { c.to_ascii_uppercase() } else { c };
            letters.map(shown).collect()
        })
    }

    proptest! {
        // RFC 3986 §6.2.2.1: the case of scheme and host means nothing, that of the path does.
        #[test]
        fn scheme_and_host_mean_the_same_in_capitals(
            (host, written) in prop_oneof![
                Just("https://d-90678874c6.awsapps.com"),
                Just("https://acme-co.awsapps.com"),
                Just("https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws"),
                Just("https://sso.example.com:8443"),
                Just("http://localhost:8080"),
            ]
            .prop_flat_map(|host| (Just(host), in_any_case(host))),
            end in "(/|/start|/start/)?#?(/Device)?",
        ) {
            let expected = format!("{host}{end}").parse::<StartUrl>();
            prop_assert!(expected.is_ok());
            prop_assert_eq!(format!("{written}{end}").parse::<StartUrl>(), expected);
            let other = format!("{written}/START");
            prop_assert!(matches!(other.parse(), Ok(StartUrl::Other(_))), "{}", other);
        }

        #[test]
        fn what_is_written_reads_back(text in "(https?://)?[a-z0-9.:@%/#?\\[\\]-]{0,40}") {
            for text in [text.clone(), format!("https://{text}")] {
                if let Ok(url) = text.parse::<StartUrl>() {
                    prop_assert_eq!(url.to_string().parse(), Ok(url));
                }
            }
        }
    }
}
