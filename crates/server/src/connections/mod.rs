//! The open connections: who may hold how many, and which one ends for a newcomer.
//!
//! INVARIANT: neither an address nor a network of any size can keep others from connecting. Each has a
//! share, and when a share or the whole is taken, a newcomer displaces the connection that has made the
//! server wait the longest (decision 0022).

mod answering;
mod connection;
mod limits;
mod pace;
mod phase;
mod table;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod underway;
mod unread_body;

pub use answering::answer_on;
pub use connection::{Connection, admit};
pub use limits::{limits_for_open_files, warn_of_few};
pub use pace::{Pace, Paces};
pub use phase::Phase;
pub use table::{Admission, Connections};
pub use underway::Underway;
pub use unread_body::watch;
