//! Maintenance of the written audit log: sealing, verification and export.

mod compare;
pub mod error;
pub mod export;
mod finding;
pub mod keep;
mod numbers;
pub mod seal;
pub mod verify;

pub use crate::watch::Head;
