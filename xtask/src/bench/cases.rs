//! Parts shared by all measurements: clients, goals, and the lines of a comparison.

use std::sync::atomic::{AtomicU32, Ordering};

use super::load::{Client, Clients, Effort};
use super::measure::{Case, Measured};
use super::options::Options;
use super::peers::Peers;
use super::portico::Portico;
use super::process::Process;
use super::report::{Goal, Row, number};
use super::wire::Request;

/// Maximum number of requests in a slice.
const REQUESTS_MAX: u32 = 200_000;

/// The servers and data of a run.
pub struct Stage<'a> {
    pub options: &'a Options,
    pub portico: &'a Portico,
    pub peers: &'a Peers,
    /// Number of users.
    pub users: u32,
    /// The id of the identity store, or the reason why there is none.
    pub store_id: Result<&'a str, &'a str>,
    /// A number that makes the names of this run unique.
    pub names: &'a AtomicU32,
    /// True if peers are measured as well, which is done at one size: their data do not grow.
    pub with_peers: bool,
}

/// The goals of a measurement.
pub struct Held<'a> {
    pub what: &'a str,
    pub users: Option<u32>,
    /// Maximum cost as a multiple of the bare route.
    pub times_bare_max: Option<f64>,
    pub peer: &'a str,
    pub against_peer: Option<Goal>,
}

impl<'a> Stage<'a> {
    pub fn effort(&self, clients: u32) -> Effort {
        let duration = self.options.slice;
        Effort { clients, duration, requests_max: REQUESTS_MAX, per_second: None }
    }

    pub fn measure(
        &self,
        clients: u32,
        ours: &Clients<'_>,
        peer: Option<(&Process, &Clients<'_>)>,
    ) -> Result<Measured, String> {
        self.measure_some(self.effort(clients), ours, peer)
    }

    /// Measures with a separate effort, for requests whose rate the server limits.
    pub fn measure_some(
        &self,
        effort: Effort,
        ours: &Clients<'_>,
        peer: Option<(&Process, &Clients<'_>)>,
    ) -> Result<Measured, String> {
        let peer = peer.filter(|_| self.with_peers);
        let (bare_effort, slices) = (self.effort(effort.clients), self.options.slices);
        let server = &self.portico.process;
        Case { effort, bare_effort, slices, server, ours, peer }.measure()
    }

    /// Measures an open loop with the same rate for our request and for the bare route.
    pub fn measure_due(
        &self,
        per_second: f64,
        clients: u32,
        ours: &Clients<'_>,
    ) -> Result<Measured, String> {
        let effort = Effort { per_second: Some(per_second), ..self.effort(clients) };
        let (bare_effort, slices) = (effort, self.options.slices);
        let server = &self.portico.process;
        Case { effort, bare_effort, slices, server, ours, peer: None }.measure()
    }

    pub fn store_id(&self) -> Result<&'a str, String> {
        self.store_id.map_err(str::to_owned)
    }

    pub fn fresh_name(&self) -> String {
        format!("bench-{}-{}", self.users, self.names.fetch_add(1, Ordering::Relaxed))
    }
}

/// Clients that repeat one request.
pub fn repeat(request: Request) -> impl Fn(u32) -> Client<'static> + Sync {
    move |_| {
        let request = request.clone();
        Box::new(move |_| request.clone())
    }
}

/// Clients that send a different request each time.
pub fn each<'a>(make: &'a (dyn Fn() -> Request + Sync)) -> impl Fn(u32) -> Client<'a> + Sync {
    move |_| Box::new(move |_| make())
}

/// The lines of a comparison.
pub fn lines(held: &Held<'_>, measured: Result<Measured, String>) -> Vec<Row> {
    let measured = match measured {
        Ok(measured) => measured,
        Err(why) => return vec![Row::unmeasured(held.what, held.users, why)],
    };
    let (cpu, bare) = (number(measured.cpu()), number(measured.bare_cpu()));
    let row = Row::told(held.what, held.users, format!("{cpu} µs; bare {bare} µs"));
    let times = measured.times_bare();
    let mut rows = vec![match held.times_bare_max {
        Some(most) => row.held(times, "× bare", Goal::AtMost(most), reason(held.what)),
        None => row.beside(times, "× bare"),
    }];
    let peer_cpu = measured.peer_cpu();
    if peer_cpu.is_finite() {
        let what = format!("{} beside {}", held.what, held.peer);
        let row = Row::told(&what, held.users, format!("{cpu} µs; peer {} µs", number(peer_cpu)));
        rows.push(match held.against_peer {
            Some(Goal::AtMost(most)) => {
                let share = 1.0 / measured.peer_times_ours();
                row.held(share, "× the peer", Goal::AtMost(most), reason(held.what))
            }
            Some(goal) => row.held(measured.peer_times_ours(), "× less", goal, reason(held.what)),
            None => row.beside(measured.peer_times_ours(), "× less"),
        });
    }
    rows
}

/// The reason why a goal is missed.
pub fn reason(what: &str) -> &'static str {
    let found = REASONS.iter().find(|(name, _)| *name == what);
    found.map_or(UNPROFILED, |(_, reason)| reason)
}

const READ: &str = "in a profile of DescribeUser half was the kernel's, for the network as in the bare \
    route and for SQLite's locks of files, and a seventh was the audit event's row";

const SIGN_IN: &str = "in a profile Argon2id itself was 93 hundredths of it; beside other threads it is slower \
    than in a loop of its own";

const UNPROFILED: &str = "not profiled yet";

/// The findings of profiles for goals that were missed, or that no profile exists.
const REASONS: &[(&str, &str)] = &[
    ("admin read, DescribeUser", READ),
    ("admin read, DescribeOrganization", READ),
    ("password sign-in", SIGN_IN),
    (
        "portal page, 2,000 accounts, search",
        "a search reads what the person has, which is ten times as much in the large store",
    ),
    (
        "peak memory",
        "it grows with the reads of a second and is not given back; how much of it is the journal, \
         the allocator and SQLite's caches has not been told apart",
    ),
];
