//! The shares that addresses and networks have of a total.

use model::network_shares::NetworkLimits;

/// The shares of a total, whose unit is connections or bytes.
///
/// An address may hold an eighth. A /24 or /48 may hold half, because a small network without a proxy may
/// be one /24. Trusted proxies may hold all but an eighth, which stays for the operator and for monitoring.
#[must_use]
pub fn shares_of(total_max: usize) -> NetworkLimits {
    NetworkLimits {
        single_max: (total_max / 8).max(1),
        site_max: (total_max / 4).max(1),
        block_max: (total_max / 2).max(1),
        proxies_max: total_max - total_max / 8,
        total_max,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_and_network_leaves_room_for_others() {
        for total in [1, 16, 96, 4096] {
            let limits = shares_of(total);
            assert!(limits.single_max >= 1 && limits.proxies_max >= 1, "{total}");
            assert!(limits.block_max <= total && limits.proxies_max <= total);
        }
        let limits = shares_of(4096);
        assert_eq!((limits.single_max, limits.site_max, limits.block_max), (512, 1024, 2048));
        assert_eq!(limits.proxies_max, 3584);
    }
}
