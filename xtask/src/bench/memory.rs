//! The memory of the server, and the time of its build.

use std::fs;
use std::path::Path;

use super::cases::reason;
use super::controls::cores;
use super::portico::{Portico, build};
use super::report::{Goal, Row, number};
use super::watch::Watch;

/// One buffer of Argon2id with the parameters of passwords: 19 MiB.
const HASH_MB: f64 = 19.0 * 1.048_576;

/// The memory of a server after its start.
pub fn idle(portico: &Portico) -> Result<Row, String> {
    let mb = portico.process.resident_mb()?;
    let what = "idle resident memory";
    Ok(Row::told(what, None, String::new()).held(mb, "MB", Goal::AtMost(28.0), reason(what)))
}

/// The memory of a server after the measurements.
pub fn with_users(portico: &Portico, users: u32) -> Result<Row, String> {
    let mb = portico.process.peak_mb()?;
    let bound = 64.0 + HASH_MB * f64::from(cores());
    let now = number(portico.process.resident_mb()?);
    let what = "peak memory";
    let row = Row::told(what, Some(users), format!("{now} MB at the end"));
    Ok(row.held(mb, "MB", Goal::AtMost(bound.round()), reason(what)))
}

/// The time of a release build, with all dependencies.
pub fn clean_build(root: &Path, folder: &Path) -> Result<Row, String> {
    let target = folder.join("clean");
    let (watch, before) = (Watch::start(), childrens_minutes()?);
    build(root, &target, false)?;
    let minutes = watch.elapsed().as_secs_f64() / 60.0;
    let busy = number((childrens_minutes()? - before) / f64::from(cores()));
    fs::remove_dir_all(&target).map_err(|error| error.to_string())?;
    let what = "clean release build";
    let row = Row::told(what, None, format!("{busy} min of each of {} cores", cores()));
    Ok(row.held(minutes, "min", Goal::AtMost(8.0), "other programs had the cores, too"))
}

/// Processor time of all child processes that have ended.
fn childrens_minutes() -> Result<f64, String> {
    let stat = fs::read_to_string("/proc/self/stat").map_err(|error| error.to_string())?;
    // proc_pid_stat(5): cutime and cstime, fields 16 and 17, in ticks of 10 ms.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(13).take(2);
    let ticks: u32 = fields.filter_map(|field| field.parse::<u32>().ok()).sum();
    Ok(f64::from(ticks) / 6000.0)
}
