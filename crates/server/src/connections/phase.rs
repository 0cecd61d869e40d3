//! The phase of a connection, in one word that changes without a lock.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a connection does at the moment. The numbers rise: a lower one began earlier.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Phase {
    /// A request is being answered.
    Busy,
    /// Between two requests, or in the middle of a head.
    Waiting(u64),
    /// In the middle of a body of which nothing is done yet.
    Collecting(u64),
    /// A newcomer takes its place. No request begins any more.
    Displaced,
}

/// The phase of one connection.
pub struct PhaseCell(AtomicU64);

impl Phase {
    /// The kind is in the two low bits. A connection a nanosecond would use up the rest in 146 years.
    fn to_bits(self) -> u64 {
        match self {
            Self::Busy => 0,
            Self::Waiting(since) => since << 2 | 1,
            Self::Collecting(since) => since << 2 | 2,
            Self::Displaced => 3,
        }
    }

    fn from_bits(bits: u64) -> Self {
        match bits & 3 {
            0 => Self::Busy,
            1 => Self::Waiting(bits >> 2),
            2 => Self::Collecting(bits >> 2),
            _ => Self::Displaced,
        }
    }
}

impl Default for PhaseCell {
    fn default() -> Self {
        Self(AtomicU64::new(Phase::Busy.to_bits()))
    }
}

impl PhaseCell {
    pub fn get(&self) -> Phase {
        Phase::from_bits(self.0.load(Ordering::Acquire))
    }

    /// Sets the phase of a connection that has just been accepted.
    pub fn reset(&self, phase: Phase) {
        self.0.store(phase.to_bits(), Ordering::Release);
    }

    /// Enters another phase. Returns false, and changes nothing, once the connection is displaced.
    pub fn enter(&self, phase: Phase) -> bool {
        let displaced = Phase::Displaced.to_bits();
        let next = |now| (now != displaced).then_some(phase.to_bits());
        self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, next).is_ok()
    }

    /// Displaces the connection if it is still in the phase `seen`, and tells whether it was.
    pub fn displace(&self, seen: Phase) -> bool {
        let (seen, displaced) = (seen.to_bits(), Phase::Displaced.to_bits());
        self.0.compare_exchange(seen, displaced, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_reads_back_as_it_was_written() {
        for phase in [Phase::Busy, Phase::Waiting(0), Phase::Collecting(7), Phase::Displaced] {
            assert_eq!(Phase::from_bits(phase.to_bits()), phase);
        }
    }

    #[test]
    fn a_request_that_began_in_time_is_not_displaced() {
        let cell = PhaseCell::default();
        let seen = Phase::Waiting(3);
        assert!(cell.enter(seen) && cell.enter(Phase::Busy));
        assert!(!cell.displace(seen));
        assert_eq!(cell.get(), Phase::Busy);
    }

    #[test]
    fn a_displaced_connection_begins_no_request() {
        let cell = PhaseCell::default();
        assert!(cell.enter(Phase::Waiting(3)) && cell.displace(Phase::Waiting(3)));
        assert!(!cell.enter(Phase::Busy));
        assert_eq!(cell.get(), Phase::Displaced);
    }
}
