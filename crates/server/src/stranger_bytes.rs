//! The memory for long heads and bodies of clients who have not proved who they are.
//!
//! INVARIANT: strangers hold a bounded number of bytes, however many connections and addresses they have. What
//! ordinary requests need is not in this budget, so strangers who spend all of it keep nobody else out.

use std::sync::{Arc, Mutex, PoisonError};

use model::network_shares::{NetworkLimits, NetworkShares};
use model::source_network::Networks;

/// Maximum number of bytes that strangers hold together beyond what each connection may.
pub const STRANGER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The budget of bytes.
pub struct StrangerBytes(Mutex<NetworkShares>);

/// Bytes that are held for a client. They are given back when this is dropped.
pub struct Lease {
    all: Arc<StrangerBytes>,
    networks: Networks,
    bytes: usize,
}

impl StrangerBytes {
    #[must_use]
    pub fn new(limits: NetworkLimits) -> Self {
        Self(Mutex::new(NetworkShares::new(limits)))
    }

    /// The number of bytes that are held.
    #[must_use]
    pub fn held(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).total()
    }
}

impl Lease {
    /// A lease of nothing, which can grow.
    #[must_use]
    pub fn new(all: Arc<StrangerBytes>, networks: Networks) -> Self {
        Self { all, networks, bytes: 0 }
    }

    /// Grows to `bytes`. Returns false, and changes nothing, if the budget or the share of the client's
    /// network is spent.
    #[must_use]
    pub fn grow_to(&mut self, bytes: usize) -> bool {
        let more = bytes.saturating_sub(self.bytes);
        let mut shares = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_taken = shares.take_many(&self.networks, more);
        if is_taken {
            self.bytes += more;
        }
        is_taken
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut shares = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        shares.give_back_many(&self.networks, self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shares::shares_of;

    #[test]
    fn a_lease_grows_within_its_share_and_gives_all_back() {
        let all = Arc::new(StrangerBytes::new(shares_of(80)));
        let lease = |address| Lease::new(Arc::clone(&all), Networks::of(address));
        let (mut first, mut second) = (lease("192.0.2.1"), lease("192.0.2.1"));
        assert!(first.grow_to(4) && first.grow_to(7) && first.grow_to(5));
        assert!(second.grow_to(3) && !second.grow_to(4));
        assert!(lease("198.51.100.1").grow_to(10));
        assert_eq!(all.held(), 10);
        drop(first);
        assert!(second.grow_to(10));
        drop(second);
        assert_eq!(all.held(), 0);
    }
}
