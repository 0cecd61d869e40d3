//! Events that have moved from the database into files.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use kernel::Portico;
use kernel::archiving::moving::move_due;
use kernel::audit::export::{Exported, Span, export};
use kernel::audit::keep;
use kernel::audit::seal::seal_due;
use kernel::audit::verify::{Finding, Report, verify};
use kernel::startup::Founding;
use kernel::upkeep::{every_minute, flush_journal};
use rusqlite::Connection;
use serde_json::{Value, json};
use store::{Db, Location};
use tempfile::TempDir;
use testing::{Bench, Counted, START_MS, StillClock, founding};

pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A server that starts again and again over one folder, with an archive.
pub struct Archive {
    pub bench: Bench,
    folder: TempDir,
    starts: u64,
}

impl Archive {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { bench: open(&folder, 1, StillClock::at(START_MS)), folder, starts: 1 }
    }

    /// Makes a log whose events but the last are in files: some days with three digests each.
    pub fn moved(days: u32) -> Self {
        let archive = Self::new();
        for _ in 0..days {
            archive.day();
        }
        archive.bench.clock.advance(2 * DAY_MS);
        archive.write(3);
        archive.seal();
        archive.bench.clock.advance(60_000);
        archive.move_all();
        archive
    }

    pub fn day(&self) {
        for count in [90, 50, 7] {
            self.write(count);
            self.seal();
            self.bench.clock.advance(60_000);
        }
        self.bench.clock.advance(DAY_MS);
    }

    /// Starts again without having stopped, as after a kill.
    pub fn restart(&mut self) {
        self.starts += 1;
        self.bench = open(&self.folder, self.starts, self.bench.clock.clone());
    }

    pub fn write(&self, count: u32) {
        for number in 0..count {
            self.bench.clock.advance(1);
            let body = json!({"MaxResults": 1 + number % 20});
            self.bench.call("AWSOrganizationsV20161128.ListAccounts", &body).unwrap();
        }
        flush_journal(&self.bench.portico).unwrap();
    }

    pub fn seal(&self) {
        seal_due(&self.bench.portico).unwrap();
    }

    pub fn move_all(&self) {
        move_due(&self.bench.portico, &|| false).unwrap();
    }

    pub fn verify(&self) -> Report {
        verify(&self.bench.portico, None, &mut |_| ()).unwrap()
    }

    pub fn findings(&self) -> Vec<Finding> {
        let report = self.verify();
        [report.findings, report.head_findings].concat()
    }

    pub fn export(&self, span: Span) -> (Vec<Value>, Exported) {
        let mut out = Vec::new();
        let caller = Portico::itself();
        let exported =
            self.bench.as_caller(&caller, |ctx| export(ctx, span, service::is_read, &mut out));
        let text = String::from_utf8(out).unwrap();
        (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), exported.unwrap())
    }

    /// Ids of all events, with their proofs.
    pub fn exported(&self) -> Vec<(String, String)> {
        // The export leaves an event, which is the newest then.
        self.bench.clock.advance(1);
        let (lines, exported) = self.export(Span::between(None, None).unwrap());
        assert_eq!((exported.left_out, exported.flaws), (0, Vec::new()));
        let of = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
        lines.iter().map(|line| (of(line, "eventID"), of(line, "proof"))).collect()
    }

    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().join("audit")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        files
    }

    pub fn sql(&self, sql: &str) {
        let file = Connection::open(self.folder.path().join("portico.sqlite")).unwrap();
        file.execute_batch(sql).unwrap();
        assert!(file.changes() > 0, "{sql}");
    }

    pub fn count(&self, sql: &str) -> i64 {
        let file = Connection::open(self.folder.path().join("portico.sqlite")).unwrap();
        file.query_row(&format!("SELECT COUNT(*) FROM {sql}"), [], |row| row.get(0)).unwrap()
    }
}

fn open(folder: &TempDir, start: u64, clock: StillClock) -> Bench {
    let db = Db::open(Location::Sqlite(folder.path().join("portico.sqlite"))).unwrap();
    let founding = Founding {
        head_folder: Some(folder.path().to_owned()),
        archive_folder: Some(folder.path().join("audit")),
        ..founding(db, clock.clone(), Counted::new(start))
    };
    let portico = Portico::open(founding, kernel::Settings::new).unwrap();
    Bench { portico, clock }
}

/// Fails unless the export begins with these events.
fn assert_begins_with(after: &[(String, String)], before: &[(String, String)]) {
    assert!(after.len() >= before.len(), "{} of {}", after.len(), before.len());
    for (place, (before, after)) in before.iter().zip(after).enumerate() {
        assert_eq!(before.0, after.0, "at {place}");
    }
}

#[test]
fn what_is_old_moves_into_files_and_is_read_from_there() {
    let archive = Archive::new();
    archive.day();
    archive.day();
    let before = archive.exported();
    let report = archive.verify();
    assert_eq!((report.digests, report.archived, archive.files().len()), (6, 0, 0));

    archive.move_all();
    // The second day waits for more, and the newest digest would stay in any case.
    let moved = archive.verify();
    assert_eq!((moved.findings, moved.head_findings), (vec![], vec![]));
    assert_eq!(archive.files().len(), 1);
    assert!(archive.files()[0].ends_with("2027/01/000000000001-000000000003.jsonl.zst"));
    assert_eq!(archive.count("audit_event WHERE digest BETWEEN 1 AND 3"), 0);
    assert!((147..160).contains(&moved.archived), "{}", moved.archived);
    let after = archive.exported();
    assert_begins_with(&after, &before);
    assert!(after.iter().all(|(_, proof)| proof == "sealed" || proof == "mac"));
    assert!(after[..147].iter().all(|(_, proof)| proof == "sealed"));
    // The move left an event.
    assert_eq!(archive.count("audit_event WHERE action = 'portico:ArchiveAudit'"), 1);

    archive.bench.clock.advance(DAY_MS);
    archive.write(1);
    archive.seal();
    archive.move_all();
    assert_eq!((archive.files().len(), archive.findings()), (2, vec![]));
    assert_eq!(archive.count("audit_event WHERE digest BETWEEN 1 AND 6"), 0);
}

#[test]
fn an_archived_event_is_the_row_that_it_was() {
    let archive = Archive::new();
    archive.day();
    let sql =
        "audit_event e WHERE id NOT IN (SELECT id FROM kept) OR mac NOT IN (SELECT mac FROM kept)";
    archive.sql("CREATE TABLE kept AS SELECT * FROM audit_event WHERE digest > 0; UPDATE kept SET digest = digest");
    let span = Span::between(None, Some("2027-01-15T09:00:00Z")).unwrap();
    let (before, _) = archive.export(span);
    archive.bench.clock.advance(DAY_MS);
    archive.write(1);
    archive.seal();
    archive.move_all();
    assert!(archive.count(sql) > 0);
    let is_same = archive.export(span).0 == before;
    assert!(is_same);
    // A span reads only the files that it meets.
    fs::remove_file(&archive.files()[0]).unwrap();
    let later = Span::between(Some("2027-01-16T09:00:00Z"), None).unwrap();
    assert_eq!(archive.export(later).1.flaws, Vec::<String>::new());
    let (left, exported) = archive.export(span);
    assert!(left.is_empty() && exported.left_out >= 147);
    assert!(exported.flaws[0].ends_with(".jsonl.zst: it is missing"), "{:?}", exported.flaws);
}

/// Stops the process after some number of looks at whether it ends.
fn stop_after(looks: u32) -> impl Fn() -> bool {
    let left = Arc::new(AtomicU32::new(looks));
    move || {
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err()
    }
}

#[test]
fn a_move_that_ends_at_any_point_loses_nothing_and_doubles_nothing() {
    let mut archive = Archive::new();
    archive.day();
    archive.bench.clock.advance(DAY_MS);
    archive.write(1);
    archive.seal();
    let before = archive.exported();
    let (mut looks, mut ended_in) = (0, [0, 0]);
    while archive.count("audit_archive WHERE state = 'MOVED'") == 0 {
        let stopping = stop_after(looks);
        move_due(&archive.bench.portico, &stopping).unwrap();
        assert_eq!(archive.findings(), [], "after {looks} looks");
        for (count, state) in ended_in.iter_mut().zip(["WRITING", "MOVING"]) {
            *count += archive.count(&format!("audit_archive WHERE state = '{state}'"));
        }
        let after = archive.exported();
        assert_begins_with(&after, &before);
        archive.restart();
        looks += 1;
        assert!(looks < 50);
    }
    assert!(looks > 5 && ended_in.iter().all(|count| *count > 0), "{looks} {ended_in:?}");
    assert_eq!(
        (archive.files().len(), archive.count("audit_event WHERE digest BETWEEN 1 AND 3")),
        (1, 0)
    );
}

#[test]
fn a_file_that_a_kill_left_unfinished_is_replaced() {
    let archive = Archive::new();
    archive.day();
    archive.bench.clock.advance(DAY_MS);
    archive.write(1);
    archive.seal();
    // As if another process had written half of the file.
    move_due(&archive.bench.portico, &stop_after(1)).unwrap();
    assert_eq!(archive.count("audit_archive WHERE state = 'WRITING'"), 1);
    let month = archive.folder.path().join("audit/2027/01");
    fs::create_dir_all(&month).unwrap();
    let name = month.join("000000000001-000000000003.jsonl.zst");
    fs::write(name.with_extension("zst.0011223344556677.new"), b"half").unwrap();
    fs::write(&name, b"whole, but not told").unwrap();
    archive.move_all();
    assert_eq!((archive.files().len(), archive.findings()), (1, vec![]));
}

#[test]
fn a_file_that_is_missing_damaged_cut_or_swapped_is_a_finding_with_its_name() {
    let archive = Archive::moved(2);
    let files = archive.files();
    assert_eq!((files.len(), archive.findings()), (2, vec![]));
    let name = |file: &PathBuf| {
        let name = file.strip_prefix(archive.folder.path().join("audit")).unwrap();
        name.to_str().unwrap().to_owned()
    };
    let [first, second] = [&files[0], &files[1]].map(|file| fs::read(file).unwrap());
    let has_finding = |why: &str| {
        let findings = archive.findings();
        let is_it = |finding: &Finding| {
            matches!(finding, Finding::BrokenFile { name: found, why: text }
                if *found == name(&files[0]) && text.contains(why))
        };
        assert!(findings.iter().any(is_it), "{why}: {findings:?}");
    };
    fs::remove_file(&files[0]).unwrap();
    has_finding("it is missing");
    fs::write(&files[0], &first[..first.len() / 2]).unwrap();
    has_finding("");
    fs::write(&files[0], b"").unwrap();
    has_finding("incomplete");
    fs::write(&files[0], &second).unwrap();
    has_finding("lacks digest 1");
    let mut damaged = first.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 4;
    fs::write(&files[0], &damaged).unwrap();
    assert_ne!(archive.findings(), []);

    // One that was written again with another event.
    let text = zstd::decode_all(first.as_slice()).unwrap();
    let text = String::from_utf8(text).unwrap().replacen("ListAccounts", "ListAcc0unts", 1);
    fs::write(&files[0], zstd::encode_all(text.as_bytes(), 3).unwrap()).unwrap();
    let altered = Finding::AlteredFile { name: name(&files[0]), number: 1 };
    assert_eq!(archive.findings(), [altered]);
    let proofs = archive.export(Span::between(None, None).unwrap()).0;
    assert!(proofs[..50].iter().all(|event| event["proof"] == "none"));

    fs::write(&files[0], &first).unwrap();
    assert_eq!(archive.findings(), []);
}

#[test]
fn rows_that_are_added_to_moved_digests_show() {
    let archive = Archive::new();
    archive.day();
    archive.sql("CREATE TABLE kept AS SELECT * FROM audit_event WHERE digest = 2; UPDATE kept SET digest = 2");
    archive.bench.clock.advance(DAY_MS);
    archive.write(1);
    archive.seal();
    archive.move_all();
    let before = archive.exported().len();
    archive.sql("INSERT INTO audit_event SELECT * FROM kept ORDER BY id LIMIT 1");
    let [Finding::Remains { .. }] = archive.findings()[..] else { panic!() };
    // It is the event of the file, so it is exported once.
    assert_eq!(archive.exported().len(), before + 1);
    archive.sql("UPDATE audit_event SET action = 'x:Y' WHERE digest = 2");
    let [Finding::Remains { .. }] = archive.findings()[..] else { panic!() };
    let (lines, _) = archive.export(Span::between(None, None).unwrap());
    assert!(lines.iter().any(|line| line["eventName"] == "Y" && line["proof"] == "none"));
}

#[test]
fn a_digest_that_is_not_as_it_was_sealed_stays_in_the_database() {
    let archive = Archive::new();
    archive.day();
    archive.day();
    archive.bench.clock.advance(DAY_MS);
    archive.write(1);
    archive.seal();
    archive.sql("UPDATE audit_event SET action = 'x:Y' WHERE id = (SELECT MIN(id) FROM audit_event WHERE digest = 2)");
    archive.move_all();
    assert_eq!(archive.count("audit_archive WHERE state = 'LEFT' AND first_digest = 2"), 1);
    assert_eq!(archive.count("audit_archive WHERE state = 'MOVED'"), 3);
    assert!(archive.count("audit_event WHERE digest = 2") >= 50);
    assert_eq!(archive.count("audit_event WHERE digest IN (1, 3, 4, 5, 6)"), 0);
    assert_eq!(archive.bench.portico.watch.findings(), 1);
    let [Finding::WrongMac { .. }, Finding::Altered { number: 2 }, Finding::MissingEvents { .. }] =
        archive.findings()[..]
    else {
        panic!("{:?}", archive.findings())
    };
}

#[test]
fn a_head_that_is_older_than_what_moved_is_compared_with_the_files() {
    let mut archive = Archive::new();
    archive.write(3);
    every_minute(&archive.bench.portico).unwrap();
    let head = fs::read(archive.folder.path().join("portico.audit-head")).unwrap();
    archive.day();
    archive.day();
    archive.bench.clock.advance(DAY_MS);
    archive.write(1);
    archive.seal();
    archive.move_all();
    // As a second server of a database, which was away for three days.
    fs::write(archive.folder.path().join("portico.audit-head"), head).unwrap();
    archive.restart();
    keep::every_minute(&archive.bench.portico).unwrap();
    assert_eq!((archive.bench.portico.watch.findings(), archive.findings()), (0, vec![]));
}

#[test]
fn no_more_moves_where_the_file_before_is_not() {
    let archive = Archive::moved(1);
    let file = archive.files()[0].clone();
    fs::rename(&file, file.with_extension("away")).unwrap();
    archive.day();
    archive.day();
    archive.write(1);
    archive.seal();
    let refused = move_due(&archive.bench.portico, &|| false).unwrap_err();
    assert!(format!("{refused:?}").contains("one folder with --audit-archive"), "{refused:?}");
    fs::rename(file.with_extension("away"), &file).unwrap();
    archive.move_all();
    assert_eq!((archive.files().len() > 1, archive.findings()), (true, vec![]));
}
