//! Connections of a pool, and whether their database answers.

use std::time::Duration;

use crate::engine::Engine;
use crate::moment::Moment;

/// Time after which a server that took no more connections is asked again.
const FULL_TIME: Duration = Duration::from_secs(10);

pub(super) struct State {
    pub(super) idle: Vec<Engine>,
    pub(super) on_loan: usize,
    pub(super) connections_max: usize,
    /// How many connections of this pool the server took when it took no more, and when that was.
    pub(super) full: Option<(usize, Moment)>,
    pub(super) reach: Reach,
}

/// Whether the database answers.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Reach {
    Answers,
    Away {
        tried_at: Moment,
    },
    /// Away, and a thread is trying.
    Tried,
}

impl State {
    pub(super) fn connections_max(&self) -> usize {
        match self.full {
            Some((number, at)) if at.is_within(FULL_TIME) => number,
            _ => self.connections_max,
        }
    }
}
