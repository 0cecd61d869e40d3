//! The networks that a request came from.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A part of the internet that one party may control: a network of IP addresses.
///
/// Text that is not an IP address, such as the name of a job, forms its own network.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct SourceNetwork(Source);

#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Source {
    /// The first address of the network, and the length of its prefix in bits.
    Prefix(IpAddr, u32),
    Name(Box<str>),
    Proxies,
}

/// The size of a network. A larger one contains the smaller ones.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NetworkSize {
    /// An IPv4 address, the /64 of an IPv6 address, or a name.
    Single,
    /// The /56 of an IPv6 address: what providers assign to a home.
    // RFC 6177 §2.
    Site,
    /// The /24 of an IPv4 address or the /48 of an IPv6 address: what anyone may rent.
    Block,
    /// All trusted proxies together.
    Proxies,
}

/// The networks that an address belongs to. There are at most three of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Networks {
    single: (NetworkSize, SourceNetwork),
    site: Option<SourceNetwork>,
    block: Option<SourceNetwork>,
}

impl SourceNetwork {
    /// The smallest network of an address: an IPv4 address, or the /64 of an IPv6 address. Text that is
    /// not an IP address forms its own network.
    #[must_use]
    pub fn of(source_address: &str) -> Self {
        Networks::of(source_address).single.1
    }

    fn prefix(address: IpAddr, bits: u32) -> Self {
        let first = match address {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(Ipv4Addr::BITS.saturating_sub(bits));
                IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask.unwrap_or(0)))
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX.checked_shl(Ipv6Addr::BITS.saturating_sub(bits));
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask.unwrap_or(0)))
            }
        };
        Self(Source::Prefix(first, bits))
    }
}

impl Networks {
    /// The networks of an address, or of text that is not one.
    #[must_use]
    pub fn of(source_address: &str) -> Self {
        source_address.parse().map_or_else(
            |_| {
                let name = SourceNetwork(Source::Name(source_address.into()));
                Self { single: (NetworkSize::Single, name), site: None, block: None }
            },
            |address: IpAddr| address.into(),
        )
    }

    /// The network of trusted proxies. A proxy carries many people, so the share of an address is too
    /// small for it.
    #[must_use]
    pub fn of_proxies() -> Self {
        let single = (NetworkSize::Proxies, SourceNetwork(Source::Proxies));
        Self { single, site: None, block: None }
    }

    /// Tells whether the address is in the network.
    #[must_use]
    pub fn contains(&self, network: &SourceNetwork) -> bool {
        self.iter().any(|(_, own)| own == network)
    }

    /// The smallest of the networks.
    #[must_use]
    pub fn single(&self) -> &SourceNetwork {
        &self.single.1
    }

    /// The largest of the networks.
    #[must_use]
    pub fn largest(&self) -> &SourceNetwork {
        self.block.as_ref().unwrap_or(&self.single.1)
    }

    /// The networks with their sizes, the smallest first.
    pub fn iter(&self) -> impl Iterator<Item = (NetworkSize, &SourceNetwork)> {
        let site = self.site.iter().map(|network| (NetworkSize::Site, network));
        let block = self.block.iter().map(|network| (NetworkSize::Block, network));
        std::iter::once((self.single.0, &self.single.1)).chain(site).chain(block)
    }
}

impl From<IpAddr> for Networks {
    /// An IPv4-mapped IPv6 address counts as the IPv4 address.
    fn from(address: IpAddr) -> Self {
        let address = address.to_canonical();
        let prefix = |bits| SourceNetwork::prefix(address, bits);
        let (single, site, block) = match address {
            IpAddr::V4(_) => (prefix(Ipv4Addr::BITS), None, prefix(24)),
            IpAddr::V6(_) => (prefix(64), Some(prefix(56)), prefix(48)),
        };
        Self { single: (NetworkSize::Single, single), site, block: Some(block) }
    }
}

impl fmt::Display for SourceNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Prefix(address @ IpAddr::V4(_), Ipv4Addr::BITS) => write!(f, "{address}"),
            Source::Prefix(first, bits) => write!(f, "{first}/{bits}"),
            Source::Name(name) => f.write_str(name),
            Source::Proxies => f.write_str("trusted proxies"),
        }
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

    #[test]
    fn an_address_belongs_to_networks_of_several_sizes() {
        let all = |address| {
            let networks = Networks::of(address);
            networks.iter().map(|(_, network)| network.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(all("192.0.2.7"), ["192.0.2.7", "192.0.2.0/24"]);
        assert_eq!(all("::ffff:192.0.2.7"), ["192.0.2.7", "192.0.2.0/24"]);
        assert_eq!(
            all("2001:db8:1:234:5:6:7:8"),
            ["2001:db8:1:234::/64", "2001:db8:1:200::/56", "2001:db8:1::/48"]
        );
        assert_eq!(all("portico"), ["portico"]);
        assert_eq!(all(""), [""]);
        assert_ne!(Networks::of_proxies(), Networks::of("trusted proxies"));
    }

    #[test]
    fn networks_of_different_sizes_differ_even_if_they_begin_alike() {
        let networks = Networks::of("2001:db8::1");
        let [first, second, third] = networks.iter().collect::<Vec<_>>()[..] else { panic!() };
        assert!(first != second && second != third && first != third);
    }
}
