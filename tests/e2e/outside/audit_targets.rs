//! Audit events that are forwarded to real receivers, which go away in between.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::audit::{
    Place, a_file_gets_everything_while_it_is_rotated_and_servers_are_killed,
    a_follower_misses_nothing, assert_are, call, call_until, lines, place, sealed,
};
use crate::support::{Ca, Database, Installation, Validity, scripts};

/// A receiver that runs in a folder of its own.
struct Receiver {
    script: &'static str,
    folder: TempDir,
    certificates: Option<TempDir>,
}

impl Receiver {
    fn new(script: &'static str, certificates: Option<TempDir>) -> Self {
        Self { script, folder: tempfile::tempdir().unwrap(), certificates }
    }

    /// Starts it, again on the same port, and returns the port.
    fn start(&self) -> String {
        let certificates = self.certificates.as_ref().map(|folder| folder.path().to_owned());
        self.run("start", certificates.as_deref()).trim().replace("PORT=", "")
    }

    fn stop(&self) {
        self.run("stop", None);
    }

    fn run(&self, word: &str, more: Option<&Path>) -> String {
        let mut command = Command::new(scripts().join(self.script));
        let said = command.arg(word).arg(self.folder.path()).args(more).output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).unwrap()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What rsyslog received: places of events, without severity, name and operation.
fn messages(receiver: &Receiver) -> Vec<Place> {
    let lines = lines(&receiver.file("messages"));
    lines.iter().map(|line| place(&line[line.find('{').unwrap()..])).collect()
}

/// Forwards events to a receiver that is away, comes, goes and comes again, by servers that are killed.
fn forward(
    installation: &Installation,
    receiver: &Receiver,
    arguments: &[&str],
    taken: impl Fn() -> Vec<Place>,
) {
    receiver.stop();
    let portico = installation.serve_with(arguments);
    let keys = installation.operator();
    call(&portico, &keys, 1100);
    portico.kill();
    let portico = installation.serve_with(arguments);
    receiver.start();
    call_until(&portico, &keys, || !taken().is_empty());
    portico.kill();
    receiver.stop();
    let portico = installation.serve_with(arguments);
    call(&portico, &keys, 1100);
    assert_eq!(portico.get("/readyz").status, 200);
    assert!(portico.terminate().success());
    let all = sealed(installation);
    receiver.start();
    let portico = installation.serve_with(arguments);
    call_until(&portico, &keys, || taken().last() >= all.last());
    assert_are(&taken(), &all);
    portico.kill();
}

#[test]
fn rsyslog_gets_everything_over_tcp() {
    let receiver = Receiver::new("rsyslog.sh", None);
    let target = format!("syslog+tcp://127.0.0.1:{}", receiver.start());
    let installation = Installation::embedded();
    forward(&installation, &receiver, &["--audit-forward", &target], || messages(&receiver));
    let first = lines(&receiver.file("messages")).remove(0);
    assert!(first.starts_with("6 portico ") && first.contains("\"eventVersion\""), "{first}");
}

#[test]
fn rsyslog_gets_events_over_tls_from_who_trusts_its_ca() {
    let certificates = tempfile::tempdir().unwrap();
    let ca = Ca::new("a CA of receivers");
    let file = ca.write(certificates.path(), "ca");
    ca.issue(certificates.path(), "server", &["localhost"], Validity::Good);
    let receiver = Receiver::new("rsyslog.sh", Some(certificates));
    let target = format!("syslog+tls://localhost:{}", receiver.start());
    let installation = Installation::embedded();
    let other = tempfile::tempdir().unwrap();
    let stranger = Ca::new("another CA").write(other.path(), "ca");
    let arguments = ["--audit-forward", &target, "--audit-forward-ca", stranger.to_str().unwrap()];
    let portico = installation.serve_with(&arguments);
    let keys = installation.operator();
    call_until(&portico, &keys, || portico.log().contains("are not forwarded, and wait"));
    assert!(portico.log().contains("UnknownIssuer"), "{}", portico.log());
    assert!(portico.terminate().success());
    assert!(messages(&receiver).is_empty());

    let arguments = ["--audit-forward", &target, "--audit-forward-ca", file.to_str().unwrap()];
    let portico = installation.serve_with(&arguments);
    call_until(&portico, &keys, || !messages(&receiver).is_empty());
}

#[test]
fn an_otlp_receiver_gets_everything() {
    let receiver = Receiver::new("otlp-sink.sh", None);
    let target = format!("otlp+http://127.0.0.1:{}", receiver.start());
    let installation = Installation::embedded();
    let records = || -> Vec<Place> {
        lines(&receiver.file("records")).iter().map(|line| place(line)).collect()
    };
    let arguments = ["--audit-forward", &target];
    forward(&installation, &receiver, &arguments, records);

    // It is busy, and then keeps all but one event of a request.
    let portico = installation.serve_with(&arguments);
    let keys = installation.operator();
    fs::write(receiver.file("answer"), "503").unwrap();
    call_until(&portico, &keys, || portico.log().contains("503 Service Unavailable"));
    fs::write(receiver.file("answer"), "200").unwrap();
    call_until(&portico, &keys, || portico.log().contains("one too many"));
    let metrics = portico.get("/metrics").text();
    let rejected =
        metrics.lines().find(|line| line.starts_with("portico_audit_forward_rejected_total"));
    assert!(rejected.is_some_and(|line| !line.ends_with(" 0")), "{metrics}");
    portico.kill();
}

#[test]
fn a_follower_misses_nothing_with_postgresql() {
    a_follower_misses_nothing(&Installation::on(Database::create()));
}

#[test]
fn a_file_gets_everything_with_postgresql() {
    let installation = Installation::on(Database::create());
    a_file_gets_everything_while_it_is_rotated_and_servers_are_killed(&installation);
}
