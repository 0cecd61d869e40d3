//! Budgets of events for strangers: what callers who proved nothing, or hold credentials that are good no
//! more, may leave in the audit log.
//!
//! Each kind of event has a budget by hour and by day, which networks share. What is over it is counted,
//! and once an hour an event for each kind tells the number and the loudest sources.
//! Each person with rejected credentials, and each credential, has a budget of its own (`rejected`).
//! INVARIANT: events of callers with authority have no part in these budgets, and no kind uses the budget of
//! another. Memory is bounded: `budget` and `loudest` say how.

mod budget;
mod kind;
mod loudest;
mod new_counters;
mod rejected;

use std::sync::{Mutex, MutexGuard, PoisonError};

use budget::Budget;
use model::source_network::Networks;

pub use budget::{Admitted, DAY_MAX, HOUR_MAX, HOUR_MS, LeftOut};
pub use kind::StrangerKind;
pub use new_counters::NewCounters;
pub use rejected::{Beyond, DAY_MAX as REJECTED_DAY_MAX, REJECTED_CREDENTIALS, Rejected};

/// The budgets of one process. A start begins them again.
#[derive(Debug, Default)]
pub struct Strangers {
    unsigned: Mutex<Budget>,
    signatures: Mutex<Budget>,
    sign_ins: Mutex<Budget>,
    rejected: Rejected,
    new_counters: NewCounters,
}

impl Strangers {
    /// Takes the place of an event of a stranger from the budget. Without a place the event must not be
    /// written but [left out](Self::leave_out).
    pub fn take_place(
        &self,
        kind: StrangerKind,
        source_address: &str,
        now_ms: i64,
    ) -> Option<Admitted> {
        self.budget(kind).take_place(Networks::of(source_address), now_ms)
    }

    /// Counts an event that had no place.
    pub fn leave_out(&self, kind: StrangerKind, source_address: &str, now_ms: i64) {
        self.budget(kind).leave_out(&Networks::of(source_address), now_ms);
    }

    /// Gives a place back, because the caller turned out to be no stranger.
    pub fn give_back(&self, kind: StrangerKind, admitted: &Admitted) {
        self.budget(kind).give_back(admitted);
    }

    /// Takes what was left out in hours that are over.
    #[must_use]
    pub fn take_ended(&self, now_ms: i64) -> Vec<(StrangerKind, LeftOut)> {
        let take = |kind| Some((kind, self.budget(kind).take_ended(now_ms)?));
        StrangerKind::ALL.into_iter().filter_map(take).collect()
    }

    /// Takes what was left out so far. A server that stops does this.
    #[must_use]
    pub fn take_all(&self, now_ms: i64) -> Vec<(StrangerKind, LeftOut)> {
        let take = |kind| Some((kind, self.budget(kind).take(now_ms)?));
        StrangerKind::ALL.into_iter().filter_map(take).collect()
    }

    /// Number of events of a kind that were left out since the start.
    #[must_use]
    pub fn left_out_total(&self, kind: StrangerKind) -> u64 {
        self.budget(kind).left_out_total()
    }

    /// The budgets of credentials that were rejected.
    #[must_use]
    pub fn rejected(&self) -> &Rejected {
        &self.rejected
    }

    /// The shares of counters of failed sign-ins that strangers may begin.
    #[must_use]
    pub fn new_counters(&self) -> &NewCounters {
        &self.new_counters
    }

    fn budget(&self, kind: StrangerKind) -> MutexGuard<'_, Budget> {
        let budget = match kind {
            StrangerKind::Unsigned => &self.unsigned,
            StrangerKind::Signature => &self.signatures,
            StrangerKind::SignIn => &self.sign_ins,
        };
        budget.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
