//! A measured server: started, observed from outside, stopped.
//!
//! `proc_pid_stat(5)`, `proc_pid_status(5)`; `schedstat` has the time of a thread in nanoseconds.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::ops::Sub;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::watch::{Watch, wait};

const START_TIME_MAX: Duration = Duration::from_mins(1);

/// `sysconf(_SC_CLK_TCK)`, which Linux has had at 100 on every architecture for two decades.
const TICK_MICROS: f64 = 10_000.0;

/// A running server, which is killed on drop.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    /// The lines that it printed before it was ready.
    pub lines: Vec<String>,
}

/// A server of one process or several.
pub trait Served: Sync {
    /// Address at which a client of the load asks.
    fn address(&self, client: u32) -> SocketAddr;

    fn cpu(&self) -> Result<Cpu, String>;
}

/// The processor time that processes have used.
#[derive(Default)]
pub struct Cpu {
    /// Time of each running thread, in nanoseconds.
    threads: BTreeMap<String, u64>,
    /// Time of all threads of each process, ended ones included, in ticks.
    ticks: BTreeMap<String, u32>,
}

impl Process {
    /// Starts a server that prints `ready` when it is ready.
    pub fn start_until_ready(command: &mut Command, address: SocketAddr) -> Result<Self, String> {
        let mut child = spawn(command.stdout(Stdio::piped()))?;
        let output = child.stdout.take().ok_or("a child without an output")?;
        let mut output = BufReader::new(output);
        let mut process = Self { child, address, lines: Vec::new() };
        loop {
            let mut line = String::new();
            let count = output.read_line(&mut line).map_err(|error| error.to_string())?;
            if count == 0 {
                return Err(format!("{command:?} ended before it was ready"));
            }
            if line.starts_with("ready") {
                // The pipe stays open with the process, so that the server can go on printing.
                process.child.stdout = Some(output.into_inner());
                return Ok(process);
            }
            process.lines.push(line.trim_end().to_owned());
        }
    }

    /// Starts a server that is ready when it accepts connections.
    pub fn start_until_open(command: &mut Command, address: SocketAddr) -> Result<Self, String> {
        let child = spawn(command.stdout(Stdio::null()))?;
        let mut process = Self { child, address, lines: Vec::new() };
        let watch = Watch::start();
        while TcpStream::connect(address).is_err() {
            let ended = process.child.try_wait().map_err(|error| error.to_string())?;
            if ended.is_some() || watch.elapsed() > START_TIME_MAX {
                return Err(format!("{command:?} does not listen on {address}"));
            }
            wait(Duration::from_millis(50));
        }
        Ok(process)
    }

    pub fn id(&self) -> String {
        self.child.id().to_string()
    }

    /// Current resident memory, in MB.
    pub fn resident_mb(&self) -> Result<f64, String> {
        self.status_mb("VmRSS:")
    }

    /// Peak resident memory, in MB.
    pub fn peak_mb(&self) -> Result<f64, String> {
        self.status_mb("VmHWM:")
    }

    fn status_mb(&self, name: &str) -> Result<f64, String> {
        let status = read(&format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u32>().ok());
        kilobytes.map(|kb| f64::from(kb) * 1024.0 / 1e6).ok_or(format!("no {name} in the status"))
    }

    /// Stops the server as an operator does, and waits for its end.
    pub fn stop(mut self) -> Result<(), String> {
        let pid = self.child.id().to_string();
        Command::new("kill").arg(pid).status().map_err(|error| error.to_string())?;
        self.child.wait().map(drop).map_err(|error| error.to_string())
    }
}

impl Served for Process {
    fn address(&self, _client: u32) -> SocketAddr {
        self.address
    }

    fn cpu(&self) -> Result<Cpu, String> {
        Cpu::of(&self.id())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Cpu {
    /// The time of a process, by its id or `self`.
    pub fn of(pid: &str) -> Result<Self, String> {
        let mut cpu = Self::default();
        cpu.add(pid)?;
        Ok(cpu)
    }

    /// Adds the time of a process.
    pub fn add(&mut self, pid: &str) -> Result<(), String> {
        let folder = format!("/proc/{pid}");
        let stat = read(&format!("{folder}/stat"))?;
        // The program's name may have blanks; field 3 begins after its closing bracket.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let mut fields = fields.split_whitespace().skip(11).map(str::parse::<u32>);
        let (Some(Ok(user)), Some(Ok(system))) = (fields.next(), fields.next()) else {
            return Err(format!("{folder}/stat has another form"));
        };
        self.ticks.insert(pid.to_owned(), user.saturating_add(system));
        let tasks = fs::read_dir(format!("{folder}/task")).map_err(|error| error.to_string())?;
        for task in tasks.flatten() {
            let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            let nanos = text.split(' ').next().and_then(|digits| digits.parse().ok());
            let thread = task.file_name().to_string_lossy().into_owned();
            self.threads.insert(thread, nanos.unwrap_or(0));
        }
        Ok(())
    }

    /// Microseconds used between two readings. The sum over the running threads is exact to the
    /// nanosecond; the time of threads that ended in between is exact to the tick.
    pub fn micros_until(&self, later: &Self) -> f64 {
        let ticks: u32 =
            later.ticks.iter().map(|(pid, ticks)| since(&self.ticks, pid, *ticks)).sum();
        let in_ticks = f64::from(ticks) * TICK_MICROS;
        let spent =
            later.threads.iter().map(|(thread, nanos)| since(&self.threads, thread, *nanos)).sum();
        let exact = Duration::from_nanos(spent).as_secs_f64() * 1e6;
        // User and system time are each rounded down to ticks, so the sum may be two ticks off for each process.
        let processes = u32::try_from(later.ticks.len()).unwrap_or(u32::MAX);
        let off = 2.0 * TICK_MICROS * f64::from(processes);
        if (exact - in_ticks).abs() <= off { exact } else { in_ticks }
    }
}

/// The part of a time that came after an earlier reading, in which a thread or process may be missing.
fn since<T: Copy + Default + Sub<Output = T> + PartialOrd>(
    before: &BTreeMap<String, T>,
    name: &str,
    after: T,
) -> T {
    let before = before.get(name).copied().unwrap_or_default();
    if after > before { after - before } else { T::default() }
}

/// A free port on the loopback address.
pub fn free_address() -> Result<SocketAddr, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map_err(|error| error.to_string())
}

/// The value of `name=` in the output of a script in `tests/parts`.
pub fn find_part(root: &Path, part: &str, name: &str) -> Result<String, String> {
    let script = root.join("tests/parts/peers.sh");
    let output = Command::new(script).arg(part).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    value.map(str::to_owned).ok_or(format!("the outside part {part} is not there"))
}

fn spawn(command: &mut Command) -> Result<Child, String> {
    command.stdin(Stdio::null()).spawn().map_err(|error| format!("{command:?}: {error}"))
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpu(threads: &[(&str, u64)], ticks: u32) -> Cpu {
        let threads = threads.iter().map(|(name, nanos)| ((*name).to_owned(), *nanos)).collect();
        Cpu { threads, ticks: BTreeMap::from([("1".to_owned(), ticks)]) }
    }

    #[test]
    fn time_is_counted_in_ticks_when_threads_came_and_went() {
        let before = cpu(&[("1", 1_000_000), ("2", 5_000_000)], 10);
        let near = |later: &Cpu, micros: f64| {
            assert!((before.micros_until(later) - micros).abs() < 1e-6);
        };
        near(&cpu(&[("1", 3_000_000), ("2", 6_000_000), ("3", 4_000_000)], 11), 7_000.0);
        near(&cpu(&[("1", 3_000_000)], 110), 1_000_000.0);
    }
}
