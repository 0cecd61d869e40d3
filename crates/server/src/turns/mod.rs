//! Turns of requests whose sender is a stranger.
//!
//! INVARIANT: however many strangers ask at the same time, few of their requests compete with those of known
//! callers for the processor. The others wait, and their networks are served in rotation, so that one that sends
//! many requests does not hold up the others. Connections bound their number.

mod queue;
mod rotation;

use std::thread::available_parallelism;

use http::Method;

use queue::Queue;
pub use queue::Turn;

use crate::destination::Destination;
use crate::exchange::Exchange;

/// Number of turns for each processor. The second one works while the first waits for the database.
const TURNS_PER_CORE: usize = 2;

/// Minimum number of turns.
const TURNS_MIN: usize = 4;

/// The turns of a server.
#[derive(Clone)]
pub struct Turns(Queue);

impl Default for Turns {
    fn default() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self::new((TURNS_PER_CORE * cores).max(TURNS_MIN))
    }
}

impl Turns {
    #[must_use]
    pub fn new(number: usize) -> Self {
        Self(Queue::new(number))
    }

    /// Waits until a request may be answered. A known caller may do without a turn.
    pub async fn take(&self, exchange: &Exchange) -> Option<Turn> {
        // While turns are free, nobody is asked for a key.
        if let Some(turn) = self.0.try_take() {
            return Some(turn);
        }
        if !needs_turn(exchange) || exchange.is_of_known_sender() {
            return None;
        }
        Some(self.0.take(exchange.networks()).await)
    }
}

fn needs_turn(exchange: &Exchange) -> bool {
    match exchange.destination {
        // Operators ask for the first four while a server is under load. The store of objects bounds its
        // own work.
        Destination::Sandbox
        | Destination::Metrics
        | Destination::Alive
        | Destination::Ready
        | Destination::Objects => false,
        // A form may hash a password, for which there is a queue of its own.
        Destination::Page => exchange.head.parts.method != Method::POST,
        Destination::AwsJson(_)
        | Destination::Rest(..)
        | Destination::Query
        | Destination::QueryOrPage => true,
    }
}
