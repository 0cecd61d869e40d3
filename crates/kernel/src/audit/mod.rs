//! Maintenance of the written audit log: sealing, verification and export.

pub(crate) mod archived;
pub(crate) mod batches;
mod compare;
pub mod error;
pub mod export;
mod finding;
pub mod follow;
mod in_order;
pub mod keep;
mod numbers;
pub mod position;
pub(crate) mod proved;
pub mod record;
pub mod seal;
mod seals;
pub mod verify;

pub use crate::watch::Head;
