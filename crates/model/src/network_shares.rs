//! Shares of something that strangers hold, by the network that they come from.
//!
//! INVARIANT: the sum of all shares never passes the total, however many addresses take part. A bound
//! per address alone is none, because anyone may rent a network with as many addresses as they like.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::source_network::{NetworkSize, Networks, SourceNetwork};

/// What networks of each size, and all together, may hold. The unit is that of what is held:
/// connections, bytes, events.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NetworkLimits {
    /// Maximum of an IPv4 address or an IPv6 /64.
    pub single_max: usize,
    /// Maximum of an IPv6 /56.
    pub site_max: usize,
    /// Maximum of an IPv4 /24 or an IPv6 /48.
    pub block_max: usize,
    /// Maximum of all trusted proxies together ([`Networks::of_proxies`]).
    pub proxies_max: usize,
    /// Maximum of all networks together.
    pub total_max: usize,
}

/// What each network holds.
///
/// Memory is bounded: a network has an entry only while it holds something, so there are at most three
/// entries per unit that is held, and [`NetworkLimits::total_max`] units.
#[derive(Debug)]
pub struct NetworkShares {
    limits: NetworkLimits,
    held: HashMap<SourceNetwork, usize>,
    total: usize,
}

/// A bound that is reached.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Full<'a> {
    Network(&'a SourceNetwork),
    Total,
}

impl NetworkLimits {
    fn of(&self, size: NetworkSize) -> usize {
        match size {
            NetworkSize::Single => self.single_max,
            NetworkSize::Site => self.site_max,
            NetworkSize::Block => self.block_max,
            NetworkSize::Proxies => self.proxies_max,
        }
    }
}

impl NetworkShares {
    #[must_use]
    pub fn new(limits: NetworkLimits) -> Self {
        Self { limits, held: HashMap::new(), total: 0 }
    }

    /// Takes one unit for an address, and tells whether all its networks had room for it. Otherwise
    /// nothing is taken.
    #[must_use]
    pub fn take(&mut self, networks: &Networks) -> bool {
        self.take_many(networks, 1)
    }

    /// Takes `amount` units for an address, all or none of them.
    #[must_use]
    pub fn take_many(&mut self, networks: &Networks, amount: usize) -> bool {
        if self.full_for(networks, amount).is_some() {
            return false;
        }
        if amount > 0 {
            for (_, network) in networks.iter() {
                *self.held.entry(network.clone()).or_default() += amount;
            }
            self.total += amount;
        }
        true
    }

    /// Gives back one unit that was taken for the address.
    pub fn give_back(&mut self, networks: &Networks) {
        self.give_back_many(networks, 1);
    }

    /// Gives back `amount` units that were taken for the address.
    pub fn give_back_many(&mut self, networks: &Networks, amount: usize) {
        for (_, network) in networks.iter() {
            if let Entry::Occupied(mut entry) = self.held.entry(network.clone()) {
                match entry.get().checked_sub(amount) {
                    Some(rest) if rest > 0 => *entry.get_mut() = rest,
                    _ => drop(entry.remove()),
                }
            }
        }
        self.total = self.total.saturating_sub(amount);
    }

    /// What stands in the way of taking `amount` units for an address: the smallest of its networks that
    /// has no room, or else the total.
    #[must_use]
    pub fn full_for<'a>(&self, networks: &'a Networks, amount: usize) -> Option<Full<'a>> {
        let is_over = |held: usize, max| held.checked_add(amount).is_none_or(|sum| sum > max);
        let full =
            |(size, network): &(_, &_)| is_over(self.held_by(network), self.limits.of(*size));
        if let Some((_, network)) = networks.iter().find(full) {
            return Some(Full::Network(network));
        }
        is_over(self.total, self.limits.total_max).then_some(Full::Total)
    }

    /// What a network holds.
    #[must_use]
    pub fn held_by(&self, network: &SourceNetwork) -> usize {
        self.held.get(network).copied().unwrap_or_default()
    }

    /// What all networks hold together.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    /// The networks that hold something, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&SourceNetwork, usize)> {
        self.held.iter().map(|(network, held)| (network, *held))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: NetworkLimits =
        NetworkLimits { single_max: 3, site_max: 5, block_max: 7, proxies_max: 8, total_max: 11 };

    fn taken(shares: &mut NetworkShares, addresses: &[&str]) -> usize {
        addresses.iter().filter(|address| shares.take(&Networks::of(address))).count()
    }

    #[test]
    fn an_address_has_its_share_and_no_more() {
        let mut shares = NetworkShares::new(LIMITS);
        assert_eq!(taken(&mut shares, &["192.0.2.7"; 10]), 3);
        assert_eq!(taken(&mut shares, &["2001:db8::1", "2001:db8::2"].repeat(5)), 3);
        assert_eq!(taken(&mut shares, &["portico"; 10]), 3);
    }

    #[test]
    fn addresses_of_one_block_share() {
        for block in [
            ["192.0.2.1", "192.0.2.2", "192.0.2.3"],
            // Each in a /56 of its own, all in one /48.
            ["2001:db8:0:100::1", "2001:db8:0:200::1", "2001:db8:0:300::1"],
        ] {
            let mut shares = NetworkShares::new(LIMITS);
            assert_eq!(taken(&mut shares, &block.repeat(4)), 7);
            assert_eq!(taken(&mut shares, &["203.0.113.1"; 4]), 3, "others still have theirs");
        }
        let mut shares = NetworkShares::new(LIMITS);
        let site = ["2001:db8::1", "2001:db8:0:1::1"];
        assert_eq!(taken(&mut shares, &site.repeat(4)), 5);
    }

    #[test]
    fn proxies_may_hold_more_but_leave_a_reserve() {
        let mut shares = NetworkShares::new(LIMITS);
        let proxies = Networks::of_proxies();
        assert_eq!((0..20).filter(|_| shares.take(&proxies)).count(), 8);
        assert_eq!(taken(&mut shares, &["192.0.2.7"; 10]), 3);
    }

    #[test]
    fn the_smallest_network_that_is_full_is_named() {
        let mut shares = NetworkShares::new(LIMITS);
        let first = Networks::of("2001:db8::1");
        assert_eq!(shares.full_for(&first, 1), None);
        taken(&mut shares, &["2001:db8::1"; 3]);
        let single = SourceNetwork::of("2001:db8::1");
        assert_eq!(shares.full_for(&first, 1), Some(Full::Network(&single)));
        taken(&mut shares, &["2001:db8:0:1::1", "2001:db8:0:1::2"]);
        let beside = Networks::of("2001:db8:0:2::1");
        let Some(Full::Network(site)) = shares.full_for(&beside, 1) else { panic!() };
        assert_eq!(site.to_string(), "2001:db8::/56");
        taken(&mut shares, &["192.0.2.1", "198.51.100.1"].repeat(3));
        assert_eq!(shares.full_for(&Networks::of("203.0.113.1"), 1), Some(Full::Total));
    }

    #[test]
    fn an_amount_is_taken_whole_or_not_at_all() {
        let (mut shares, here) = (NetworkShares::new(LIMITS), Networks::of("192.0.2.7"));
        assert!(shares.take_many(&here, 2));
        for too_much in [2, usize::MAX] {
            assert!(!shares.take_many(&here, too_much));
        }
        assert!(shares.take_many(&here, 0) && shares.take_many(&here, 1));
        shares.give_back_many(&here, 3);
        assert_eq!((shares.total(), shares.iter().count()), (0, 0));
    }

    /// Addresses in few networks, so that they meet.
    fn address() -> impl Strategy<Value = Networks> {
        let v4 = (0_u8..3, 0_u8..3).prop_map(|(block, host)| format!("192.0.{block}.{host}"));
        let v6 = (0_u8..2, 0_u16..3, 0_u16..3)
            .prop_map(|(block, site, net)| format!("2001:db8:{block}:{:x}::1", site << 8 | net));
        prop_oneof![v4, v6, Just("portico".to_owned())].prop_map(|text| Networks::of(&text))
    }

    proptest! {
        #[test]
        fn no_sum_passes_its_limit_and_what_is_given_back_can_be_taken_again(
            steps in prop::collection::vec((address(), any::<bool>(), 0_usize..4), 0..200),
        ) {
            let mut shares = NetworkShares::new(LIMITS);
            let mut held: Vec<(Networks, usize)> = Vec::new();
            for (networks, takes, amount) in steps {
                if takes {
                    if shares.take_many(&networks, amount) {
                        held.push((networks, amount));
                    }
                } else if let Some((networks, amount)) = held.pop() {
                    shares.give_back_many(&networks, amount);
                    prop_assert!(shares.take_many(&networks, amount));
                    shares.give_back_many(&networks, amount);
                }
                let total: usize = held.iter().map(|(_, amount)| amount).sum();
                prop_assert_eq!(shares.total(), total);
                prop_assert!(total <= LIMITS.total_max);
                prop_assert!(shares.iter().count() <= 3 * total);
                for (networks, _) in &held {
                    for (size, network) in networks.iter() {
                        prop_assert!(shares.held_by(network) <= LIMITS.of(size));
                    }
                }
            }
            for (networks, amount) in held {
                shares.give_back_many(&networks, amount);
            }
            prop_assert_eq!((shares.total(), shares.iter().count()), (0, 0));
        }
    }
}
