//! One request under way on a connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::connection::{Connection, Stage};

/// One request under way.
pub struct Underway {
    connection: Arc<Connection>,
    is_busy: AtomicBool,
    is_ended: AtomicBool,
    /// Number of bytes of its body that count for the connection and not for all strangers.
    own_body_bytes: usize,
}

impl Underway {
    /// Begins a request, whose body arrives yet if it `has_body`. `None` if the connection is displaced.
    #[must_use]
    pub fn begin(
        connection: &Arc<Connection>,
        has_body: bool,
        own_body_bytes: usize,
    ) -> Option<Arc<Self>> {
        let stage = if has_body { Stage::Collecting } else { Stage::Busy };
        let underway = Self {
            connection: Arc::clone(connection),
            is_busy: AtomicBool::new(!has_body),
            is_ended: AtomicBool::new(false),
            own_body_bytes,
        };
        connection.begin(stage).then(|| Arc::new(underway))
    }

    /// The body has arrived, or its sender has proved who they are. From now on the connection is not displaced.
    pub fn answer_now(&self) {
        if !self.is_busy.swap(true, Ordering::AcqRel) {
            self.connection.answer_now();
        }
    }

    #[must_use]
    pub fn own_body_bytes(&self) -> usize {
        self.own_body_bytes
    }

    /// Ends the request, once: it is answered, or the client gave it up.
    pub(super) fn end(&self, is_answered: bool) {
        if !self.is_ended.swap(true, Ordering::AcqRel) {
            let is_busy = self.is_busy.swap(true, Ordering::AcqRel);
            let stage = if is_busy { Stage::Busy } else { Stage::Collecting };
            self.connection.end(stage, is_answered);
        }
    }
}
