//! The bytes that a connection of HTTP/2 may hold for all its requests, besides the budget of strangers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use model::source_network::Networks;

use crate::body::OWN_BODY_BYTES;
use crate::head_reader::OWN_HEAD_BYTES;
use crate::stranger_bytes::{Lease, StrangerBytes};

/// The bytes of one connection: as many as one of HTTP/1.1 may hold.
pub(super) struct OwnBytes {
    left: AtomicUsize,
    strangers: Arc<StrangerBytes>,
    networks: Networks,
}

/// What a request holds. It is given back when this is dropped.
pub(super) struct Taken {
    own: Arc<OwnBytes>,
    bytes: usize,
    /// Number of bytes that the body may have besides the budget of strangers.
    pub(super) body_bytes: usize,
    lease: Option<Lease>,
}

impl OwnBytes {
    pub(super) fn new(strangers: Arc<StrangerBytes>, networks: Networks) -> Arc<Self> {
        let left = AtomicUsize::new(OWN_HEAD_BYTES + OWN_BODY_BYTES);
        Arc::new(Self { left, strangers, networks })
    }

    /// Takes the bytes of a head, from the connection's own as far as they reach, and some for a body. `None`: the
    /// budget of strangers has no room for the rest.
    pub(super) fn take(self: &Arc<Self>, head_bytes: usize, has_body: bool) -> Option<Taken> {
        let own_head = self.take_some(head_bytes);
        let body_bytes = if has_body { self.take_some(OWN_BODY_BYTES) } else { 0 };
        let mut taken =
            Taken { own: Arc::clone(self), bytes: own_head + body_bytes, body_bytes, lease: None };
        if own_head < head_bytes {
            let mut lease = Lease::new(Arc::clone(&self.strangers), self.networks.clone());
            if !lease.grow_to(head_bytes - own_head) {
                return None;
            }
            taken.lease = Some(lease);
        }
        Some(taken)
    }

    fn take_some(&self, bytes_max: usize) -> usize {
        let some = |left: usize| left.checked_sub(bytes_max.min(left));
        let before = self.left.fetch_update(Ordering::AcqRel, Ordering::Acquire, some);
        bytes_max.min(before.unwrap_or_default())
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.own.left.fetch_add(self.bytes, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shares::shares_of;

    #[test]
    fn requests_share_the_bytes_of_their_connection_and_then_those_of_strangers() {
        let strangers = Arc::new(StrangerBytes::new(shares_of(8 * 1000)));
        let own = OwnBytes::new(Arc::clone(&strangers), Networks::of("192.0.2.1"));
        let form = own.take(1000, true).unwrap();
        assert_eq!((form.body_bytes, strangers.held()), (OWN_BODY_BYTES, 0));
        let second = own.take(OWN_HEAD_BYTES - 1000, true).unwrap();
        assert_eq!((second.body_bytes, strangers.held()), (0, 0));
        let third = own.take(900, true).unwrap();
        assert_eq!((third.body_bytes, strangers.held()), (0, 900));
        assert!(own.take(900, false).is_none());
        drop((second, third));
        assert_eq!(strangers.held(), 0);
        drop(form);
        assert_eq!(own.left.load(Ordering::Relaxed), OWN_HEAD_BYTES + OWN_BODY_BYTES);
    }
}
