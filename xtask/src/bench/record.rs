//! The history of the benchmarks, in `docs/benchmarks.md`.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use protocol::timestamp;

use super::controls::cores;
use super::report::{Row, table};
use super::watch::now_ms;

/// Appends a section with today's date and the name of what was measured.
pub fn append(root: &Path, name: &str, rows: &[Row]) -> Result<(), String> {
    let path = root.join("docs/benchmarks.md");
    let said = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = OpenOptions::new().append(true).open(&path).map_err(said)?;
    let day = timestamp::rfc_3339(now_ms());
    let day = day.split('T').next().unwrap_or_default();
    let mut git = Command::new("git");
    let commit = git.args(["rev-parse", "--short", "HEAD"]).current_dir(root).output();
    let commit = commit.map_err(|error| error.to_string())?;
    let commit = String::from_utf8_lossy(&commit.stdout).trim().to_owned();
    let cores = cores();
    let section = format!("\n## {day}, {commit}, {cores} cores{name}\n\n{}", table(rows));
    file.write_all(section.as_bytes()).map_err(said)
}
