//! A queue in which networks take turns.
//!
//! INVARIANT: who waits is served after at most one other of each block (IPv4 /24, IPv6 /48) for each one of their own
//! block that is before them, and within a block likewise by address (IPv6 /64). So a network that sends many requests
//! only waits longer itself.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use model::source_network::{Networks, SourceNetwork};

/// Waiters, by block and by address. Each waits under a number, and numbers rise.
#[derive(Debug)]
pub(super) struct Rotation<T>(Ring<SourceNetwork, Ring<SourceNetwork, VecDeque<(u64, T)>>>);

/// Lines that are served in rotation.
#[derive(Debug)]
struct Ring<K, L> {
    lines: HashMap<K, L>,
    /// The lines, of which each has somebody in it. The first is served next.
    order: VecDeque<K>,
}

impl<T> Default for Rotation<T> {
    fn default() -> Self {
        Self(Ring::default())
    }
}

impl<T> Rotation<T> {
    /// Adds a waiter with a number above all before.
    pub(super) fn add(&mut self, networks: &Networks, number: u64, waiter: T) {
        let (block, address) = place(networks);
        self.0.line(block).line(address).push_back((number, waiter));
    }

    /// Takes out the one who is next.
    pub(super) fn next(&mut self) -> Option<T> {
        let addresses = |ring: &mut Ring<_, VecDeque<(u64, T)>>| {
            let served = ring.serve(|line| (line.pop_front(), line.is_empty()));
            (served, ring.order.is_empty())
        };
        self.0.serve(addresses).map(|(_, waiter)| waiter)
    }

    /// Takes a waiter out. Returns false if they were served already.
    pub(super) fn remove(&mut self, networks: &Networks, number: u64) -> bool {
        let (block, address) = place(networks);
        let Some(ring) = self.0.lines.get_mut(block) else { return false };
        let Some(line) = ring.lines.get_mut(address) else { return false };
        let Ok(index) = line.binary_search_by_key(&number, |(number, _)| *number) else {
            return false;
        };
        line.remove(index);
        if line.is_empty() {
            ring.remove(address);
        }
        if ring.order.is_empty() {
            self.0.remove(block);
        }
        true
    }
}

/// The block and the address of networks.
fn place(networks: &Networks) -> (&SourceNetwork, &SourceNetwork) {
    (networks.largest(), networks.single())
}

impl<K, L> Default for Ring<K, L> {
    fn default() -> Self {
        Self { lines: HashMap::new(), order: VecDeque::new() }
    }
}

impl<K: Clone + Eq + Hash, L: Default> Ring<K, L> {
    /// The line of a key. A new one is the last of the rotation.
    fn line(&mut self, key: &K) -> &mut L {
        let Self { lines, order } = self;
        lines.entry(key.clone()).or_insert_with(|| {
            order.push_back(key.clone());
            L::default()
        })
    }

    /// Serves the next line. `take` takes somebody out of it, and tells whether it is empty then.
    fn serve<T>(&mut self, take: impl FnOnce(&mut L) -> (Option<T>, bool)) -> Option<T> {
        let key = self.order.pop_front()?;
        let (served, is_empty) = take(self.lines.get_mut(&key)?);
        if is_empty {
            self.lines.remove(&key);
        } else {
            self.order.push_back(key);
        }
        served
    }

    fn remove(&mut self, key: &K) {
        self.lines.remove(key);
        self.order.retain(|other| other != key);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn served(rotation: &mut Rotation<&'static str>) -> Vec<&'static str> {
        std::iter::from_fn(|| rotation.next()).collect()
    }

    #[test]
    fn one_address_with_many_requests_holds_up_nobody_else() {
        let mut rotation = Rotation::default();
        let waiters = [
            ("192.0.2.1", "a1"),
            ("192.0.2.1", "a2"),
            ("192.0.2.1", "a3"),
            ("203.0.113.1", "b1"),
            ("192.0.2.2", "c1"),
            ("203.0.113.1", "b2"),
        ];
        for (number, (address, waiter)) in (0..).zip(waiters) {
            rotation.add(&Networks::of(address), number, waiter);
        }
        // Blocks alternate, and within the first one its two addresses.
        assert_eq!(served(&mut rotation), ["a1", "b1", "c1", "b2", "a2", "a3"]);
    }

    #[test]
    fn a_rented_block_counts_as_one() {
        let mut rotation = Rotation::default();
        for number in 0..1000 {
            let address = format!("2001:db8:7:{number:x}::1");
            rotation.add(&Networks::of(&address), number, "flood");
        }
        rotation.add(&Networks::of("192.0.2.1"), 1000, "person");
        assert_eq!(served(&mut rotation)[1], "person");
    }

    proptest! {
        #[test]
        fn everybody_is_served_once_or_taken_out_and_nothing_stays(
            steps in prop::collection::vec((0_u8..3, 0_u8..3, 0_u8..3), 0..100),
        ) {
            let mut rotation = Rotation::default();
            let (mut waiting, mut numbers) = (Vec::new(), 0_u64..);
            for (step, block, host) in steps {
                let networks = Networks::of(&format!("192.0.{block}.{host}"));
                match step {
                    0 => {
                        let number = numbers.next().unwrap();
                        rotation.add(&networks, number, number);
                        waiting.push((networks, number));
                    }
                    1 => match rotation.next() {
                        Some(next) => {
                            let of = waiting.iter().position(|(_, number)| *number == next);
                            let (networks, number) = waiting.remove(of.unwrap());
                            prop_assert!(!rotation.remove(&networks, number));
                        }
                        None => prop_assert!(waiting.is_empty()),
                    },
                    _ => if let Some((networks, number)) = waiting.pop() {
                        prop_assert!(rotation.remove(&networks, number));
                        prop_assert!(!rotation.remove(&networks, number));
                    }
                }
            }
            while rotation.next().is_some() {
                waiting.pop().unwrap();
            }
            prop_assert!(waiting.is_empty());
            prop_assert!(rotation.0.lines.is_empty() && rotation.0.order.is_empty());
        }
    }
}
