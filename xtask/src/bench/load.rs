//! The load: closed loop (each client waits for its answer) and open loop (requests are due at fixed
//! times, independent of the answers).

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use super::process::Served;
use super::watch::{Watch, wait};
use super::wire::{Answer, Connection, Request};

/// Time for the journal to write the events of reads, whose cost belongs to the slice that made them.
const SETTLE: Duration = Duration::from_millis(1100);

/// The next request of a client, from the answer to its last one.
pub type Client<'a> = Box<dyn FnMut(Option<&Answer>) -> Request + Send + 'a>;

/// Makes a client from its number.
pub type Clients<'a> = dyn Fn(u32) -> Client<'a> + Sync + 'a;

/// The duration and the intensity of a load.
#[derive(Clone, Copy)]
pub struct Effort {
    pub clients: u32,
    pub duration: Duration,
    pub requests_max: u32,
    /// Open loop: number of requests that are due per second.
    pub per_second: Option<f64>,
}

/// The result of one slice of load.
#[derive(Default)]
pub struct Slice {
    pub requests: u32,
    pub failures: BTreeMap<String, u32>,
    pub seconds: f64,
    /// Processor time of the server, in microseconds.
    pub cpu_micros: f64,
    /// The latencies in microseconds, sorted.
    pub latencies: Vec<u32>,
}

impl Slice {
    pub fn cpu_per_request(&self) -> f64 {
        self.cpu_micros / f64::from(self.requests.max(1))
    }

    pub fn per_second(&self) -> f64 {
        f64::from(self.requests) / self.seconds.max(1e-9)
    }

    /// The latency that `percent` of the requests did not exceed, in microseconds.
    pub fn latency(&self, percent: usize) -> f64 {
        let place = self.latencies.len().saturating_sub(1) * percent / 100;
        self.latencies.get(place).copied().map_or(f64::NAN, f64::from)
    }
}

/// Runs a load on a server, and reads its processor time before and after.
pub fn load(server: &dyn Served, effort: Effort, clients: &Clients<'_>) -> Result<Slice, String> {
    let before = server.cpu()?;
    let mut slice = drive(server, effort, clients);
    wait(SETTLE);
    slice.cpu_micros = before.micros_until(&server.cpu()?);
    if let Some((failure, count)) = slice.failures.iter().next() {
        return Err(format!("{count} requests failed: {failure}"));
    }
    if slice.requests == 0 {
        return Err("not one request was answered".to_owned());
    }
    Ok(slice)
}

/// Runs a load, and counts its failures.
pub fn drive(server: &dyn Served, effort: Effort, clients: &Clients<'_>) -> Slice {
    let begun = AtomicU32::new(0);
    let watch = Watch::start();
    let mut whole = Slice::default();
    thread::scope(|scope| {
        let start = |number| {
            let begun = &begun;
            scope.spawn(move || work(server.address(number), effort, clients(number), begun, watch))
        };
        let threads: Vec<_> = (0..effort.clients).map(start).collect();
        for part in threads.into_iter().filter_map(|thread| thread.join().ok()) {
            whole.requests += part.requests;
            whole.latencies.extend(part.latencies);
            for (failure, count) in part.failures {
                *whole.failures.entry(failure).or_default() += count;
            }
        }
    });
    whole.seconds = watch.elapsed().as_secs_f64();
    whole.latencies.sort_unstable();
    whole
}

fn work(
    address: SocketAddr,
    effort: Effort,
    mut client: Client<'_>,
    begun: &AtomicU32,
    watch: Watch,
) -> Slice {
    let mut slice = Slice::default();
    let mut connection = Connection::new(address);
    let mut last = None;
    while watch.elapsed() < effort.duration {
        let number = begun.fetch_add(1, Ordering::Relaxed);
        if number >= effort.requests_max {
            break;
        }
        let request = client(last.as_ref());
        // Open loop: the latency counts from the time at which the request was due. Otherwise a
        // server that stalls would hide it by slowing down the load.
        let due = effort.per_second.map_or_else(
            || watch.elapsed(),
            |per_second| Duration::from_secs_f64(f64::from(number) / per_second),
        );
        watch.wait_until(due);
        match connection.send(&request).and_then(|answer| answer.succeeded(&request.path)) {
            Ok(answer) => {
                let micros = watch.elapsed().saturating_sub(due).as_micros();
                slice.latencies.push(u32::try_from(micros).unwrap_or(u32::MAX));
                slice.requests += 1;
                last = Some(answer);
            }
            Err(failure) => {
                *slice.failures.entry(failure).or_default() += 1;
                break;
            }
        }
    }
    // The client sees the last answer too: it may hold what the next request needs.
    if last.is_some() {
        client(last.as_ref());
    }
    slice
}
