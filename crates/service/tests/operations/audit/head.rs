//! The head that a node keeps of its audit log, against logs that were cut, emptied or restored.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use kernel::audit::keep;
use kernel::audit::verify::{Finding, Report, verify};
use kernel::startup::Founding;
use kernel::upkeep::{every_minute, every_second, flush_journal};
use kernel::{Portico, Settings};
use model::Fault;
use serde_json::json;
use store::{Db, Location};
use tempfile::TempDir;
use testing::{Bench, Counted, START_MS, StillClock, founding};

/// A server that starts again and again over one folder.
struct Node {
    bench: Bench,
    folder: TempDir,
    starts: u64,
}

impl Node {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { bench: open(&folder, 1), folder, starts: 1 }
    }

    /// Starts again without having stopped, as after a kill.
    fn restart(&mut self) {
        self.starts += 1;
        self.bench = open(&self.folder, self.starts);
    }

    fn write(&self, count: u32) {
        for _ in 0..count {
            self.bench.clock.advance(1);
            self.bench.call("AWSOrganizationsV20161128.ListAccounts", &json!({})).unwrap();
        }
        flush_journal(&self.bench.portico).unwrap();
    }

    fn second(&self) {
        every_second(&self.bench.portico).unwrap();
    }

    fn minute(&self) {
        every_minute(&self.bench.portico).unwrap();
    }

    fn findings(&self) -> u64 {
        self.bench.portico.watch.findings()
    }

    fn verify(&self) -> Report {
        verify(&self.bench.portico, None, &mut |_| ()).unwrap()
    }

    fn accept(&self) {
        self.bench.as_caller(&Portico::itself(), |ctx| keep::accept(ctx).unwrap());
    }

    fn head_file(&self) -> PathBuf {
        self.folder.path().join("portico.audit-head")
    }

    fn sql(&self, sql: &str) {
        let file = rusqlite::Connection::open(self.folder.path().join("portico.sqlite")).unwrap();
        file.execute_batch(sql).unwrap();
    }

    /// Fails unless this node and a command beside it find this, until the operator accepts the log.
    fn assert_differs(&self, expected: &[Finding]) {
        let written = fs::read(self.head_file()).unwrap();
        assert_eq!(self.verify().head_findings, expected);
        self.minute();
        let count = u64::try_from(expected.len()).unwrap();
        assert_eq!(self.findings(), count);
        // Nothing is written over the evidence, and it is told again every minute.
        self.write(1);
        self.second();
        assert_eq!(fs::read(self.head_file()).unwrap(), written);
        self.minute();
        assert_eq!(self.findings(), 2 * count);
        // What is missing on a lane that goes on shows without the head, too.
        let Report { findings, head_findings, .. } = self.verify();
        let found = [findings, head_findings].concat();
        // A log that ended too early has another digest of that number by now.
        let later = |finding: &Finding| {
            if let Finding::EndsBefore { number, .. } = finding {
                Finding::OtherHead { number: *number }
            } else {
                finding.clone()
            }
        };
        assert!(expected.iter().all(|finding| found.contains(&later(finding))), "{found:?}");

        self.accept();
        assert_eq!(self.verify().head_findings, []);
        self.minute();
        self.write(3);
        self.second();
        self.minute();
        assert_eq!((self.findings(), self.verify().head_findings), (2 * count, Vec::new()));
        assert_ne!(fs::read(self.head_file()).unwrap(), written);
    }
}

fn open(folder: &TempDir, start: u64) -> Bench {
    open_beside(folder, folder, start)
}

/// Opens a node with a folder of its own over the database of another.
fn open_beside(folder: &TempDir, own: &TempDir, start: u64) -> Bench {
    let clock = StillClock::at(START_MS + i64::try_from(start).unwrap() * 1_000_000);
    let db = Db::open(Location::Sqlite(folder.path().join("portico.sqlite"))).unwrap();
    let founding = Founding {
        head_folder: Some(own.path().to_owned()),
        ..founding(db, clock.clone(), Counted::new(start))
    };
    Bench { portico: Portico::open(founding, Settings::new).unwrap(), clock }
}

const LAST_UNSEALED: &str =
    "(SELECT id FROM audit_event WHERE digest = 0 ORDER BY sequence DESC LIMIT 1)";

#[test]
fn a_log_that_goes_on_agrees_with_its_head_through_every_start() {
    let mut node = Node::new();
    assert!(!node.verify().has_kept_head);
    for _ in 0..3 {
        for count in [1, 0, 2, 150, 1] {
            node.write(count);
            node.second();
            assert_eq!((node.findings(), node.verify().head_findings), (0, Vec::new()));
            if count != 2 {
                node.minute();
                node.write(1);
                assert_eq!((node.findings(), node.verify().head_findings), (0, Vec::new()));
            }
        }
        node.restart();
    }
    let report = node.verify();
    assert!(report.is_sound() && report.has_kept_head, "{report:?}");
    let mode = fs::metadata(node.head_file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // A server that stops seals everything, so that its head has no events behind the digest.
    node.minute();
    let text = fs::read_to_string(node.head_file()).unwrap();
    assert!(text.lines().any(|line| line.starts_with("digest ")), "{text}");
}

#[test]
fn events_that_were_cut_off_before_their_digest_are_missed() {
    let node = Node::new();
    node.write(2);
    node.minute();
    node.write(3);
    node.second();
    let lane = |column: &str| {
        let file = rusqlite::Connection::open(node.folder.path().join("portico.sqlite")).unwrap();
        let sql =
            format!("SELECT CAST({column} AS TEXT) FROM audit_event WHERE id = {LAST_UNSEALED}");
        file.query_row(&sql, [], |row| row.get::<_, String>(0)).unwrap()
    };
    let last = lane("sequence").parse().unwrap();
    let missing = Finding::MissingEvents { writer: lane("writer"), first: last, last };
    node.sql(&format!("DELETE FROM audit_event WHERE id = {LAST_UNSEALED}"));
    assert_eq!(node.verify().findings, []);
    node.assert_differs(&[missing]);
}

#[test]
fn events_that_were_cut_off_before_the_first_digest_are_missed() {
    let node = Node::new();
    node.write(3);
    node.second();
    node.sql(&format!("DELETE FROM audit_event WHERE id = {LAST_UNSEALED}"));
    let findings = node.verify().head_findings;
    assert!(matches!(findings.as_slice(), [Finding::MissingEvents { .. }]), "{findings:?}");
}

#[test]
fn digests_that_were_cut_off_are_missed_at_the_next_start() {
    let mut node = Node::new();
    node.write(2);
    node.minute();
    node.write(2);
    node.minute();
    node.sql("DELETE FROM audit_event WHERE digest = 2; DELETE FROM audit_digest WHERE number = 2");
    assert_eq!(node.verify().findings, []);
    node.restart();
    node.assert_differs(&[Finding::EndsBefore { number: 2, last: 1 }]);
}

#[test]
fn an_emptied_log_is_missed() {
    let node = Node::new();
    node.write(2);
    node.minute();
    node.sql("DELETE FROM audit_event; DELETE FROM audit_digest");
    assert_eq!(node.verify().findings, [Finding::Empty]);
    node.assert_differs(&[Finding::EndsBefore { number: 1, last: 0 }]);
}

#[test]
fn an_older_state_of_the_database_is_told_until_it_is_accepted() {
    let mut node = Node::new();
    node.write(2);
    node.minute();
    let backup = node.folder.path().join("backup.sqlite");
    node.sql(&format!("VACUUM INTO '{}'", backup.display()));
    node.write(2);
    node.minute();
    // The server is gone when its file is exchanged.
    let elsewhere = tempfile::tempdir().unwrap();
    node.bench = open(&elsewhere, 9);
    let database = node.folder.path().join("portico.sqlite");
    fs::rename(&backup, &database).unwrap();
    for left in ["portico.sqlite-wal", "portico.sqlite-shm"] {
        fs::remove_file(node.folder.path().join(left)).ok();
    }
    node.restart();
    assert!(node.verify().findings.is_empty());
    node.assert_differs(&[Finding::EndsBefore { number: 2, last: 1 }]);
    node.restart();
    node.second();
    assert_eq!((node.findings(), node.verify().head_findings), (0, Vec::new()));
}

#[test]
fn a_file_that_this_server_did_not_write_is_told() {
    let node = Node::new();
    node.write(2);
    node.second();
    fs::write(node.head_file(), "portico audit head 1\n").unwrap();
    assert_eq!(node.verify().head_findings, [Finding::WrongHead]);
}

#[test]
fn the_events_of_a_command_are_behind_the_head_when_it_ends() {
    let mut node = Node::new();
    node.write(2);
    node.minute();
    // A command opens the folder of a server that does not run.
    node.restart();
    node.write(1);
    keep::after_command(&node.bench.portico).unwrap();
    let report = node.verify();
    assert!(report.is_sound() && report.unsealed == 0, "{report:?}");
    node.sql(
        "DELETE FROM audit_event WHERE digest = (SELECT MAX(number) FROM audit_digest);
        DELETE FROM audit_digest WHERE number = (SELECT MAX(number) FROM audit_digest)",
    );
    assert_eq!(node.verify().findings, []);
    assert_eq!(node.verify().head_findings, [Finding::EndsBefore { number: 2, last: 1 }]);
}

#[test]
fn a_command_makes_no_head_before_the_first_server_has() {
    let node = Node::new();
    node.write(1);
    keep::after_command(&node.bench.portico).unwrap();
    let report = node.verify();
    assert!(!node.head_file().exists() && report.unsealed > 0 && report.digests == 0, "{report:?}");
}

#[test]
fn two_nodes_on_one_database_keep_a_head_each() {
    let first = Node::new();
    first.write(1);
    first.minute();
    let folder = tempfile::tempdir().unwrap();
    let second = Node { bench: open_beside(&first.folder, &folder, 2), folder, starts: 2 };
    for round in 0..3 {
        first.write(2);
        second.write(3);
        first.second();
        second.second();
        // Either may be the one that seals the events of both.
        let nodes = if round == 1 { [&second, &first] } else { [&first, &second] };
        for node in nodes {
            node.minute();
        }
        for node in nodes {
            let report = node.verify();
            assert!(report.is_sound() && report.has_kept_head, "{report:?}");
            assert_eq!(node.findings(), 0);
        }
    }
    let text = |node: &Node| fs::read_to_string(node.head_file()).unwrap();
    assert_ne!(text(&first), text(&second));
    // What is cut off shows to the node that wrote it, and a digest to both.
    second.write(1);
    second.second();
    first.sql(&format!("DELETE FROM audit_event WHERE id = {LAST_UNSEALED}"));
    assert_eq!(first.verify().head_findings, []);
    assert!(matches!(second.verify().head_findings[..], [Finding::MissingEvents { .. }]));
    first.sql("DELETE FROM audit_digest WHERE number = (SELECT MAX(number) FROM audit_digest)");
    for node in [&first, &second] {
        assert!(matches!(node.verify().head_findings[0], Finding::EndsBefore { .. }));
    }
}

#[test]
fn a_process_misses_its_own_events_that_a_trigger_removed() {
    let node = Node::new();
    let portico = &node.bench.portico;
    let before = keep::end(portico).unwrap();
    node.write(1);
    assert_eq!(keep::require_own_events(portico, before.clone()), Ok(()));
    node.minute();
    assert_eq!(keep::require_own_events(portico, before.clone()), Ok(()));
    node.sql(
        "CREATE TRIGGER gone AFTER INSERT ON audit_event
        BEGIN DELETE FROM audit_event WHERE id = NEW.id; END",
    );
    node.write(1);
    let missed = keep::require_own_events(portico, before).unwrap_err();
    assert!(matches!(missed, Fault::Broken(why) if why.contains("did not keep the event")));
}
