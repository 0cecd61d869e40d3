//! One open connection.

use std::sync::Arc;

use model::source_network::Networks;

use super::phase::{Phase, PhaseCell};
use super::table::{Admission, Connections};

/// One open connection. Its place is free again when this is dropped.
pub struct Connection {
    all: Arc<Connections>,
    place: usize,
}

/// Asks for a connection for an address.
pub fn admit(all: &Arc<Connections>, networks: &Networks) -> Admission<Arc<Connection>> {
    match all.admit(networks) {
        Admission::Admitted(place, displaced) => {
            let connection = Connection { all: Arc::clone(all), place };
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

    /// Begins a request whose head has arrived. Returns false if the connection is displaced.
    #[must_use]
    pub fn begin(&self, has_body: bool) -> bool {
        self.enter(if has_body { Phase::Collecting(self.all.number()) } else { Phase::Busy })
    }

    /// The body has arrived, or its sender has proved who they are.
    pub fn answer_now(&self) {
        self.enter(Phase::Busy);
    }

    /// The answer is given, and the next head may come.
    pub fn wait_for_head(&self) {
        self.enter(Phase::Waiting(self.all.number()));
    }

    fn enter(&self, phase: Phase) -> bool {
        self.all.phase(self.place).is_some_and(|cell| cell.enter(phase))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.end(self.place);
    }
}
