//! `cargo xtask bench`: the cost of requests, beside the limits of the machine and the cost of peers.
//!
//! Machines are noisy and shared. Goals are therefore about processor time per request and about ratios
//! between neighbours in time, never about requests per second. `docs/benchmarks.md` keeps the results.

mod admin;
pub mod browser;
mod bulk;
mod cases;
mod controls;
mod database;
mod decisions;
mod factors;
mod load;
mod measure;
mod memory;
mod objects;
mod options;
mod peers;
mod people;
mod person;
pub mod portico;
pub mod process;
mod ranks;
mod record;
mod report;
mod rows;
mod scale;
mod seed;
mod servers;
mod unknown;
pub mod watch;
pub mod wire;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::atomic::AtomicU32;

use crate::Outcome;
use cases::Stage;
use options::Options;
use peers::Peers;
use portico::{Launch, Portico};
use report::{Goal, Row, Verdict, number, table};
use scale::Setup;

/// Measures everything, prints the results, and records them on request.
pub fn run(root: &Path, words: &[&str]) -> Outcome {
    let options = Options::parse(words)?;
    if cfg!(debug_assertions) && !options.debug {
        return again_with_release(root, words);
    }
    let target = target(root);
    let folder = target.join("bench");
    let said = |error: std::io::Error| error.to_string();
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(said)?;
    }
    fs::create_dir_all(&folder).map_err(said)?;
    if options.decisions {
        let rows = decisions::rows()?;
        print!("{}", table(&rows));
        return end(root, &options, "decisions", &rows);
    }
    if !options.scale.is_empty() {
        return measure_setups(root, &options, &folder, (&options.scale, scale::rows));
    }
    if !options.bulk.is_empty() {
        return measure_setups(root, &options, &folder, (&options.bulk, bulk::rows));
    }
    let mut rows = Vec::new();
    if options.build {
        rows.push(memory::clean_build(root, &folder)?);
    }
    let program = portico::build(root, &target, options.debug)?;
    let peers = Peers::start(root, &folder);
    let missing = peers.missing();
    if !missing.is_empty() && !options.quick {
        return Err(format!("{}\n`cargo xtask bench --quick` goes without.", missing.join("\n")));
    }
    for complaint in missing {
        println!("# {complaint}");
    }
    let measured = measure(&options, &program, &folder, &peers);
    fs::remove_dir_all(&folder).map_err(said)?;
    rows.extend(measured?);
    print!("{}", table(&rows));
    end(root, &options, "", &rows)
}

/// Records the results on request, and judges them.
fn end(root: &Path, options: &Options, name: &str, rows: &[Row]) -> Outcome {
    if options.record {
        record::append(root, name, rows)?;
    }
    let missed = rows.iter().any(|row| row.verdict() == Verdict::Short);
    Ok(if options.gate && missed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What is measured on a setup.
type Measure = fn(&Setup<'_>, &Options, &Path, &Path) -> Result<Vec<Row>, String>;

/// Measures on each setup that is asked for.
fn measure_setups(
    root: &Path,
    options: &Options,
    folder: &Path,
    (names, measure): (&[String], Measure),
) -> Outcome {
    let program = portico::build(root, &target(root), options.debug)?;
    for name in names {
        let postgres = (name != "sqlite").then(postgres).transpose()?;
        let postgres = postgres.as_deref();
        let setup = match name.as_str() {
            "sqlite" => Setup { name: "SQLite", postgres, nodes: 1 },
            "postgres" => Setup { name: "PostgreSQL", postgres, nodes: 1 },
            "nodes" => Setup { name: "three servers on PostgreSQL", postgres, nodes: 3 },
            _ => return Err(options::USAGE.to_owned()),
        };
        let rows = measure(&setup, options, &program, folder);
        fs::remove_dir_all(folder).map_err(|error| error.to_string())?;
        let rows = rows?;
        print!("{}", table(&rows));
        let code = end(root, options, &format!(", {}", setup.name), &rows)?;
        if code != ExitCode::SUCCESS {
            return Ok(code);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The URL of a PostgreSQL server of this machine.
#[expect(clippy::disallowed_methods, reason = "the tests take it from the environment, too")]
fn postgres() -> Result<String, String> {
    const NAME: &str = "PORTICO_TEST_POSTGRES";
    let advice = "is not set: export what `tests/parts/pg.sh start DIR` prints";
    std::env::var(NAME).map_err(|_| format!("{NAME} {advice}"))
}

fn measure(
    options: &Options,
    program: &Path,
    folder: &Path,
    peers: &Peers,
) -> Result<Vec<Row>, String> {
    let data = folder.join("data");
    let mut rows = vec![controls(folder)?];
    rows.extend(factors::rows(options));
    rows.extend(unknown::rows(program, folder));
    rows.extend(decisions::rows()?);
    let mut portico = Portico::start(Launch::new(program, &data)?)?;
    rows.push(memory::idle(&portico)?);
    let instance = portico.enable_instance();
    let names = AtomicU32::new(0);
    let mut pages = Vec::new();
    let mut there = 0;
    for (number, users) in options.users.iter().enumerate() {
        let grown = match &instance {
            Ok((_, store_id)) => {
                portico = seed::grow(portico, store_id, there + 1, *users)?;
                there = *users;
                Ok(store_id.as_str())
            }
            Err(why) => Err(why.as_str()),
        };
        println!("# measuring with {users} users");
        let (with_peers, store_id) = (number == 0, grown);
        let stage = Stage {
            options,
            portico: &portico,
            peers,
            users: *users,
            store_id,
            names: &names,
            with_peers,
        };
        rows.extend(admin::rows(&stage));
        let (page, times) = admin::page_of_users(&stage);
        rows.extend(page);
        pages.extend(times);
        let instance_arn = instance.as_ref().map_or("", |(arn, _)| arn.as_str());
        rows.extend(people::rows(&stage, instance_arn));
        if with_peers {
            rows.extend(objects::rows(&stage));
        }
        rows.push(memory::with_users(&portico, *users)?);
    }
    if let (Some(first), Some(last), [_, .., users]) =
        (pages.first(), pages.last(), &*options.users)
    {
        let what = "page of 100, growth since the first size";
        let row = Row::told(what, Some(*users), format!("{} × bare", number(*last)));
        rows.push(row.held(last / first, "×", Goal::AtMost(1.3), cases::reason(what)));
    }
    rows.extend(peers.peaks().into_iter().map(|(name, mb)| {
        Row::told(&format!("peak memory of {name}"), None, format!("{} MB", number(mb)))
    }));
    portico.process.stop()?;
    Ok(rows)
}

fn controls(folder: &Path) -> Result<Row, String> {
    let micros = controls::sync_micros(folder, 200)?;
    Ok(Row::told("bare fdatasync of 4 KiB", None, format!("{} µs", number(micros))))
}

/// Runs the benchmark with a driver of the release profile. Otherwise signing would take most of the
/// time, and the server would be mostly idle.
fn again_with_release(root: &Path, words: &[&str]) -> Outcome {
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--release", "--package", "xtask", "--", "bench"]).args(words);
    let status = command.current_dir(root).status().map_err(|error| error.to_string())?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The target folder of cargo.
#[expect(clippy::disallowed_methods, reason = "cargo says so in the environment")]
fn target(root: &Path) -> std::path::PathBuf {
    std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root.join("target"), Into::into)
}
