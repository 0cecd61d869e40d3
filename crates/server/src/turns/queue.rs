//! A number of turns, and those who wait for one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::source_network::Networks;
use tokio::sync::oneshot;

use super::rotation::Rotation;

/// A handle of the turns and of the queue.
#[derive(Clone)]
pub(super) struct Queue(Arc<Mutex<State>>);

struct State {
    free: usize,
    /// Somebody waits only while no turn is free.
    waiting: Rotation<oneshot::Sender<()>>,
    /// The number of the next who waits.
    number: u64,
}

/// A turn. It passes to the next when it is dropped.
pub struct Turn(Queue);

/// A place in the queue, which is given up when it is dropped.
struct Place<'a> {
    queue: &'a Queue,
    networks: Networks,
    number: u64,
    /// Lives until the place is out of the line, so that no call is lost.
    called: oneshot::Receiver<()>,
    has_turn: bool,
}

impl Queue {
    pub(super) fn new(free: usize) -> Self {
        let state = State { free, waiting: Rotation::default(), number: 0 };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Takes a turn if one is free.
    pub(super) fn try_take(&self) -> Option<Turn> {
        let mut state = self.state();
        state.free = state.free.checked_sub(1)?;
        Some(Turn(self.clone()))
    }

    /// Waits for a turn in the line of these networks.
    pub(super) async fn take(&self, networks: Networks) -> Turn {
        let mut place = match self.line_up(networks) {
            Ok(turn) => return turn,
            Err(place) => place,
        };
        // The sender is only dropped with the queue, of which this is a handle.
        (&mut place.called).await.ok();
        place.has_turn = true;
        Turn(self.clone())
    }

    /// Takes a turn, or else a place in the line of these networks.
    fn line_up(&self, networks: Networks) -> Result<Turn, Place<'_>> {
        let mut state = self.state();
        if let Some(rest) = state.free.checked_sub(1) {
            state.free = rest;
            return Ok(Turn(self.clone()));
        }
        let (sender, called) = oneshot::channel();
        let number = state.number;
        state.number += 1;
        state.waiting.add(&networks, number, sender);
        drop(state);
        Err(Place { queue: self, networks, number, called, has_turn: false })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Passes a turn on to the next who waits.
    fn pass_on(&mut self) {
        match self.waiting.next() {
            // The receiver is there until the place is out of the line.
            Some(sender) => drop(sender.send(())),
            None => self.free += 1,
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.state().pass_on();
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.has_turn {
            return;
        }
        let mut state = self.queue.state();
        // The turn of a place that was called, and whose holder has left since, is the next one's.
        if !state.waiting.remove(&self.networks, self.number) {
            state.pass_on();
        }
    }
}
