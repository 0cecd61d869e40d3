//! The endpoint that clients on this machine are told.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The URL under which programs on this machine reach a listener.
pub(super) fn endpoint(local: SocketAddr) -> String {
    let address = match local.ip() {
        // A listener on all addresses of IPv6 has those of IPv4 too.
        address if address.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        address => address,
    };
    format!("http://{}", SocketAddr::new(address, local.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_endpoint_is_the_address_that_is_listened_on() {
        for (local, url) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("127.0.0.2:1", "http://127.0.0.2:1"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("0.0.0.0:8099", "http://127.0.0.1:8099"),
            ("[::]:8099", "http://127.0.0.1:8099"),
            ("10.0.0.5:8080", "http://10.0.0.5:8080"),
        ] {
            assert_eq!(endpoint(local.parse().unwrap()), url);
        }
    }
}
