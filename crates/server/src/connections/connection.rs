//! One open connection, and what its requests do.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::source_network::Networks;
use tokio::sync::Notify;

use super::phase::{Phase, PhaseCell};
use super::table::{Admission, Connections};

/// Number of requests that a client may give up in a row on one connection before it ends. HTTP/1.1 has one at most.
const GIVEN_UP_MAX: u32 = 64;

/// One open connection. Its place is free again when this is dropped.
pub struct Connection {
    all: Arc<Connections>,
    place: usize,
    requests: Mutex<Requests>,
    /// Completes when the client gave up too many requests.
    flooded: Notify,
}

/// The requests of a connection: one at a time in HTTP/1.1, several in HTTP/2.
#[derive(Default)]
struct Requests {
    collecting: u32,
    busy: u32,
    /// Number of requests given up, less those that were answered.
    given_up: u32,
}

/// The state of one request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stage {
    /// Its body arrives, and nothing is done yet.
    Collecting,
    /// It is being answered.
    Busy,
}

/// Asks for a connection for an address.
pub fn admit(all: &Arc<Connections>, networks: &Networks) -> Admission<Arc<Connection>> {
    match all.admit(networks) {
        Admission::Admitted(place, displaced) => {
            let (all, requests) = (Arc::clone(all), Mutex::default());
            let connection = Connection { all, place, requests, flooded: Notify::new() };
            Admission::Admitted(Arc::new(connection), displaced)
        }
        Admission::Displacing => Admission::Displacing,
        Admission::Refused => Admission::Refused,
    }
}

impl Connection {
    /// What the connection does at the moment.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.all.phase(self.place).map_or(Phase::Displaced, PhaseCell::get)
    }

    /// Completes when the client gave up too many requests.
    pub async fn flooded(&self) {
        self.flooded.notified().await;
    }

    /// Begins a request whose head has arrived. Returns false if the connection is displaced.
    #[must_use]
    pub(super) fn begin(&self, stage: Stage) -> bool {
        let mut requests = self.requests();
        *requests.of(stage) += 1;
        let is_begun = self.enter(&requests);
        if !is_begun {
            *requests.of(stage) -= 1;
        }
        is_begun
    }

    /// The body of a request has arrived, or its sender has proved who they are.
    pub(super) fn answer_now(&self) {
        let mut requests = self.requests();
        requests.collecting = requests.collecting.saturating_sub(1);
        requests.busy += 1;
        self.enter(&requests);
    }

    /// Ends a request. After the last one the next head may come.
    pub(super) fn end(&self, stage: Stage, is_answered: bool) {
        let mut requests = self.requests();
        let count = requests.of(stage);
        *count = count.saturating_sub(1);
        if is_answered {
            requests.given_up = requests.given_up.saturating_sub(1);
        } else {
            requests.given_up += 1;
            if requests.given_up > GIVEN_UP_MAX {
                self.flooded.notify_one();
            }
        }
        self.enter(&requests);
    }

    /// Enters the phase that the requests make, if it is another one: the oldest of a kind counts.
    fn enter(&self, requests: &Requests) -> bool {
        let Some(cell) = self.all.phase(self.place) else { return false };
        match cell.get() {
            Phase::Displaced => false,
            Phase::Busy if requests.busy > 0 => true,
            Phase::Collecting(_) if requests.busy == 0 && requests.collecting > 0 => true,
            Phase::Busy | Phase::Collecting(_) | Phase::Waiting(_) => {
                cell.enter(match (requests.busy, requests.collecting) {
                    (1.., _) => Phase::Busy,
                    (0, 1..) => Phase::Collecting(self.all.number()),
                    (0, 0) => Phase::Waiting(self.all.number()),
                })
            }
        }
    }

    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Requests {
    fn of(&mut self, stage: Stage) -> &mut u32 {
        match stage {
            Stage::Collecting => &mut self.collecting,
            Stage::Busy => &mut self.busy,
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.end(self.place);
    }
}
