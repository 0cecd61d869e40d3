//! The address of a client behind proxies.
//!
//! RFC 7239 §5.2 and §8.1, in the form that proxies use: `X-Forwarded-For`.
//! INVARIANT: an entry is believed only if a trusted proxy added it. Entries that the client wrote stand
//! before the entry of the outermost trusted proxy, so they are never reached.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use model::network::IpRange;

/// The header in which proxies name the clients that they forward for.
pub(crate) const FORWARDED_FOR: &str = "x-forwarded-for";

/// Other headers by which proxies tell that they forward.
const FORWARDING: [&str; 5] =
    ["forwarded", "via", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/// Address of a client.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct ClientAddress {
    /// The nearest address on the path that is not a trusted proxy's.
    pub(crate) nearest: IpAddr,
    /// True if `nearest` forwards for somebody else, as its request says. It may be a proxy that the operator did not
    /// name, or a client that says so.
    pub(crate) is_forwarding: bool,
}

/// Finds the address of the client.
pub(crate) fn client_address(
    proxies: &[IpRange],
    headers: &HeaderMap,
    peer: IpAddr,
) -> ClientAddress {
    let is_trusted = |address| proxies.iter().any(|proxy| proxy.contains(address));
    let peer = peer.to_canonical();
    let mut nearest = peer;
    // Some proxies extend the existing line, others add a line. The last entry of all is the nearest.
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    for entry in lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(',')) {
        match parse(entry.trim()) {
            Some(address) if is_trusted(nearest) => nearest = address.to_canonical(),
            // The entry stays: nobody trusted vouches for it.
            Some(_) | None => return ClientAddress { nearest, is_forwarding: true },
        }
    }
    let says_so = FORWARDING.iter().any(|name| headers.contains_key(*name));
    // A proxy of its own writes these too.
    ClientAddress { nearest, is_forwarding: says_so && !is_trusted(peer) }
}

/// Parses an address. Some proxies add the port.
fn parse(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|entry| entry.strip_suffix(']')).unwrap_or(entry);
    bare.parse().ok().or_else(|| entry.parse().ok().map(|socket: SocketAddr| socket.ip()))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const PROXY: &str = "10.0.0.1";

    fn seen(proxies: &[&str], peer: &str, lines: &[&str]) -> String {
        let proxies: Vec<IpRange> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in lines {
            let line = HeaderValue::from_bytes(line.as_bytes()).unwrap();
            headers.append("x-forwarded-for", line);
        }
        client_address(&proxies, &headers, peer.parse().unwrap()).nearest.to_string()
    }

    #[test]
    fn a_proxy_that_is_not_named_gives_itself_away() {
        let forwards = |proxies: &[&str], headers: &[(&'static str, &str)]| {
            let proxies: Vec<IpRange> =
                proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(*name, HeaderValue::from_str(value).unwrap());
            }
            client_address(&proxies, &map, PROXY.parse().unwrap()).is_forwarding
        };
        assert!(!forwards(&[], &[]));
        for name in FORWARDING.into_iter().chain([FORWARDED_FOR]) {
            assert!(forwards(&[], &[(name, "203.0.113.9")]), "{name}");
        }
        // The named proxy says whom it forwards for.
        let named = [("x-forwarded-for", "203.0.113.9"), ("via", "1.1 proxy")];
        assert!(!forwards(&[PROXY], &named));
        // Before it stands another, or a client that wrote the header itself.
        assert!(forwards(&[PROXY], &[("x-forwarded-for", "198.51.100.7, 203.0.113.9")]));
        assert!(forwards(&[PROXY], &[("x-forwarded-for", "unknown")]));
        // A named proxy that forwards for nobody is asked by its own machine, such as by a check of its health.
        assert!(!forwards(&[PROXY], &[]));
    }

    #[test]
    fn without_a_proxy_of_ours_the_header_counts_for_nothing() {
        assert_eq!(seen(&[], "203.0.113.9", &["198.51.100.7"]), "203.0.113.9");
        assert_eq!(seen(&[PROXY], "203.0.113.9", &["198.51.100.7"]), "203.0.113.9");
    }

    #[test]
    fn what_the_client_wrote_itself_counts_for_nothing() {
        let ours = &[PROXY];
        assert_eq!(seen(ours, PROXY, &["198.51.100.7, 203.0.113.9"]), "203.0.113.9");
        // A proxy may add its own line after the client's.
        assert_eq!(seen(ours, PROXY, &["198.51.100.7", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(seen(ours, PROXY, &["198.51.100.7, 10.0.0.1", "203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn a_row_of_proxies_is_walked_to_its_end() {
        let ours = &[PROXY, "10.0.0.2"];
        let line = ["198.51.100.7, 203.0.113.9, 10.0.0.2"];
        assert_eq!(seen(ours, PROXY, &line), "203.0.113.9");
        assert_eq!(seen(ours, PROXY, &["198.51.100.7", "203.0.113.9", "10.0.0.2"]), "203.0.113.9");
    }

    #[test]
    fn a_network_of_proxies_is_walked_too() {
        let ours = &["10.0.0.0/24", "2001:db8:1::/64"];
        let line = ["198.51.100.7, 203.0.113.9, 2001:db8:1::2, 10.0.0.2"];
        assert_eq!(seen(ours, "10.0.0.250", &line), "203.0.113.9");
        assert_eq!(seen(ours, "::ffff:10.0.0.250", &line), "203.0.113.9");
        assert_eq!(seen(ours, "10.0.1.1", &line), "10.0.1.1");
    }

    #[test]
    fn an_entry_that_is_no_address_ends_the_walk() {
        let ours = &[PROXY];
        for line in ["unknown", "", "198.51.100.7,", "198.51.100.7, _hidden", "1.2.3.4, \u{e9}"] {
            assert_eq!(seen(ours, PROXY, &[line]), PROXY, "{line}");
        }
        assert_eq!(seen(ours, PROXY, &[]), PROXY);
    }

    #[test]
    fn an_address_is_the_same_in_every_spelling() {
        let ours = &[PROXY];
        for (entry, address) in [
            ("203.0.113.9:4711", "203.0.113.9"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
        ] {
            assert_eq!(seen(ours, PROXY, &[entry]), address);
            // A listener for both address families sees an IPv4 proxy as ::ffff:….
            assert_eq!(seen(ours, "::ffff:10.0.0.1", &[entry]), address);
        }
    }
}
