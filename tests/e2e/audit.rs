//! The audit log as it leaves the server: printed, moved into files, and forwarded to a file.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{Installation, Keys, Portico};

/// Number of calls that are tried while something is waited for.
const CALLS_MAX: usize = 200_000;

/// Digest and id of an event, which say where it is in the log.
pub type Place = (i64, String);

pub fn place(line: &str) -> Place {
    let line: Value = serde_json::from_str(line).unwrap();
    (line["digest"].as_i64().unwrap(), line["eventID"].as_str().unwrap().to_owned())
}

/// Makes calls, each with an event, until `is_done`.
pub fn call_until(portico: &Portico, keys: &Keys, mut is_done: impl FnMut() -> bool) {
    for _ in 0..CALLS_MAX {
        if is_done() {
            return;
        }
        let answer = portico.call_as(keys, "AWSOrganizationsV20161128.ListRoots", &json!({}));
        assert_eq!(answer.status, 200, "{answer}");
    }
    panic!("what was waited for did not happen");
}

/// Makes some calls, each with an event.
pub fn call(portico: &Portico, keys: &Keys, count: usize) {
    let mut left = count;
    call_until(portico, keys, || {
        let is_done = left == 0;
        left = left.saturating_sub(1);
        is_done
    });
}

/// Places of all sealed events, in their order.
pub fn sealed(installation: &Installation) -> Vec<Place> {
    let mut log = installation.audit_log();
    log.retain(|event| event["digest"].is_i64());
    let mut places: Vec<Place> = log.iter().map(|event| place(&event.to_string())).collect();
    places.sort();
    places
}

/// The lines of a file that are whole.
pub fn lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().map(str::to_owned).collect()
}

/// Fails unless these are all events, in their order, of which digests may be repeated.
#[track_caller]
pub fn assert_are(found: &[Place], all: &[Place]) {
    let mut last = None;
    let mut once = Vec::new();
    for place in found {
        if last.as_ref().is_none_or(|last| place > last) {
            once.push(place.clone());
            last = Some(place.clone());
        } else {
            assert_eq!(place.0, last.as_ref().unwrap().0, "a digest came after a later one");
        }
    }
    // Later events can follow.
    once.truncate(all.len());
    assert_eq!(once.len(), all.len());
    let differs = once.iter().zip(all).position(|(found, all)| found != all);
    assert_eq!(differs, None);
}

pub fn a_follower_misses_nothing(installation: &Installation) {
    let archive = ["--audit-archive-after", "1s"];
    let portico = installation.serve_with(&archive);
    let keys = installation.operator();
    let mut follower = installation.begin(&["audit", "export", "--follow"]);
    let mut output = BufReader::new(follower.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut printed = Vec::new();
    // Each thousand events are sealed within a second.
    call(&portico, &keys, 1200);
    while printed.len() < 1000 {
        printed.push(output.next().unwrap());
    }
    portico.kill();
    let portico = installation.serve_with(&archive);
    let archived = || {
        let said = installation.run(&["audit", "verify"]).ok();
        !said.contains("of them are in the archive")
    };
    let mut is_waiting = true;
    while is_waiting {
        call(&portico, &keys, 150);
        is_waiting = archived();
    }
    assert!(portico.terminate().success());
    let all = sealed(installation);
    while printed.len() < all.len() {
        printed.push(output.next().unwrap());
    }
    let interrupted = Command::new("kill").args(["-INT", &follower.id().to_string()]).status();
    assert!(interrupted.unwrap().success() && follower.wait().unwrap().success());
    // The command that listed them left an event.
    printed.extend(output);
    let places: Vec<Place> = printed.iter().map(|line| place(line)).collect();
    assert!(places.starts_with(&all), "{} {}", places.len(), all.len());

    // Another goes on behind an event, and ends when its reader does.
    let (digest, id) = &places[places.len() / 2];
    let after = format!("{digest}:{id}");
    let mut again = installation.begin(&["audit", "export", "--follow", "--after", &after]);
    let mut output = BufReader::new(again.stdout.take().unwrap()).lines().map(Result::unwrap);
    for line in &printed[places.len() / 2 + 1..] {
        assert_eq!(output.next().as_ref(), Some(line));
    }
    drop(output);
    assert!(again.wait().unwrap().success());
    installation.run(&["audit", "verify"]).ok();
}

pub fn a_file_gets_everything_while_it_is_rotated_and_servers_are_killed(
    installation: &Installation,
) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let forward = format!("file:{}", path.display());
    let arguments = ["--audit-forward", &forward, "--audit-archive-after", "1s"];
    let mut keys = None;
    let mut rotated = Vec::new();
    for round in 0..3 {
        let portico = installation.serve_with(&arguments);
        let keys = keys.get_or_insert_with(|| installation.operator());
        call_until(&portico, keys, || !lines(&path).is_empty());
        let to = folder.path().join(format!("audit.jsonl.{round}"));
        fs::rename(&path, &to).unwrap();
        rotated.push(to);
        call_until(&portico, keys, || !lines(&path).is_empty());
        portico.kill();
    }
    let portico = installation.serve_with(&arguments);
    assert!(portico.terminate().success());
    let all = sealed(installation);
    let portico = installation.serve_with(&arguments);
    let keys = keys.unwrap();
    let last = all.last().unwrap();
    call_until(&portico, &keys, || lines(&path).last().is_some_and(|line| place(line) >= *last));
    let metrics = portico.get("/metrics").text();
    let waiting = format!("portico_audit_forward_waiting{{target=\"{forward}\"}}");
    assert!(metrics.contains(&waiting), "{metrics}");
    portico.kill();
    rotated.push(path);
    let found: Vec<Place> =
        rotated.iter().flat_map(|path| lines(path)).map(|line| place(&line)).collect();
    assert_are(&found, &all);
}

#[test]
fn a_follower_misses_nothing_with_sqlite() {
    a_follower_misses_nothing(&Installation::embedded());
}

#[test]
fn a_file_gets_everything_with_sqlite() {
    a_file_gets_everything_while_it_is_rotated_and_servers_are_killed(&Installation::embedded());
}

#[test]
fn a_target_that_is_none_is_refused_with_the_forms_that_there_are() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", data];
    for (arguments, words) in [
        (vec!["--audit-forward", "udp://h:514"], "syslog+tls://host:port"),
        (vec!["--audit-forward", "file:/a,file:/a"], "names file:/a twice"),
        (
            vec!["--audit-forward", "syslog+tls://h:1", "--audit-forward-ca", "/missing"],
            "--audit-forward-ca must be a PEM file",
        ),
    ] {
        let said = Portico::run(&[&serve[..], &arguments].concat());
        let complaint = String::from_utf8(said.stderr).unwrap();
        assert!(!said.status.success() && complaint.contains(words), "{complaint}");
    }
}
