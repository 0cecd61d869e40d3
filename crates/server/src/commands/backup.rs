//! `portico backup`: a copy of a server's data, while the server runs.

use std::path::Path;

use kernel::Ctx;
use kernel::Portico;
use kernel::perform::retry;
use model::AuditEvent;

use super::{local_request, open_beside};
use crate::backup::{Meter, Source, key_fingerprint, make, open};
use crate::config::BackupArgs;
use crate::system::SystemRandom;
use crate::words::say;

const ACTION: &str = "portico:Backup";

/// Niceness of a command beside a server: the server goes first.
const NICENESS: i32 = 19;

/// Makes a backup, and says what it has and has not.
pub fn backup(args: BackupArgs) -> Result<(), String> {
    rustix::process::nice(NICENESS).ok();
    let is_postgres = args.data.clone().with_file()?.database.is_some();
    let mut place = open(&args.place)?;
    let beside = open_beside(args.data)?;
    let portico = &beside.portico;
    if let Some(folder) = place.scratch() {
        require_apart(folder, beside.folder.path())?;
    }
    let (caller, request) = (Portico::itself(), local_request(portico));
    let ctx = Ctx::new(portico, &caller, &request);
    let permit = ctx.authorize(ACTION, "*").map_err(say)?;
    // The event is in the log before anything is copied, whatever becomes of the copy.
    let event = AuditEvent::new().asked("place", &args.place).asked("withKey", args.with_key);
    retry(portico, || ctx.begin(permit.clone())?.commit(&event)).map_err(say)?;
    beside.seal()?;

    let key = beside.folder.root_key(&SystemRandom)?;
    let database = beside.folder.path().join("portico.sqlite");
    let source = Source {
        data: beside.folder.path(),
        archive: &portico.archive,
        database: (!is_postgres).then_some(&*database),
        db: &portico.db,
        permit: &permit,
        key: &key,
        with_key: args.with_key,
        audit_head: beside.before.as_ref().map(ToString::to_string),
        now_ms: &|| portico.clock.now_ms(),
    };
    let mut meter = Meter::new(args.rate);
    let made = make(&source, &mut *place, &mut meter)?;
    let counts = made.counts;
    println!(
        "{} has {}{} files of objects with {} bytes, {} of them new, read back: {} MiB in {:.1} s",
        place.name(),
        made.database_bytes
            .map_or(String::new(), |bytes| format!("the database with {bytes} bytes, and ")),
        counts.files,
        counts.bytes,
        counts.copied,
        meter.bytes() / (1024 * 1024),
        meter.seconds(),
    );
    if let Some(lsn) = made.lsn {
        println!(
            "The database is PostgreSQL's, which its own tools copy. The files fit each of its states from a day before \
             this command until recovery_target_lsn = '{lsn}', which has every write that was answered before {}.",
            made.ended_at
        );
    } else {
        println!("Every write that was answered before {} is in it.", made.ended_at);
    }
    if args.with_key {
        println!(
            "It has portico.key too: who reads it can open everything. Keep it as you keep the key."
        );
    } else {
        println!(
            "The key is not in it. Keep a copy of {} elsewhere (fingerprint {}): without it the backup cannot be opened.",
            beside.folder.path().join("portico.key").display(),
            key_fingerprint(&key)
        );
    }
    Ok(())
}

/// Refuses a place in the data folder.
fn require_apart(place: &Path, data: &Path) -> Result<(), String> {
    let absolute = |path: &Path| std::path::absolute(path).ok();
    let data = data.canonicalize().ok().or_else(|| absolute(data));
    let place = place.canonicalize().ok().or_else(|| absolute(place));
    match (place, data) {
        (Some(place), Some(data)) if place.starts_with(&data) => Err(format!(
            "{} is in the data folder: give a folder elsewhere, on another disk if there is one",
            place.display()
        )),
        _ => Ok(()),
    }
}
