//! A running `portico`: started on a free port, awaited until it is ready, killed with the test.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::environment::search_path;
use super::{Answer, Database, Keys, Request};

/// Maximum time of a start on a machine that runs other tests.
const START_TIMEOUT: Duration = Duration::from_mins(1);

/// Number of lines of a log that a failed test shows.
const LOG_LINES_MAX: usize = 200;

/// The binary that Cargo built for this test.
const BINARY: &str = env!("CARGO_BIN_EXE_portico");

pub struct Portico {
    child: Child,
    /// The lines that it printed before it was ready.
    pub printed: Vec<String>,
    pub address: SocketAddr,
    public_url: String,
    home: TempDir,
    /// The seconds by which its clock is ahead of the test's.
    clock_ahead_s: AtomicI64,
    /// Keeps the pipe open, so that the server can go on printing.
    _later: Mutex<Receiver<String>>,
}

impl Portico {
    /// A sandbox: all data in memory, the keys `test:test`.
    pub fn sandbox() -> Self {
        Self::sandbox_with(&[])
    }

    /// A sandbox with more arguments.
    pub fn sandbox_with(arguments: &[&str]) -> Self {
        Self::start(tempfile::tempdir().unwrap(), &[&["sandbox"], arguments].concat())
    }

    /// The real server with its embedded database, in a new folder.
    pub fn serve() -> Self {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        Self::start(home, &["serve", "--data", data.to_str().unwrap()])
    }

    /// The real server on a folder that may hold data already.
    pub fn serve_in(data: &Path, arguments: &[&str]) -> Self {
        let data = ["serve", "--data", data.to_str().unwrap()];
        Self::start(tempfile::tempdir().unwrap(), &[&data, arguments].concat())
    }

    /// The real server on a folder, at the address that an earlier one had.
    pub fn serve_at(data: &Path, address: &str) -> Self {
        let words = ["serve", "--data", data.to_str().unwrap()];
        Self::start_at(tempfile::tempdir().unwrap(), &words, address)
    }

    /// The real server on a PostgreSQL database.
    pub fn serve_on(database: &Database) -> Self {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        let data = data.to_str().unwrap();
        Self::start(home, &["serve", "--data", data, "--database", &database.url])
    }

    fn start(home: TempDir, arguments: &[&str]) -> Self {
        Self::start_at(home, arguments, "127.0.0.1:0")
    }

    fn start_at(home: TempDir, arguments: &[&str], address: &str) -> Self {
        let mut command = isolated(home.path());
        command.args(arguments).args(["--listen", address]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let log = home.path().join("log");
        command.stderr(std::fs::File::create(&log).unwrap());
        let mut child = command.spawn().unwrap();
        let (sender, later) = channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // The thread ends with the pipe, when the server does.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut printed = Vec::new();
        let public_url = loop {
            let Ok(line) = later.recv_timeout(START_TIMEOUT) else {
                let _ = child.kill();
                let log = std::fs::read_to_string(&log).unwrap_or_default();
                panic!("{arguments:?} did not become ready: {printed:#?}\n{log}");
            };
            if let Some(url) = line.strip_prefix("ready ") {
                break url.to_owned();
            }
            printed.push(line);
        };
        // A server that shares the public URL of another one listens elsewhere.
        let endpoint =
            printed.iter().find_map(|line| line.strip_prefix("export AWS_ENDPOINT_URL="));
        let port = endpoint.unwrap_or(&public_url).rsplit(':').next().unwrap();
        let port = port.trim_end_matches('/').parse().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let clock_ahead_s = AtomicI64::new(0);
        Self { child, printed, address, public_url, home, clock_ahead_s, _later: Mutex::new(later) }
    }

    /// The URL for browsers: `http://localhost:<port>`.
    pub fn url(&self) -> &str {
        &self.public_url
    }

    /// The endpoint for clients: `http://127.0.0.1:<port>`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The data directory of a server that was started without one.
    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// The single-use link that the first start prints, from its path onwards.
    pub fn set_up_path(&self) -> String {
        let link = self.word_with("/setup?token=");
        link.strip_prefix(&self.public_url).unwrap_or(link).to_owned()
    }

    /// The start URL in the form that the CLI accepts.
    pub fn start_url(&self) -> String {
        self.word_with(".awsapps.com/start").to_owned()
    }

    /// The environment for a stock CLI, as the server printed it.
    pub fn environment(&self) -> Vec<(String, String)> {
        let lines = self.printed.iter().map(|line| line.trim());
        let exports = lines.filter_map(|line| line.strip_prefix("export "));
        let pairs = exports.filter_map(|line| line.split_once('='));
        pairs
            .map(|(name, value)| (name.to_owned(), value.trim_matches(['"', '\'']).to_owned()))
            .collect()
    }

    fn word_with(&self, part: &str) -> &str {
        let mut words = self.printed.iter().flat_map(|line| line.split_whitespace());
        words
            .find(|word| word.contains(part))
            .unwrap_or_else(|| panic!("nothing with {part} was printed: {:#?}", self.printed))
            .trim_matches(['"', '\''])
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a request unchanged.
    pub fn send(&self, request: &Request) -> Answer {
        request.send(self.address)
    }

    pub fn get(&self, target: &str) -> Answer {
        self.send(&Request::get(target))
    }

    /// Makes an awsJson call with the sandbox's keys.
    pub fn call(&self, operation: &str, input: &Value) -> Answer {
        self.call_as(&Keys::sandbox(), operation, input)
    }

    /// Makes a signed awsJson call.
    pub fn call_as(&self, keys: &Keys, operation: &str, input: &Value) -> Answer {
        self.send(&keys.sign_call(operation, input, self))
    }

    /// Resets a sandbox to its first state.
    pub fn reset(&self) {
        let answer = self.send(&Request::post("/_sandbox/reset"));
        assert_eq!(answer.status, 204, "{answer}");
        self.clock_ahead_s.store(0, Ordering::Relaxed);
    }

    /// Moves a sandbox's clock; requests signed by this test follow it.
    pub fn advance(&self, seconds: i64) {
        let request = Request::post("/_sandbox/clock").json(&json!({ "advanceSeconds": seconds }));
        let answer = self.send(&request);
        assert_eq!(answer.status, 200, "{answer}");
        self.clock_ahead_s.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(super) fn clock_ahead_s(&self) -> i64 {
        self.clock_ahead_s.load(Ordering::Relaxed)
    }

    /// The server's log so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.home.path().join("log")).unwrap_or_default()
    }

    /// Stops the server gracefully, as `systemctl stop` does, and waits for its end.
    pub fn terminate(mut self) -> ExitStatus {
        let killed = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(killed.success());
        self.child.wait().unwrap()
    }

    /// Stops the server's threads, as SIGSTOP does, until [`Portico::go_on`].
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Kills the server.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Runs another command of the program, such as `admin credentials`, to its end.
    pub fn run(arguments: &[&str]) -> std::process::Output {
        Self::run_in(&[], arguments)
    }

    /// Runs a command of the program with these variables in its environment.
    pub fn run_in(environment: &[(&str, &str)], arguments: &[&str]) -> std::process::Output {
        let folder = tempfile::tempdir().unwrap();
        let mut command = isolated(folder.path());
        command.args(arguments).envs(environment.iter().copied());
        command.stdin(Stdio::null()).output().unwrap()
    }

    /// Begins another command of the program, whose output is read while it runs.
    pub fn begin(arguments: &[&str]) -> Child {
        let mut command = isolated(Path::new("/"));
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
    }

    /// The path of the program, for `credential_process`.
    pub fn binary() -> PathBuf {
        PathBuf::from(BINARY)
    }
}

/// The program with only the search path of this process's environment.
fn isolated(home: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.env_clear().env("PATH", search_path()).env("HOME", home).current_dir(home);
    command
}

impl Drop for Portico {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            // Cargo shows it with the failed test.
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            let end = lines.len().saturating_sub(LOG_LINES_MAX);
            eprintln!("--- the end of the server's log\n{}", lines[end..].join("\n"));
        }
    }
}
