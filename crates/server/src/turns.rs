//! Turns of requests whose sender is a stranger.
//!
//! INVARIANT: however many strangers ask at the same time, few of their requests compete with those of known
//! callers for the processor. The others wait in the order in which they came. Connections bound their number.

use std::sync::Arc;
use std::thread::available_parallelism;

use http::Method;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::destination::Destination;
use crate::exchange::Exchange;

/// Number of turns for each processor. The second one works while the first waits for the database.
const TURNS_PER_CORE: usize = 2;

/// Minimum number of turns.
const TURNS_MIN: usize = 4;

/// The turns of a server.
#[derive(Clone)]
pub struct Turns(Arc<Semaphore>);

/// A turn, which ends when it is dropped. A known caller may do without.
pub type Turn = Option<OwnedSemaphorePermit>;

impl Default for Turns {
    fn default() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self::new((TURNS_PER_CORE * cores).max(TURNS_MIN))
    }
}

impl Turns {
    #[must_use]
    pub fn new(number: usize) -> Self {
        Self(Arc::new(Semaphore::new(number)))
    }

    /// Waits until a request may be answered.
    pub async fn take(&self, exchange: &Exchange) -> Turn {
        let all = || Arc::clone(&self.0);
        // While turns are free, nobody is asked for a key.
        if let Ok(turn) = all().try_acquire_owned() {
            return Some(turn);
        }
        if !needs_turn(exchange) || exchange.require_known_sender().is_ok() {
            return None;
        }
        all().acquire_owned().await.ok()
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
