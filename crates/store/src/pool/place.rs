//! Places of connections on loan.

use model::Fault;

use super::state::Reach;
use super::{Pool, Pooled};
use crate::engine::Engine;
use crate::moment::Moment;

/// Place for a connection on loan. Dropping it gives the place to another.
pub(super) struct Place<'db> {
    pub(super) pool: &'db Pool,
    /// Whether the thread is the one that tries.
    pub(super) is_trying: bool,
}

impl<'db> Place<'db> {
    /// Lends a connection on which a transaction began.
    pub(super) fn lend(mut self, engine: Engine) -> Pooled<'db> {
        if std::mem::take(&mut self.is_trying) {
            self.pool.state().reach = Reach::Answers;
            tracing::warn!("the database answers again");
        }
        Pooled { place: self, engine: Some(engine) }
    }

    /// Notes that the database did not answer, and returns the fault.
    pub(super) fn database_is_away(&mut self, fault: Fault) -> Fault {
        let mut state = self.pool.state();
        if state.reach == Reach::Answers {
            tracing::error!(?fault, "the database is away; until it answers, requests get 503");
        }
        state.reach = Reach::Away { tried_at: Moment::now() };
        state.idle.clear();
        self.is_trying = false;
        self.pool.changed.notify_all();
        fault
    }

    /// Tells whether there are other connections to wait for, and how many the server takes now.
    pub(super) fn is_not_alone(&self) -> bool {
        let mut state = self.pool.state();
        let others = state.on_loan.saturating_sub(1);
        state.full = (others > 0).then(|| (others, Moment::now()));
        others > 0
    }

    /// Closes a connection after this fault.
    pub(super) fn lose(&mut self, engine: &Engine, fault: &Fault) {
        if engine.is_given_up() {
            self.database_is_away(fault.clone());
        }
    }

    pub(super) fn give_back(&mut self, engine: Engine) {
        self.pool.state().idle.push(engine);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.state();
        state.on_loan -= 1;
        // The try neither succeeded nor failed: it panicked, or met a fault of another kind.
        if self.is_trying {
            state.reach = Reach::Away { tried_at: Moment::now() };
        }
        drop(state);
        self.pool.changed.notify_one();
    }
}
