//! `cargo xtask model-check`: compares the served operations with AWS's public service models.
//!
//! The models come from botocore, an outside part. Each difference is a gap. The list of known gaps,
//! `docs/model-gaps.txt`, must be exact, so that every change of it is deliberate. `--write` rewrites
//! it. `--built` uses the program beside this one without building it.

mod api;
mod model;
mod outputs;
mod pattern;
mod person;
mod product;
mod requests;
mod sample;
mod scenario;
mod violations;
mod xml;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::Outcome;
use crate::bench::process::{Process, free_address};
use api::Api;
use model::Model;
use product::{Served, compare, served, services};

const KNOWN_GAPS: &str = "docs/model-gaps.txt";

/// Compares, and prints new gaps and closed ones.
pub fn run(root: &Path, options: &[&str]) -> Outcome {
    let unknown = options.iter().find(|option| !matches!(**option, "--write" | "--built"));
    if let Some(unknown) = unknown {
        return Err(format!("model-check has no option {unknown}"));
    }
    let folder = models(root)?;
    let models: Vec<Model> =
        services().map(|service| Model::read(&folder, service)).collect::<Result<_, _>>()?;
    let served = served();
    let mut gaps: BTreeSet<String> =
        models.iter().flat_map(|model| compare(model, &served)).collect();
    let program = program(root, options.contains(&"--built"))?;
    let whole = start(&program, &[])?;
    let standalone = start(&program, &["--no-organization"])?;
    gaps.extend(scenario::run([&whole, &standalone], &models, &served)?);
    gaps.extend(requests::run(&start(&program, &[])?, &models, &served)?);
    println!("model-check: {} operations served, {} gaps", served.len(), gaps.len());
    let path = root.join(KNOWN_GAPS);
    if options.contains(&"--write") {
        let text: String = gaps.iter().flat_map(|gap| [gap, "\n"]).collect();
        std::fs::write(&path, text).map_err(|why| format!("{KNOWN_GAPS}: {why}"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let known = std::fs::read_to_string(&path).map_err(|why| format!("{KNOWN_GAPS}: {why}"))?;
    let known: BTreeSet<String> = known.lines().map(str::to_owned).collect();
    for gap in gaps.difference(&known) {
        eprintln!("a new gap: {gap}");
    }
    for gap in known.difference(&gaps) {
        eprintln!("closed: {gap}");
    }
    if gaps == known {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{KNOWN_GAPS} is not exact. `cargo xtask model-check --write` rewrites it.");
    Ok(ExitCode::FAILURE)
}

/// The folder of the models, from the script of the part.
fn models(root: &Path) -> Result<PathBuf, String> {
    let mut script = Command::new(root.join("tests/parts/service-models.sh"));
    let said = script.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let said = said.map_err(|why| format!("service-models.sh: {why}"))?;
    let text = String::from_utf8_lossy(&said.stdout);
    let folder = text.lines().find_map(|line| line.strip_prefix("SERVICE_MODELS="));
    folder.map(PathBuf::from).ok_or("The service models of AWS are missing.".to_owned())
}

/// The path of the program, beside this one; it is built unless `is_built`.
fn program(root: &Path, is_built: bool) -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|why| why.to_string())?;
    let beside = own.with_file_name("portico");
    if is_built {
        return Ok(beside);
    }
    let mut command = Command::new("cargo");
    command.args(["build", "--quiet", "--locked", "--package", "server", "--bin", "portico"]);
    let status = command.current_dir(root).status().map_err(|why| format!("cargo: {why}"))?;
    if status.success() { Ok(beside) } else { Err("the program does not build".to_owned()) }
}

/// Starts a sandbox.
fn start(program: &Path, options: &[&str]) -> Result<Api, String> {
    let address = free_address()?;
    let mut command = Command::new(program);
    command.args(["sandbox", "--listen", &address.to_string()]).args(options);
    command.stdin(Stdio::null()).stderr(Stdio::null());
    Ok(Api { process: Process::start_until_ready(&mut command, address)? })
}

/// The model of the service.
fn model_of<'m>(models: &'m [Model], served: &Served) -> Option<&'m Model> {
    models.iter().find(|model| model.service == served.service)
}

/// Errors that every operation of every service may answer with, beside those of its model.
// AWS: Service Authorization and API references, "Common errors".
const COMMON_ERRORS: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InternalFailure",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "RequestExpired",
    "SerializationException",
    "SignatureDoesNotMatch",
    "Throttling",
    "ThrottlingException",
    "UnrecognizedClientException",
    "ValidationError",
    "ValidationException",
];

/// The gap of an error that the model does not list.
fn unknown_error(model: &Model, served: &Served, error: &str) -> Option<String> {
    let is_known =
        COMMON_ERRORS.contains(&error) || model.errors(served.operation).contains(&error);
    let Served { service, operation, .. } = served;
    (!is_known).then(|| format!("{service}.{operation} error {error} is not in the model"))
}
