//! Sealing of audit events into digests.

use ed25519_dalek::{Signer, SigningKey};
use model::Fault;
use policy::NoFacts;
use store::AuditRecord;
use store::digest::{self, Digest};

use super::Head;
use crate::Portico;

/// Maximum number of contended attempts, after which sealing is left to another node.
const ATTEMPTS_MAX: u32 = 5;

/// Seals all unsealed events, one digest at a time.
pub fn seal_due(portico: &Portico) -> Result<(), Fault> {
    let mut contended = 0;
    loop {
        match seal_once(portico) {
            Ok(None) => return Ok(()),
            Ok(Some(digest)) => {
                log(&digest);
                if digest.event_count < i64::from(digest::EVENTS_MAX) {
                    return Ok(());
                }
            }
            Err(Fault::Contended) if contended < ATTEMPTS_MAX => contended += 1,
            Err(fault) => return Err(fault),
        }
    }
}

/// Seals events if the unsealed ones fill a digest.
pub fn seal_if_many(portico: &Portico) -> Result<(), Fault> {
    let permit = policy::authorize(&Portico::itself(), "portico:SealAudit", "*", &NoFacts)?;
    if digest::is_due(&mut portico.db.read(&permit)?)? { seal_due(portico) } else { Ok(()) }
}

/// Writes events and seals them in the same step. Events that are sealed later have to be read and
/// written once more.
pub fn record_sealed(portico: &Portico, records: &[AuditRecord]) -> Result<(), Fault> {
    let key: &SigningKey = portico.keys.audit();
    let now_ms = portico.clock.now_ms();
    let sealed = portico.db.record_sealed(records, now_ms, &|hash| key.sign(hash).to_bytes())?;
    log(&sealed);
    Ok(())
}

fn log(digest: &Digest) {
    // The head is logged so that a copy of the server's log elsewhere can prove a truncation, which
    // `verify` cannot detect from the database.
    let head = Head { number: digest.number, hash: digest.hash };
    tracing::info!(%head, events = digest.event_count, "audit events are sealed");
}

fn seal_once(portico: &Portico) -> Result<Option<Digest>, Fault> {
    let key: &SigningKey = portico.keys.audit();
    portico.db.seal_events(portico.clock.now_ms(), &|hash| key.sign(hash).to_bytes())
}
