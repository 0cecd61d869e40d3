//! The script of docs/operate/several-servers.md, as an operator runs it.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::{Database, Keys, Portico, Request, Said, part, search_path};

/// The servers of the script, and their balancer.
struct Script {
    child: Child,
    /// Of the balancer.
    address: SocketAddr,
}

impl Script {
    /// Runs the script until it says that all are ready.
    fn run(folder: &Path, database: &Database) -> Self {
        part("haproxy");
        let port = free_ports();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operate/several-servers.sh");
        let mut command = Command::new(script);
        command.arg(folder).arg(&database.url).env_clear().env("PATH", search_path());
        command.env("PORTICO", Portico::binary()).env("PORT", port.to_string());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.find(|line| line.as_ref().unwrap().starts_with("ready "));
        assert!(ready.is_some(), "the script ended");
        Self { child, address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)) }
    }

    /// The address of a server behind the balancer.
    fn server(&self, number: u16) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.address.port() + number))
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        self.child.wait().unwrap();
    }
}

/// The first of four ports in a row that nobody uses.
fn free_ports() -> u16 {
    let is_free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    (21_000..30_000)
        .step_by(4)
        .skip(std::process::id() as usize % 2000)
        .find(|port| (0..4).all(|more| is_free(port + more)))
        .unwrap()
}

#[test]
fn three_servers_behind_a_balancer_are_one() {
    let (database, folder) = (Database::create(), tempfile::tempdir().unwrap());
    let script = Script::run(folder.path(), &database);
    let data = folder.path().join("1");
    let beside = ["--data", data.to_str().unwrap(), "--database", &database.url];
    let said = Portico::run(&[&["admin", "credentials"][..], &beside].concat());
    let keys = Keys::read(&Said::from(said).json());
    let ask = |address: SocketAddr, request: Request| keys.send("s3", request, address);
    ask(script.address, Request::new("PUT", "/photos")).ok();
    ask(script.address, Request::new("PUT", "/photos/cat").body("meow")).ok();
    for number in 1..=3 {
        let server = script.server(number);
        assert_eq!(ask(server, Request::get("/photos/cat")).text(), "meow");
        assert_eq!(Request::get("/readyz").send(server).status, 200);
    }
    // One is lost. The balancer asks another one.
    let lost = std::fs::read_to_string(folder.path().join("2/portico.lock")).unwrap();
    assert_eq!(lost.trim(), format!("http://localhost:{}", script.address.port()));
    Command::new("pkill")
        .args(["-KILL", "-f", folder.path().join("2").to_str().unwrap()])
        .status()
        .unwrap();
    for _ in 0..20 {
        assert_eq!(ask(script.address, Request::get("/photos/cat")).text(), "meow");
    }
}
