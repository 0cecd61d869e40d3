//! The network that a request came from.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// The part of the internet that one person controls: an IPv4 address, or the /64 network of an
/// IPv6 address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SourceNetwork(String);

impl SourceNetwork {
    /// The network of an address. Text that is not an IP address forms its own network.
    #[must_use]
    pub fn of(source_address: &str) -> Self {
        let Ok(address) = source_address.parse::<IpAddr>() else {
            return Self(source_address.to_owned());
        };
        match address.to_canonical() {
            IpAddr::V4(address) => Self(address.to_string()),
            IpAddr::V6(address) => {
                let network = address.to_bits() & (u128::MAX << 64);
                Self(format!("{}/64", Ipv6Addr::from_bits(network)))
            }
        }
    }
}

impl fmt::Display for SourceNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_owns_a_network_counts_once() {
        let network = |address| SourceNetwork::of(address).to_string();
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("portico"), "portico");
    }
}
