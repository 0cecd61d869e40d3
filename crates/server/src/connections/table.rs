//! The table of open connections.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::network_shares::{Full, NetworkLimits, NetworkShares};
use model::source_network::Networks;
use tokio::sync::futures::Notified;
use tokio::sync::{Notify, oneshot};

use super::phase::{Phase, PhaseCell};

/// Maximum number of connections that are tried in turn as the one to displace: each may begin a
/// request at the moment when it is chosen.
const TRIES_MAX: usize = 8;

/// The open connections of a server.
pub struct Connections {
    /// Phases by place. Requests change them without the lock of the table.
    phases: Box<[PhaseCell]>,
    /// The number of the next phase that begins.
    next_number: AtomicU64,
    table: Mutex<Table>,
    ended: Notify,
    displaced: AtomicU64,
    refused: AtomicU64,
}

struct Table {
    shares: NetworkShares,
    /// Connections by place.
    open: Vec<Option<Open>>,
    /// Places that a connection has left.
    free: Vec<usize>,
}

struct Open {
    networks: Networks,
    /// Ends the connection.
    displace: Option<oneshot::Sender<()>>,
}

/// The outcome of asking for a place.
pub enum Admission<Place = usize> {
    /// The receiver completes if the connection is displaced.
    Admitted(Place, oneshot::Receiver<()>),
    /// Another connection ends for this one. Ask again when it has.
    Displacing,
    /// The share of the network is taken by requests that are being answered.
    Refused,
}

impl Connections {
    #[must_use]
    pub fn new(limits: NetworkLimits) -> Self {
        let table =
            Table { shares: NetworkShares::new(limits), open: Vec::new(), free: Vec::new() };
        Self {
            phases: (0..limits.total_max).map(|_| PhaseCell::default()).collect(),
            next_number: AtomicU64::new(0),
            table: Mutex::new(table),
            ended: Notify::new(),
            displaced: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// Asks for a place for an address.
    pub(super) fn admit(&self, networks: &Networks) -> Admission {
        let mut table = self.table();
        let Some(full) = table.shares.full_for(networks, 1) else {
            return self.open(&mut table, networks);
        };
        for _ in 0..TRIES_MAX {
            let Some((place, seen)) = self.longest_waiting(&table, full) else { break };
            if let (Some(phase), Some(Some(open))) =
                (self.phases.get(place), table.open.get_mut(place))
                && phase.displace(seen)
            {
                // The connection may have ended by itself in the meantime.
                open.displace.take().map(|displace| displace.send(()));
                self.displaced.fetch_add(1, Ordering::Relaxed);
                return Admission::Displacing;
            }
        }
        self.refused.fetch_add(1, Ordering::Relaxed);
        Admission::Refused
    }

    /// Completes when a connection ends after this call.
    pub fn next_end(&self) -> Notified<'_> {
        self.ended.notified()
    }

    /// Maximum number of connections.
    #[must_use]
    pub fn total_max(&self) -> usize {
        self.phases.len()
    }

    /// The number of open connections.
    #[must_use]
    pub fn count(&self) -> usize {
        self.table().shares.total()
    }

    /// The number of connections that newcomers displaced since the start.
    #[must_use]
    pub fn displaced(&self) -> u64 {
        self.displaced.load(Ordering::Relaxed)
    }

    /// The number of connections that were refused since the start.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// The phase of the connection in a place, to change it.
    pub(super) fn phase(&self, place: usize) -> Option<&PhaseCell> {
        self.phases.get(place)
    }

    /// The number of a phase that begins now.
    pub(super) fn number(&self) -> u64 {
        self.next_number.fetch_add(1, Ordering::Relaxed)
    }

    /// Frees the place of a connection that has ended.
    pub(super) fn end(&self, place: usize) {
        let mut table = self.table();
        if let Some(open) = table.open.get_mut(place).and_then(Option::take) {
            table.shares.give_back(&open.networks);
            table.free.push(place);
        }
        drop(table);
        self.ended.notify_waiters();
    }

    fn open(&self, table: &mut Table, networks: &Networks) -> Admission {
        let place = table.free.pop().unwrap_or(table.open.len());
        let Some(phase) = self.phases.get(place) else { return Admission::Refused };
        if !table.shares.take(networks) {
            return Admission::Refused;
        }
        phase.reset(Phase::Waiting(self.number()));
        let (displace, displaced) = oneshot::channel();
        let open = Some(Open { networks: networks.clone(), displace: Some(displace) });
        match table.open.get_mut(place) {
            Some(left) => *left = open,
            None => table.open.push(open),
        }
        Admission::Admitted(place, displaced)
    }

    /// The connection of a full network that has waited the longest for a head, or else for a body.
    ///
    /// It reads a word for each connection, and only when a share is taken.
    fn longest_waiting(&self, table: &Table, full: Full<'_>) -> Option<(usize, Phase)> {
        let is_candidate = |place: usize| match (full, table.open.get(place)) {
            (Full::Network(network), Some(Some(open))) => open.networks.contains(network),
            (Full::Total, Some(Some(_))) => true,
            (_, Some(None) | None) => false,
        };
        let mut longest: Option<((u8, u64), usize, Phase)> = None;
        for (place, phase) in self.phases.iter().enumerate().take(table.open.len()) {
            let phase = phase.get();
            let rank = match phase {
                Phase::Waiting(since) => (0, since),
                Phase::Collecting(since) => (1, since),
                Phase::Busy | Phase::Displaced => continue,
            };
            if longest.is_none_or(|(least, ..)| rank < least) && is_candidate(place) {
                longest = Some((rank, place, phase));
            }
        }
        longest.map(|(_, place, phase)| (place, phase))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
