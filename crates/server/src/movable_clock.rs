//! The clock of the sandbox, which can be moved forward.
//!
//! Clients of a sandbox sign by the clock of the machine, and know nothing of the moves. A signing time of the
//! machine's clock is taken as the time that the sandbox's clock had at that moment. So stock clients get in
//! after a move, and a link that was signed before it is older by the move.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use model::Clock;

use crate::system::SystemClock;

/// Maximum number of moves that are remembered. Times before the oldest count as times after it.
const MOVES_MAX: usize = 1024;

/// Maximum time by which a client's clock may be ahead of this machine's. Clients of a sandbox run on it, or in
/// a virtual machine on it.
const CLIENT_AHEAD_MS_MAX: i64 = 30_000;

/// The clock of the sandbox, shared by all who read it.
#[derive(Clone, Default)]
pub struct MovableClock(Arc<Inner>);

#[derive(Default)]
struct Inner {
    moves: RwLock<Moves>,
    /// Held while the clock is moved: one move waits for another.
    moving: Mutex<()>,
}

/// The moves, the newest last.
#[derive(Clone, Default)]
pub struct Moves(VecDeque<Move>);

#[derive(Clone, Copy)]
struct Move {
    /// The time of the machine's clock at the move.
    machine_ms: i64,
    /// The time by which the sandbox's clock is ahead since then.
    ahead_ms: i64,
}

impl Moves {
    /// The time by which the sandbox's clock is ahead now.
    fn ahead_ms(&self) -> i64 {
        self.0.back().map_or(0, |last| last.ahead_ms)
    }

    /// The time by which the sandbox's clock was ahead when the machine's clock showed `machine_ms`.
    fn ahead_ms_at(&self, machine_ms: i64) -> i64 {
        let since = self.0.iter().rev().find(|moved| moved.machine_ms <= machine_ms);
        since.map_or(0, |moved| moved.ahead_ms)
    }

    fn add(&mut self, machine_ms: i64, by_ms: i64) {
        let ahead_ms = self.ahead_ms().saturating_add(by_ms);
        self.0.push_back(Move { machine_ms, ahead_ms });
        if self.0.len() > MOVES_MAX {
            self.0.pop_front();
        }
    }

    /// The time to compare with a client's `client_ms`, when the machine's clock shows `machine_ms`.
    fn now_for(&self, client_ms: i64, machine_ms: i64) -> i64 {
        let now_ms = machine_ms.saturating_add(self.ahead_ms());
        if client_ms > machine_ms.saturating_add(CLIENT_AHEAD_MS_MAX) {
            // The client follows the sandbox's clock: the SDKs correct theirs by `Date`.
            return now_ms;
        }
        now_ms.saturating_sub(self.ahead_ms_at(client_ms))
    }
}

impl MovableClock {
    /// Moves the clock forward with the next second of the machine's clock, and waits for it.
    ///
    /// Signatures have whole seconds. With the boundary between two of them, each signature is known to be from
    /// before the move or from after it.
    pub fn advance(&self, by_ms: i64) {
        let _alone = self.0.moving.lock().unwrap_or_else(PoisonError::into_inner);
        let now_ms = SystemClock.now_ms();
        let boundary_ms = now_ms - now_ms.rem_euclid(1000) + 1000;
        SystemClock.pause(u64::try_from(boundary_ms - now_ms).unwrap_or_default());
        self.write(|moves| moves.add(boundary_ms, by_ms));
    }

    /// Turns the clock back to the machine's. Returns the moves, for [`Self::restore`].
    pub fn turn_back(&self) -> Moves {
        self.write(std::mem::take)
    }

    /// Puts moves back.
    pub fn restore(&self, moves: Moves) {
        self.write(|there| *there = moves);
    }

    fn read<T>(&self, read: impl FnOnce(&Moves) -> T) -> T {
        read(&self.0.moves.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, write: impl FnOnce(&mut Moves) -> T) -> T {
        write(&mut self.0.moves.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Clock for MovableClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms().saturating_add(self.read(Moves::ahead_ms))
    }

    fn now_for(&self, client_ms: i64) -> i64 {
        self.read(|moves| moves.now_for(client_ms, SystemClock.now_ms()))
    }

    fn pause(&self, ms: u64) {
        SystemClock.pause(ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;
    const HOUR: i64 = 60 * 60 * 1000;

    /// The age of a signature made at `client_ms` after these moves, each by an hour.
    fn age_ms(moved_at: &[i64], client_ms: i64) -> i64 {
        let mut moves = Moves::default();
        for machine_ms in moved_at {
            moves.add(*machine_ms, HOUR);
        }
        moves.now_for(client_ms, NOW) - client_ms
    }

    #[test]
    fn without_a_move_times_are_compared_as_they_are() {
        for apart in [-2 * HOUR, -1, 0, 1, 2 * HOUR] {
            assert_eq!(age_ms(&[], NOW - apart), apart);
        }
    }

    #[test]
    fn a_signature_by_the_clock_of_the_machine_after_a_move_is_new() {
        assert_eq!(age_ms(&[NOW - 1000], NOW), 0);
        assert_eq!(age_ms(&[NOW - 1000], NOW - 1000), 1000);
        assert_eq!(age_ms(&[NOW - 2000, NOW - 1000], NOW), 0);
    }

    #[test]
    fn a_signature_from_before_a_move_is_older_by_the_move() {
        assert_eq!(age_ms(&[NOW], NOW - 1000), HOUR + 1000);
        assert_eq!(age_ms(&[NOW - 2000, NOW], NOW - 1000), HOUR + 1000);
        assert_eq!(age_ms(&[NOW - 2000, NOW], NOW - 3000), 2 * HOUR + 3000);
    }

    #[test]
    fn a_signature_by_the_clock_of_the_sandbox_is_new() {
        assert_eq!(age_ms(&[NOW - 1000], NOW + HOUR), 0);
        assert_eq!(age_ms(&[NOW - 1000], NOW + HOUR - 1000), 1000);
        assert_eq!(age_ms(&[NOW - 1000], NOW + 2 * HOUR), -HOUR);
    }

    #[test]
    fn few_moves_are_remembered() {
        let mut moves = Moves::default();
        for number in 0..2 * i64::try_from(MOVES_MAX).unwrap() {
            moves.add(NOW + number, 1);
        }
        assert_eq!(moves.0.len(), MOVES_MAX);
        assert_eq!(moves.ahead_ms(), 2 * i64::try_from(MOVES_MAX).unwrap());
    }

    #[test]
    fn a_clock_that_was_moved_is_turned_back() {
        let clock = MovableClock::default();
        clock.advance(HOUR);
        assert!(clock.now_ms() - SystemClock.now_ms() >= HOUR - 1000);
        let moves = clock.turn_back();
        assert!(clock.now_ms() - SystemClock.now_ms() <= 0);
        clock.restore(moves);
        assert!(clock.now_ms() - SystemClock.now_ms() >= HOUR - 1000);
    }
}
