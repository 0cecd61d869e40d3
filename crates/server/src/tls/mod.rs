//! TLS in front: the certificate with its key, its renewal while the server runs, and handshakes.
//!
//! INVARIANT: a handshake holds a connection of its network's share, for a bounded time and with a bounded number of
//! bytes. A pair of files that cannot be used never replaces one that is in use (decision 0033).

mod expiry;
mod handshake;
mod pair;
mod renewal;
mod threads;
mod unshaken;

pub use handshake::{Shaken, Unshaken};
pub use renewal::Certificate;
