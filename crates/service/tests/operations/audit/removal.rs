//! Events that are older than the log is kept.

use std::fs;
use std::sync::Arc;

use kernel::archiving::removing::remove_due;
use kernel::audit::verify::Finding;

use super::archive::{Archive, DAY_MS};

/// A log of which the oldest day was removed, and two are in files.
pub fn removed() -> Archive {
    let mut archive = Archive::moved(3);
    assert_eq!(archive.files().len(), 3);
    keep(&mut archive, 4 * DAY_MS + DAY_MS / 2);
    remove_due(&archive.bench.portico, &|| false).unwrap();
    archive
}

fn keep(archive: &mut Archive, keep_ms: i64) {
    Arc::get_mut(&mut archive.bench.portico).unwrap().settings.audit_keep_ms = Some(keep_ms);
}

#[test]
fn what_is_too_old_is_removed_and_the_rest_is_proved() {
    let archive = removed();
    assert_eq!(archive.files().len(), 2);
    let report = archive.verify();
    assert_eq!((report.findings, report.head_findings), (vec![], vec![]));
    assert_eq!((report.removed_until, archive.count("audit_digest WHERE number <= 3")), (3, 0));
    assert_eq!(archive.count("audit_archive"), 2);
    assert_eq!(archive.count("audit_event WHERE action = 'portico:RemoveAudit'"), 1);
    let before = archive.exported().len();
    remove_due(&archive.bench.portico, &|| false).unwrap();
    assert_eq!((archive.files().len(), archive.exported().len()), (2, before + 1));
}

#[test]
fn nobody_else_can_let_the_log_begin_later() {
    let archive = removed();
    archive.sql("UPDATE audit_beginning SET number = number + 1");
    assert!(archive.findings().contains(&Finding::WrongBeginning));
    archive.sql("UPDATE audit_beginning SET number = number - 1");
    assert_eq!(archive.findings(), []);
    archive.sql("DELETE FROM audit_beginning");
    assert!(archive.findings().contains(&Finding::MissingDigest { number: 3 }));
}

#[test]
fn what_is_removed_after_the_beginning_shows() {
    let archive = removed();
    archive.sql("DELETE FROM audit_digest WHERE number = 4");
    assert!(archive.findings().contains(&Finding::MissingDigest { number: 4 }));
    let archive = removed();
    archive.sql("DELETE FROM audit_archive WHERE first_digest = 4");
    let findings = archive.findings();
    let is_it = |it: &Finding| matches!(it, Finding::Miscounted { number: 4, found: 0, .. });
    assert!(findings.iter().any(is_it), "{findings:?}");
}

#[test]
fn a_row_of_a_removed_digest_shows() {
    let archive = removed();
    archive.sql("UPDATE audit_event SET digest = 2 WHERE id = (SELECT MAX(id) FROM audit_event WHERE digest > 0)");
    let findings = archive.findings();
    assert!(findings.iter().any(|it| matches!(it, Finding::Removed { .. })), "{findings:?}");
}

#[test]
fn a_removal_that_was_killed_goes_on() {
    let mut archive = Archive::moved(2);
    keep(&mut archive, 3 * DAY_MS + DAY_MS / 2);
    // Stops after the log begins later, and before the file is removed.
    let looks = std::cell::Cell::new(0);
    let stopping = || looks.replace(looks.get() + 1) >= 1;
    remove_due(&archive.bench.portico, &stopping).unwrap();
    assert_eq!(archive.count("audit_archive WHERE state = 'REMOVING'"), 1);
    assert_eq!((archive.files().len(), archive.findings()), (2, vec![]));
    archive.restart();
    // The age is not kept any more, and the removal goes on.
    remove_due(&archive.bench.portico, &|| false).unwrap();
    assert_eq!((archive.files().len(), archive.findings()), (1, vec![]));
    assert_eq!(archive.count("audit_archive WHERE state = 'REMOVING'"), 0);
}

#[test]
fn a_file_that_is_missing_is_removed_too() {
    let mut archive = Archive::moved(2);
    fs::remove_file(&archive.files()[0]).unwrap();
    keep(&mut archive, 3 * DAY_MS + DAY_MS / 2);
    remove_due(&archive.bench.portico, &|| false).unwrap();
    assert_eq!((archive.files().len(), archive.count("audit_archive")), (1, 1));
    assert_eq!(archive.findings(), []);
}
