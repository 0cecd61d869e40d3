//! Maintenance of the written audit log: sealing, verification and export.

pub(crate) mod archived;
mod compare;
pub mod error;
pub mod export;
mod finding;
mod in_order;
pub mod keep;
mod numbers;
pub(crate) mod proved;
pub mod seal;
pub mod verify;

pub use crate::watch::Head;
