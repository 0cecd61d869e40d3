//! The tasks of the project: `cargo xtask <task>`.

mod bench;
mod model_check;
mod tidy;

use std::path::Path;
use std::process::ExitCode;

/// Result of a task: its exit code, or the reason why it could not run, as a whole sentence.
type Outcome = Result<ExitCode, String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["tidy"] => tidy::run(root()),
        ["bench", options @ ..] => bench::run(root(), options),
        ["model-check", options @ ..] => model_check::run(root(), options),
        _ => Err("usage: cargo xtask tidy|bench|model-check".to_owned()),
    };
    outcome.unwrap_or_else(|complaint| {
        eprintln!("{complaint}");
        ExitCode::FAILURE
    })
}

/// The folder of the workspace.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
