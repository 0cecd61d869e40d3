//! Slices that alternate, so that other work of the machine affects all of them alike.

use super::controls::median;
use super::load::{Clients, Effort, Slice, load};
use super::process::Process;
use super::wire::Request;

/// A request, compared with the bare route of our server and with a peer that has the operation.
pub struct Case<'a, 'ours, 'peer> {
    pub effort: Effort,
    /// The effort of the bare route, where the server limits the rate of ours.
    pub bare_effort: Effort,
    pub slices: u32,
    pub server: &'a Process,
    pub ours: &'a Clients<'ours>,
    pub peer: Option<(&'a Process, &'a Clients<'peer>)>,
}

/// The slices of a case.
#[derive(Default)]
pub struct Measured {
    ours: Vec<Slice>,
    bare: Vec<Slice>,
    /// Our slices that alternate with the peer's.
    ours_again: Vec<Slice>,
    peer: Vec<Slice>,
}

impl Case<'_, '_, '_> {
    /// Runs slices in the order ours, bare, ours, peer, and repeats.
    pub fn measure(&self) -> Result<Measured, String> {
        let bare = |_| -> super::load::Client<'_> { Box::new(|_| Request::read("/healthz")) };
        let mut measured = Measured::default();
        // A first slice prepares statements and warms files.
        let warm = Effort { requests_max: 20, ..self.effort };
        load(self.server, warm, self.ours)?;
        if let Some((peer, clients)) = self.peer {
            load(peer, warm, clients).map_err(|error| format!("the peer: {error}"))?;
        }
        for _ in 0..self.slices {
            measured.ours.push(load(self.server, self.effort, self.ours)?);
            measured.bare.push(load(self.server, self.bare_effort, &bare)?);
            if let Some((peer, clients)) = self.peer {
                measured.ours_again.push(load(self.server, self.effort, self.ours)?);
                let slice = load(peer, self.effort, clients);
                measured.peer.push(slice.map_err(|error| format!("the peer: {error}"))?);
            }
        }
        Ok(measured)
    }
}

impl Measured {
    /// Processor time of our server per request, in microseconds.
    pub fn cpu(&self) -> f64 {
        over(self.ours.iter().map(Slice::cpu_per_request))
    }

    pub fn bare_cpu(&self) -> f64 {
        over(self.bare.iter().map(Slice::cpu_per_request))
    }

    pub fn peer_cpu(&self) -> f64 {
        over(self.peer.iter().map(Slice::cpu_per_request))
    }

    /// The processor time of our request as a multiple of the bare route's.
    pub fn times_bare(&self) -> f64 {
        over(ratios(&self.ours, &self.bare))
    }

    /// The processor time of the peer as a multiple of ours.
    pub fn peer_times_ours(&self) -> f64 {
        over(ratios(&self.peer, &self.ours_again))
    }

    /// The latency that `percent` of our requests did not exceed, in microseconds.
    pub fn latency(&self, percent: usize) -> f64 {
        over(self.ours.iter().map(|slice| slice.latency(percent)))
    }
}

/// Pairs of slices that are neighbours in time.
fn ratios<'a>(over: &'a [Slice], under: &'a [Slice]) -> impl Iterator<Item = f64> + 'a {
    over.iter().zip(under).map(|(over, under)| over.cpu_per_request() / under.cpu_per_request())
}

pub fn over(values: impl Iterator<Item = f64>) -> f64 {
    median(&mut values.collect::<Vec<f64>>())
}
