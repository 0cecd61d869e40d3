//! The budget of one kind of event.
//!
//! Arithmetic: an event takes at most about 1.4 kB of a SQLite database, indexes included (measured with
//! a user agent of 512 characters). A sign-in attempt leaves two. [`DAY_MAX`] places of three kinds are
//! 4,000 × 4 events or 22 MB a day at most, and 16 MB with user agents of 100 characters. [`HOUR_MAX`]
//! lets five minutes at full speed, over the turn of an hour, add 2 × 400 × 4 events or 4.5 MB.
//! Memory: a place taken has at most three entries, so there are at most 3 × ([`DAY_MAX`] + [`HOUR_MAX`])
//! entries of a kind, about 1 MB.

use model::network_shares::{NetworkLimits, NetworkShares};
use model::source_network::Networks;

use super::loudest::Loudest;

/// Length of an hour in milliseconds.
pub const HOUR_MS: i64 = 60 * 60 * 1000;

/// Length of a day in milliseconds.
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;

/// Maximum number of events of a kind in an hour.
pub const HOUR_MAX: usize = 400;

/// Maximum number of events of a kind in a day.
pub const DAY_MAX: usize = 4_000;

/// The shares of `total_max` units: an eighth for an address, a quarter for a /56, half for a block.
pub(super) const fn limits(total_max: usize) -> NetworkLimits {
    NetworkLimits {
        single_max: total_max / 8,
        site_max: total_max / 4,
        block_max: total_max / 2,
        // Events name the client that a trusted proxy forwards for.
        proxies_max: 0,
        total_max,
    }
}

/// The budget of one kind of event.
#[derive(Debug)]
pub(super) struct Budget {
    hour: Window,
    day: Window,
    left_out: Option<Counting>,
    left_out_total: u64,
}

/// A place in the budget that was taken for an event.
#[derive(Debug)]
#[must_use]
pub struct Admitted {
    networks: Networks,
    hour: i64,
    day: i64,
}

/// What was left out of the log.
#[derive(Debug, Eq, PartialEq)]
pub struct LeftOut {
    /// Time of the first event that was left out.
    pub from_ms: i64,
    /// Time at which the count was taken.
    pub to_ms: i64,
    pub count: u64,
    /// The loudest addresses (of IPv6, /64 networks), each with the number of events it had at least.
    pub loudest_addresses: Vec<String>,
    /// The loudest /24 and /48 networks, likewise.
    pub loudest_networks: Vec<String>,
}

#[derive(Debug)]
struct Counting {
    from_ms: i64,
    count: u64,
    addresses: Loudest,
    networks: Loudest,
}

/// The shares of one span of time.
#[derive(Debug)]
pub(super) struct Window {
    length_ms: i64,
    limits: NetworkLimits,
    /// The number of the span since 1970.
    number: i64,
    shares: NetworkShares,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            hour: Window::new(HOUR_MS, limits(HOUR_MAX)),
            day: Window::new(DAY_MS, limits(DAY_MAX)),
            left_out: None,
            left_out_total: 0,
        }
    }
}

impl Budget {
    pub(super) fn take_place(&mut self, networks: Networks, now_ms: i64) -> Option<Admitted> {
        self.hour.move_to(now_ms);
        self.day.move_to(now_ms);
        if self.hour.shares.take(&networks) {
            if self.day.shares.take(&networks) {
                let (hour, day) = (self.hour.number, self.day.number);
                return Some(Admitted { networks, hour, day });
            }
            self.hour.shares.give_back(&networks);
        }
        None
    }

    pub(super) fn give_back(&mut self, admitted: &Admitted) {
        for (window, number) in [(&mut self.hour, admitted.hour), (&mut self.day, admitted.day)] {
            if window.number == number {
                window.shares.give_back(&admitted.networks);
            }
        }
    }

    pub(super) fn take_ended(&mut self, now_ms: i64) -> Option<LeftOut> {
        let from_ms = self.left_out.as_ref()?.from_ms;
        if from_ms.div_euclid(HOUR_MS) == now_ms.div_euclid(HOUR_MS) {
            return None;
        }
        self.take(now_ms)
    }

    pub(super) fn take(&mut self, now_ms: i64) -> Option<LeftOut> {
        let Counting { from_ms, count, addresses, networks } = self.left_out.take()?;
        Some(LeftOut {
            from_ms,
            to_ms: now_ms,
            count,
            loudest_addresses: addresses.named(),
            loudest_networks: networks.named(),
        })
    }

    pub(super) fn left_out_total(&self) -> u64 {
        self.left_out_total
    }

    pub(super) fn leave_out(&mut self, networks: &Networks, now_ms: i64) {
        self.left_out_total += 1;
        let counting = self.left_out.get_or_insert_with(|| Counting {
            from_ms: now_ms,
            count: 0,
            addresses: Loudest::default(),
            networks: Loudest::default(),
        });
        counting.count += 1;
        let mut sizes = networks.iter().map(|(_, network)| network);
        if let Some(address) = sizes.next() {
            counting.addresses.count(address);
        }
        if let Some(network) = sizes.last() {
            counting.networks.count(network);
        }
    }
}

impl Window {
    pub(super) fn new(length_ms: i64, limits: NetworkLimits) -> Self {
        Self { length_ms, limits, number: 0, shares: NetworkShares::new(limits) }
    }

    /// Takes one unit of the span of this time for an address, and tells whether all its networks had room for it.
    pub(super) fn take(&mut self, networks: &Networks, now_ms: i64) -> bool {
        self.move_to(now_ms);
        self.shares.take(networks)
    }

    /// Begins the span of this time, with all shares free, unless it has begun already.
    fn move_to(&mut self, now_ms: i64) {
        let number = now_ms.div_euclid(self.length_ms);
        if number != self.number {
            (self.number, self.shares) = (number, NetworkShares::new(self.limits));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Budget {
        fn admit(&mut self, address: &str, now_ms: i64) -> Option<Admitted> {
            let place = self.take_place(Networks::of(address), now_ms);
            if place.is_none() {
                self.leave_out(&Networks::of(address), now_ms);
            }
            place
        }
    }

    /// The start of a day.
    const NOW_MS: i64 = 20_000 * DAY_MS;

    fn admitted(
        budget: &mut Budget,
        addresses: impl Iterator<Item = String>,
        now_ms: i64,
    ) -> usize {
        addresses.filter(|it| budget.admit(it, now_ms).is_some()).count()
    }

    fn same(address: &str, times: usize) -> impl Iterator<Item = String> {
        std::iter::repeat_n(address.to_owned(), times)
    }

    /// Addresses in as many blocks.
    fn blocks(count: usize) -> impl Iterator<Item = String> {
        (0..count).map(|number| format!("10.{}.{}.1", number / 256, number % 256))
    }

    #[test]
    fn an_address_has_an_eighth_and_a_rotating_block_half() {
        let mut budget = Budget::default();
        assert_eq!(admitted(&mut budget, same("192.0.2.7", 1000), NOW_MS), HOUR_MAX / 8);
        let rotating = (0..2000).map(|number| format!("2001:db8:7:{number:x}::1"));
        assert_eq!(admitted(&mut budget, rotating, NOW_MS), HOUR_MAX / 2);
        assert_eq!(admitted(&mut budget, blocks(2000), NOW_MS), HOUR_MAX * 3 / 8);
        let left_out = budget.take(NOW_MS + 1).unwrap();
        assert_eq!((left_out.from_ms, left_out.to_ms), (NOW_MS, NOW_MS + 1));
        assert_eq!(left_out.count, 5_000 - HOUR_MAX as u64);
        assert_eq!(left_out.count, budget.left_out_total());
        assert!(left_out.loudest_networks[0].starts_with("2001:db8:7::/48 (at least "));
        assert_eq!(budget.take(NOW_MS + 2), None);
    }

    #[test]
    fn an_hour_begins_again_until_the_day_is_spent() {
        let mut budget = Budget::default();
        let hours =
            (0..24).map(|hour| admitted(&mut budget, blocks(1000), NOW_MS + hour * HOUR_MS));
        let hours: Vec<usize> = hours.collect();
        assert_eq!(hours.iter().sum::<usize>(), DAY_MAX);
        assert_eq!(hours[..10], [HOUR_MAX; 10]);
        assert_eq!(hours[10..], [0; 14]);
        assert_eq!(admitted(&mut budget, blocks(1000), NOW_MS + DAY_MS - 1), 0);
        assert_eq!(admitted(&mut budget, blocks(1000), NOW_MS + DAY_MS), HOUR_MAX);
    }

    #[test]
    fn what_was_left_out_is_told_when_the_hour_is_over() {
        let mut budget = Budget::default();
        admitted(&mut budget, same("192.0.2.7", 60), NOW_MS + HOUR_MS - 1);
        assert_eq!(budget.take_ended(NOW_MS + HOUR_MS - 1), None);
        let left_out = budget.take_ended(NOW_MS + HOUR_MS).unwrap();
        assert_eq!(left_out.count, 10);
        assert_eq!(left_out.loudest_addresses, ["192.0.2.7 (at least 10)"]);
        assert_eq!(left_out.loudest_networks, ["192.0.2.0/24 (at least 10)"]);
        assert_eq!(budget.take_ended(NOW_MS + 2 * HOUR_MS), None);
    }

    #[test]
    fn a_place_is_given_back_to_the_span_that_it_was_taken_from() {
        let mut budget = Budget::default();
        let one = "192.0.2.7";
        let admitted = budget.admit(one, NOW_MS).unwrap();
        budget.give_back(&admitted);
        assert_eq!((budget.hour.shares.total(), budget.day.shares.total()), (0, 0));
        let before = budget.admit(one, NOW_MS).unwrap();
        let _after = budget.admit(one, NOW_MS + HOUR_MS).unwrap();
        budget.give_back(&before);
        assert_eq!((budget.hour.shares.total(), budget.day.shares.total()), (1, 1));
    }

    #[test]
    fn the_table_of_sources_is_bounded() {
        let mut budget = Budget::default();
        for hour in 0..24 {
            admitted(&mut budget, blocks(2_000), NOW_MS + hour * HOUR_MS);
        }
        assert!(budget.hour.shares.iter().count() <= 3 * HOUR_MAX);
        assert!(budget.day.shares.iter().count() <= 3 * DAY_MAX);
    }
}
