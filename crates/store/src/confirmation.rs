//! Confirmations of other nodes: a commit that narrows authority is answered when every node has heard of it, or
//! remembers nothing any more (decision 0035).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::lease::LEASE_OVER;

/// Commits of this process that wait for confirmations.
#[derive(Debug, Default)]
pub(crate) struct Confirmations {
    state: Mutex<State>,
    confirmed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Session that this process listens with at the moment.
    session: Option<String>,
    last_number: u64,
    /// For each commit the sessions that have heard of it.
    waiting: BTreeMap<u64, BTreeSet<String>>,
}

/// A commit that waits, or is about to. Dropping it ends the wait.
#[derive(Debug)]
pub(crate) struct Ticket<'a> {
    of: &'a Confirmations,
    number: u64,
    session: Option<String>,
}

impl Confirmations {
    pub(crate) fn set_session(&self, session: Option<&str>) {
        self.state().session = session.map(str::to_owned);
    }

    /// Returns the session that this process listens with at the moment.
    pub(crate) fn session(&self) -> Option<String> {
        self.state().session.clone()
    }

    /// Begins to collect the confirmations of a commit. It is called before the commit, because a confirmation
    /// may come before the commit is answered.
    pub(crate) fn ticket(&self) -> Ticket<'_> {
        let mut state = self.state();
        state.last_number += 1;
        let (number, session) = (state.last_number, state.session.clone());
        state.waiting.insert(number, BTreeSet::new());
        Ticket { of: self, number, session }
    }

    /// Notes that a session has heard of a commit of this process.
    pub(crate) fn confirm(&self, number: u64, session: &str) {
        if let Some(heard) = self.state().waiting.get_mut(&number) {
            heard.insert(session.to_owned());
            self.confirmed.notify_all();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket<'_> {
    /// The text of the notice: who asks for confirmation, and of which commit. Without a listener nobody can
    /// confirm, and the text is empty.
    pub(crate) fn notice(&self) -> String {
        let session = self.session.as_ref();
        session.map_or_else(String::new, |session| format!("{session} {}", self.number))
    }

    /// Tells whether no session but the own one is among these.
    pub(crate) fn is_alone(&self, sessions: &[String]) -> bool {
        sessions.iter().all(|session| Some(session) == self.session.as_ref())
    }

    /// Waits after the commit until all `sessions` but the own one have heard of it, or no lease from before it
    /// is held. `None` stands for sessions that are not known.
    pub(crate) fn wait(&self, sessions: Option<Vec<String>>) {
        let state = self.of.state();
        let is_other = |session: &String| Some(session) != state.session.as_ref();
        let others: Option<BTreeSet<String>> =
            sessions.map(|sessions| sessions.into_iter().filter(is_other).collect());
        let is_waiting = |state: &mut State| {
            let heard = state.waiting.get(&self.number);
            let all =
                others.as_ref().zip(heard).is_some_and(|(others, heard)| others.is_subset(heard));
            !all
        };
        let waited = self.of.confirmed.wait_timeout_while(state, LEASE_OVER, is_waiting);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.of.state().waiting.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sessions(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn a_commit_waits_for_nobody_where_nobody_else_is() {
        let confirmations = Confirmations::default();
        confirmations.set_session(Some("1_1"));
        let ticket = confirmations.ticket();
        assert_eq!(ticket.notice(), "1_1 1");
        ticket.wait(Some(sessions(&["1_1"])));
        ticket.wait(Some(Vec::new()));
    }

    #[test]
    fn a_commit_waits_until_all_others_have_heard_of_it() {
        let confirmations = Confirmations::default();
        confirmations.set_session(Some("1_1"));
        let (ticket, other) = (confirmations.ticket(), confirmations.ticket());
        confirmations.confirm(1, "2_2");
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| ticket.wait(Some(sessions(&["1_1", "2_2", "3_3"]))));
            confirmations.confirm(2, "3_3");
            confirmations.confirm(7, "3_3");
            assert!(!waiting.is_finished());
            confirmations.confirm(1, "3_3");
        });
        drop((ticket, other));
        assert!(confirmations.state().waiting.is_empty());
    }
}
