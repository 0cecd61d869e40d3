//! Outside parts, installed by the scripts in `tests/parts` when they are missing.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// The output of each script, by its command line.
static KNOWN: Mutex<BTreeMap<String, BTreeMap<String, String>>> = Mutex::new(BTreeMap::new());

/// The `KEY=VALUE` lines of a script, such as `aws-clients cli`. The test fails without the part.
pub fn part(words: &str) -> BTreeMap<String, String> {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(words.to_owned()).or_insert_with(|| script(words)).clone()
}

/// The folder of the scripts.
pub fn scripts() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/parts"))
}

/// Runs a script, such as `patroni leader FOLDER`, and returns its `KEY=VALUE` lines.
pub fn script(words: &str) -> BTreeMap<String, String> {
    let mut words = words.split(' ');
    let script = scripts().join(format!("{}.sh", words.next().unwrap_or_default()));
    let said = Command::new(&script).args(words).stdin(Stdio::null()).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let text = String::from_utf8(said.stdout).unwrap();
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
