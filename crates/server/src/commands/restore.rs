//! `portico restore`: a data folder of a backup.

use crate::backup::{self, Meter};
use crate::config::RestoreArgs;

/// Makes the folder, and says what is left to do.
pub fn restore(args: &RestoreArgs) -> Result<(), String> {
    let settings = args.data.clone().with_file()?;
    let (place, folder) = (backup::open(&args.place)?, settings.folder());
    let mut meter = Meter::new(0);
    let restored = backup::restore(&*place, &folder, args.key.as_deref(), &mut meter)?;
    println!(
        "{} is as it was at {}: {}{} files of objects with {} bytes, each with its digest.",
        folder.display(),
        restored.ended_at,
        if restored.has_database { "the database, and " } else { "" },
        restored.files,
        restored.bytes
    );
    let database = if restored.has_database { "" } else { " --database URL" };
    println!("What is left to do:");
    if !restored.has_key {
        println!("- Put portico.key in place, of mode 0600: it is not in the backup.");
    }
    if let Some(lsn) = restored.lsn {
        println!("- Restore the PostgreSQL database from the same time, up to {lsn}.");
    }
    println!("- Give the folder to the user that the server runs as (chown -R).");
    println!("- portico check --data {}{database}", folder.display());
    if let Some(head) = restored.audit_head {
        println!("- portico audit verify --data {}{database} --head {head}", folder.display());
    }
    println!(
        "- Start the server, and call RevokeRoleCredentials: what was revoked after the backup is valid again."
    );
    Ok(())
}
