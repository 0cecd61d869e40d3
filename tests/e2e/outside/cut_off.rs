//! A server whose network to PostgreSQL goes away: packets are lost, and no connection ends.

use std::io::{BufRead, BufReader, Lines, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use super::nodes::Alice;
use crate::support::{Database, Keys, Organization, Portico, Request, rounds, scripts};

/// Time within which a server that is connected again serves, with room for a machine that runs other tests.
const SERVES: Duration = Duration::from_mins(1);

/// Number of calls while the server is cut off. `PORTICO_TEST_ROUNDS` sets another one.
const CALLS: u64 = 20;

#[test]
fn a_server_that_is_cut_off_refuses_what_is_revoked_meanwhile() {
    let database = Database::create();
    let first = Portico::serve_on(&database);
    let data = first.data();
    let arguments = ["--data", data.to_str().unwrap(), "--database", &database.url];
    let alice = Alice::new(&first, Organization::operator(&arguments));
    let mut apart = Apart::beside(&first, &database);
    let keys = alice.role_keys();
    assert_eq!(apart.who(&keys), 200);

    apart.tell("cut");
    let person = alice.organization.of_instance(json!({ "PrincipalId": alice.user }));
    alice.call("PorticoAdmin.RevokeRoleCredentials", &person);
    for _ in 0..rounds(CALLS) {
        let status = apart.who(&keys);
        assert!(matches!(status, 403 | 503), "{status}");
    }

    apart.tell("join");
    let joined = now();
    while apart.who(&keys) == 503 {
        assert!(joined.elapsed() < SERVES, "{:?}", joined.elapsed());
    }
    assert_eq!(apart.who(&keys), 403);
    assert_eq!(apart.who(&alice.role_keys()), 200);
}

#[expect(clippy::disallowed_methods, reason = "the test is about the time of answers")]
fn now() -> Instant {
    Instant::now()
}

/// A server in a network of its own.
struct Apart {
    child: Child,
    /// `None` once it is to end.
    orders: Option<ChildStdin>,
    said: Lines<BufReader<ChildStdout>>,
    address: SocketAddr,
    folder: TempDir,
}

impl Apart {
    /// Starts a server with the key file and the public URL of the first one, and waits until it is ready.
    fn beside(first: &Portico, database: &Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        std::fs::copy(first.data().join("portico.key"), data.join("portico.key")).unwrap();
        let (before, rest) = database.url.split_once('@').unwrap();
        let (server, name) = rest.split_once('/').unwrap();
        let url = format!("{before}@10.77.0.1:5432/{name}");
        let mut command = Command::new(scripts().join("cut-off.sh"));
        command.arg(folder.path()).arg(server).arg(Portico::binary());
        command.args(["serve", "--listen", "127.0.0.1:8080", "--public-url", first.url()]);
        command.args(["--database", &url, "--data"]).arg(&data);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log(folder.path()));
        let mut child = command.spawn().unwrap();
        let orders = child.stdin.take();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = said.next().unwrap().unwrap();
        let address = address.strip_prefix("address ").unwrap().parse().unwrap();
        let is_ready = said.by_ref().map_while(Result::ok).any(|line| line.starts_with("ready "));
        let apart = Self { child, orders, said, address, folder };
        assert!(is_ready, "{}", apart.log());
        apart
    }

    /// Gives an order, and waits until it is done.
    fn tell(&mut self, order: &str) {
        writeln!(self.orders.as_mut().unwrap(), "{order}").unwrap();
        let is_done = self.said.by_ref().map_while(Result::ok).any(|line| line == "done");
        assert!(is_done, "{}", self.log());
    }

    /// The status of `GetCallerIdentity`.
    fn who(&self, keys: &Keys) -> u16 {
        let pairs = [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")];
        keys.send("sts", Request::post("/").form(&pairs), self.address).status
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.child.wait();
    }
}

fn log(folder: &Path) -> std::fs::File {
    std::fs::File::create(folder.join("log")).unwrap()
}
