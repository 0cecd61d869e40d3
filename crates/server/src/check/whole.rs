//! The whole check: configuration, folder, key, database, objects, audit log.

use kernel::startup::{Founding, Purpose};
use kernel::{Portico, Settings, audit};
use model::Fault;
use policy::{NoFacts, Permit, authorize};
use store::{Db, Depth, Location};

use super::Findings;
use super::database_file::require_sound;
use super::objects::check_files;
use crate::config::{ServeArgs, public_url, tls_files};
use crate::data_folder::DataFolder;
use crate::smtp::Smtp;
use crate::system::{SystemClock, SystemRandom};
use crate::words::say;

/// Looks at everything, and returns the number of findings. Fails only if nothing can be looked at.
pub(crate) fn check(settings: &ServeArgs, depth: Depth) -> Result<u64, String> {
    let folder = DataFolder::open_beside(&settings.folder())?;
    let mut findings = Findings::default();
    findings.look_at("configuration and folder");
    check_configuration(settings, &folder, &mut findings);

    findings.look_at("key file");
    let key = folder.root_key(&SystemRandom).map_err(|why| findings.add(&why)).ok();

    findings.look_at("database");
    let Some((db, permit)) = open_database(settings, &folder, &mut findings)? else {
        return Ok(findings.end());
    };
    // Damage can end the examination itself.
    let damage = db.examine(&permit, depth).unwrap_or_else(|fault| vec![say(fault)]);
    for finding in damage {
        findings.add(&format!(
            "the database is damaged ({finding}): stop the server, and restore a backup"
        ));
    }

    findings.look_at("files of objects");
    let orphans = check_files((&db, &permit), &folder.objects(), depth, &mut findings)?;
    if orphans > 0 {
        eprintln!(
            "{orphans} files without a row: of uploads under way, or removed by the next start."
        );
    }

    if let Some(key) = key {
        findings.look_at("keys and audit log");
        let founding = Founding {
            purpose: Purpose::Beside,
            db,
            clock: Box::new(SystemClock),
            random: Box::new(SystemRandom),
            root_key: &key,
            account_id: None,
            with_organization: true,
            passwords: (1, 0),
            static_keys: Vec::new(),
            head_folder: Some(folder.path().to_owned()),
            archive_folder: Some(settings.archive_folder()),
        };
        match Portico::open(founding, Settings::new) {
            Ok(portico) => check_log(&portico, &mut findings),
            Err(fault) => findings.add(&say(fault)),
        }
    }
    Ok(findings.end())
}

fn check_configuration(settings: &ServeArgs, folder: &DataFolder, findings: &mut Findings) {
    for warning in
        folder.warnings().into_iter().chain(folder.warnings_of_secrets(&settings.secret_files()))
    {
        findings.add(&warning);
    }
    let port = settings.listen_address().port();
    let url = tls_files(settings).and_then(|files| {
        public_url(settings.public_url.as_deref(), port, files.is_some(), settings.insecure_http)
    });
    if let Err(why) = url {
        findings.add(&why);
    }
    if let Err(why) = settings.mail.server().and_then(|server| Smtp::try_new(server, "")) {
        findings.add(&why);
    }
    if let Err(why) = folder.require_restored() {
        findings.add(&why);
    }
}

/// Opens the database as a command beside its server does. `None` if it cannot be, which is a finding.
fn open_database(
    settings: &ServeArgs,
    folder: &DataFolder,
    findings: &mut Findings,
) -> Result<Option<(Db, Permit)>, String> {
    let location = if let Some(url) = &settings.database {
        Location::Postgres(url.clone())
    } else {
        let path = folder.database_file();
        let sound =
            folder.require_database().and_then(|()| require_sound(&path, folder.was_served()));
        if let Err(why) = sound {
            findings.add(&why);
            return Ok(None);
        }
        folder.database()
    };
    let permit = authorize(&Portico::itself(), "portico:Check", "*", &NoFacts).map_err(say)?;
    match Db::open_beside(&location) {
        Ok(db) => Ok(Some((db, permit))),
        // Nothing is known of a database that does not answer.
        Err(Fault::Unavailable(why)) => Err(why),
        Err(fault) => {
            findings.add(&say(fault));
            Ok(None)
        }
    }
}

fn check_log(portico: &Portico, findings: &mut Findings) {
    match audit::verify::verify(portico, None, &mut |_| ()) {
        Ok(report) => {
            let advice = "run `portico audit verify`, which says more";
            for finding in report.findings.iter().chain(&report.head_findings) {
                findings.add(&format!("audit log: {finding} ({advice})"));
            }
        }
        Err(fault) => findings.add(&format!("audit log: {}", say(fault))),
    }
}
