//! Moving old audit events into the archive, and removing those that are too old (decision 0036).

mod deleting;
mod due;
pub mod moving;
pub mod removing;
mod writing;

/// Tells whether the process ends.
pub type Stopping<'a> = &'a dyn Fn() -> bool;
