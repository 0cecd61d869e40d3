//! Forwarding of sealed audit events to targets outside, at least once and in order (decision 0039).
//!
//! INVARIANT: the row of a target moves behind a digest only after the target has taken all of its events. So whatever
//! ends a server in between, the next one sends that digest again.

mod forwarder;
mod parcels;

pub use self::forwarder::{Forwarder, Step};
pub use self::parcels::{Parcel, ParcelEvent};
