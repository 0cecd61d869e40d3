//! Running numbers of the audit events that one connection writes.
//!
//! INVARIANT: the committed events of a lane have the numbers from 1 without a gap. A transaction or
//! savepoint that is rolled back gives its numbers back, and a lane whose last commit may or may not
//! have taken effect is left for a new one. Removing any event but the last of a lane therefore
//! leaves a gap.
//! A lane belongs to a connection, which has one transaction at a time, so a number costs neither a
//! statement nor a lock of the database (decision 0024).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use subtle::ConstantTimeEq;

use crate::LoggedEvent;
use crate::damage::Damage;

/// Computes the MAC of bytes under a key that the store does not know.
pub type RowMac = dyn Fn(&[u8]) -> [u8; 32] + Send + Sync;

/// What the lanes of a database share.
#[derive(Default)]
pub(crate) struct Lanes {
    /// Damage that one of the connections has met.
    pub(crate) damage: Damage,
    /// Absent in tests of the store that need no proof, whose events are like those of earlier
    /// versions.
    mac: OnceLock<Box<RowMac>>,
    /// The lanes of this process, by their writers.
    own: Mutex<BTreeMap<String, OwnLane>>,
}

/// What this process knows of one of its lanes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct OwnLane {
    /// Number of the last event that was committed; 0 before the first commit.
    pub last: i64,
    /// False once nothing more will be written on the lane.
    pub is_open: bool,
}

impl Lanes {
    /// Sets the MAC of all later events. A second call changes nothing.
    pub(crate) fn set_mac(&self, mac: Box<RowMac>) {
        self.mac.set(mac).ok();
    }

    /// Gives an event the MAC of its other columns, unless it is like those of earlier versions.
    pub(crate) fn give_mac(&self, event: &mut LoggedEvent) {
        if let Some(mac) = self.mac.get().filter(|_| event.sequence != 0) {
            event.mac = mac(&event.bytes_under_mac()).to_vec();
        }
    }

    /// Tells whether the event has the MAC that this server would give it.
    pub(crate) fn proves(&self, event: &LoggedEvent) -> bool {
        let right = |mac: &RowMac| mac(&event.bytes_under_mac()).ct_eq(&event.mac).into();
        self.mac.get().is_some_and(|mac| right(mac))
    }
}

impl Lanes {
    /// Lists the lanes of this process.
    ///
    /// INVARIANT: a lane is listed before its first event is written, so that whoever sees the event
    /// finds its lane.
    pub(crate) fn own(&self) -> BTreeMap<String, OwnLane> {
        self.locked().clone()
    }

    /// Takes a lane off the list, unless more may be written on it.
    pub(crate) fn forget(&self, writer: &str) {
        let mut own = self.locked();
        if own.get(writer).is_some_and(|lane| !lane.is_open) {
            own.remove(writer);
        }
    }

    fn open(&self, writer: &str) {
        self.locked().insert(writer.to_owned(), OwnLane { last: 0, is_open: true });
    }

    fn committed(&self, writer: &str, last: i64) {
        if let Some(lane) = self.locked().get_mut(writer) {
            lane.last = last;
        }
    }

    /// Ends a lane. One without a committed event was never known to anybody.
    fn close(&self, writer: &str) {
        let mut own = self.locked();
        if own.get(writer).is_some_and(|lane| lane.last == 0) {
            own.remove(writer);
        } else if let Some(lane) = own.get_mut(writer) {
            lane.is_open = false;
        }
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<String, OwnLane>> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lanes(…)")
    }
}

/// The lane of one connection.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    lanes: Arc<Lanes>,
    /// Id of the first event of the lane, which no other lane can have.
    writer: String,
    /// Last number that the open transaction used.
    used: i64,
    /// Value of `used` when the open savepoint began.
    used_before_savepoint: i64,
    /// Last number that a commit has kept.
    committed: i64,
}

impl Lane {
    pub(crate) fn new(lanes: &Arc<Lanes>) -> Self {
        let mut lane = Self::default();
        lane.lanes = Arc::clone(lanes);
        lane
    }

    /// Gives an event the next place on the lane, and its MAC.
    pub(crate) fn place(&mut self, event: &mut LoggedEvent) {
        let Some(mac) = self.lanes.mac.get() else { return };
        if self.used == 0 {
            self.lanes.close(&self.writer);
            self.writer.clone_from(&event.id);
            self.lanes.open(&self.writer);
        }
        self.used += 1;
        event.writer.clone_from(&self.writer);
        event.sequence = self.used;
        event.mac = mac(&event.bytes_under_mac()).to_vec();
    }

    pub(crate) fn savepoint_began(&mut self) {
        self.used_before_savepoint = self.used;
    }

    pub(crate) fn savepoint_rolled_back(&mut self) {
        self.used = self.used_before_savepoint;
    }

    pub(crate) fn committed(&mut self) {
        if self.used > self.committed {
            self.committed = self.used;
            self.lanes.committed(&self.writer, self.used);
        }
    }

    pub(crate) fn rolled_back(&mut self) {
        self.used = self.committed;
    }

    /// Leaves the lane after a commit of unknown outcome. The next event begins another.
    pub(crate) fn retire(&mut self) {
        self.lanes.close(&self.writer);
        self.writer.clear();
        (self.used, self.used_before_savepoint, self.committed) = (0, 0, 0);
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.lanes.close(&self.writer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane() -> Lane {
        let lanes = Arc::new(Lanes::default());
        lanes.set_mac(Box::new(|bytes| [u8::try_from(bytes.len() % 251).unwrap(); 32]));
        Lane::new(&lanes)
    }

    fn next(lane: &mut Lane, id: &str) -> (String, i64) {
        let mut event = LoggedEvent { id: id.to_owned(), ..LoggedEvent::default() };
        lane.place(&mut event);
        assert!(lane.lanes.proves(&event));
        (event.writer, event.sequence)
    }

    #[test]
    fn numbers_of_what_was_rolled_back_are_used_again() {
        let mut lane = lane();
        assert_eq!(next(&mut lane, "a"), ("a".to_owned(), 1));
        lane.rolled_back();
        // A lane is named by its first event that may be kept.
        assert_eq!(next(&mut lane, "b"), ("b".to_owned(), 1));
        lane.committed();
        lane.savepoint_began();
        assert_eq!(next(&mut lane, "c"), ("b".to_owned(), 2));
        lane.savepoint_began();
        assert_eq!(next(&mut lane, "d"), ("b".to_owned(), 3));
        lane.savepoint_rolled_back();
        assert_eq!(next(&mut lane, "e"), ("b".to_owned(), 3));
        lane.rolled_back();
        assert_eq!(next(&mut lane, "f"), ("b".to_owned(), 2));
    }

    #[test]
    fn a_commit_of_unknown_outcome_ends_the_lane() {
        let mut lane = lane();
        next(&mut lane, "a");
        lane.committed();
        next(&mut lane, "b");
        lane.retire();
        assert_eq!(next(&mut lane, "c"), ("c".to_owned(), 1));
    }

    #[test]
    fn the_lanes_of_a_process_are_listed_until_they_are_forgotten() {
        let mut lane = lane();
        let lanes = Arc::clone(&lane.lanes);
        let open = |last| OwnLane { last, is_open: true };
        next(&mut lane, "a");
        assert_eq!(lanes.own(), BTreeMap::from([("a".to_owned(), open(0))]));
        lane.rolled_back();
        next(&mut lane, "b");
        next(&mut lane, "c");
        lane.committed();
        assert_eq!(lanes.own(), BTreeMap::from([("b".to_owned(), open(2))]));
        lanes.forget("b");
        assert_eq!(lanes.own().len(), 1);
        drop(lane);
        let closed = OwnLane { last: 2, is_open: false };
        assert_eq!(lanes.own(), BTreeMap::from([("b".to_owned(), closed)]));
        lanes.forget("b");
        assert!(lanes.own().is_empty());
    }

    #[test]
    fn without_a_key_events_are_like_those_of_earlier_versions() {
        let mut event = LoggedEvent { id: "a".to_owned(), ..LoggedEvent::default() };
        Lane::default().place(&mut event);
        assert!(event.is_of_earlier_version());
        assert!(!Lanes::default().proves(&event));
    }
}
