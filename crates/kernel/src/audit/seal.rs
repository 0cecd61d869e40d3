//! Sealing of audit events into digests.

use ed25519_dalek::{Signature, Signer, SigningKey};
use model::Fault;
use policy::NoFacts;
use store::digest::{self, Digest};
use store::{AuditRecord, Obstacle, Sealed};

use crate::Portico;
use crate::pauses::repeat_while;
use crate::watch::Head;

/// Maximum number of rows that one step of sealing names in the server's log. `portico audit verify`
/// names more.
const NAMED_MAX: usize = 10;

/// Seals all unsealed events, one digest at a time.
///
/// A database that refuses, as one with a trigger can, is a finding: what it holds is not proven.
pub fn seal_due(portico: &Portico) -> Result<(), Fault> {
    let outcome = set_odd_aside(portico)
        .and_then(|()| set_abandoned_aside(portico))
        .and_then(|()| repeat(portico, || retry(portico, || seal(portico))));
    if matches!(outcome, Err(Fault::Broken(_))) {
        portico.watch.add_findings(1);
    }
    outcome
}

/// Seals the oldest events.
fn seal(portico: &Portico) -> Result<Sealed, Fault> {
    let key: &SigningKey = portico.keys.audit();
    portico.db.seal_events(portico.clock.now_ms(), &|hash| key.sign(hash).to_bytes())
}

fn set_abandoned_aside(portico: &Portico) -> Result<(), Fault> {
    let set_aside = retry(portico, || portico.db.set_abandoned_aside(portico.clock.now_ms()))?;
    report_set_aside(portico, &set_aside);
    Ok(())
}

fn set_odd_aside(portico: &Portico) -> Result<(), Fault> {
    let count = portico.db.set_odd_aside()?;
    if count > 0 {
        portico.watch.add_findings(usize::try_from(count).unwrap_or(usize::MAX));
        tracing::error!(
            count,
            "rows of the audit log have ids that no server gives, and were set aside: run `portico audit verify`"
        );
    }
    Ok(())
}

/// Tells whether this server signed a digest.
pub(super) fn is_signed(portico: &Portico, digest: &Digest) -> bool {
    is_signed_by(portico, &digest.hash, &digest.signature)
}

/// Tells whether this server signed these bytes.
pub(super) fn is_signed_by(portico: &Portico, bytes: &[u8], signature: &[u8; 64]) -> bool {
    let signature = Signature::from_bytes(signature);
    portico.keys.audit().verifying_key().verify_strict(bytes, &signature).is_ok()
}

/// Seals what a server of an earlier version left unsealed, when this version serves for the first
/// time. Later such events cannot be told from rows that somebody else wrote.
pub fn seal_earlier(portico: &Portico) -> Result<(), Fault> {
    let key: &SigningKey = portico.keys.audit();
    let sign = |hash: &[u8; 32]| key.sign(hash).to_bytes();
    let seal = || portico.db.seal_earlier_events(portico.clock.now_ms(), &sign);
    repeat(portico, || retry(portico, seal))
}

/// Does `step`, after pauses while another node seals.
fn retry<T>(portico: &Portico, step: impl FnMut() -> Result<T, Fault>) -> Result<T, Fault> {
    repeat_while(portico, |fault| *fault == Fault::Contended, step)
}

fn repeat(portico: &Portico, step: impl Fn() -> Result<Sealed, Fault>) -> Result<(), Fault> {
    loop {
        let sealed = step()?;
        report(portico, &sealed);
        if !sealed.has_more {
            return Ok(());
        }
    }
}

/// Seals events if the unsealed ones fill a digest, and no other node is sealing.
pub fn seal_if_many(portico: &Portico) -> Result<(), Fault> {
    let permit = policy::authorize(&Portico::itself(), "portico:SealAudit", "*", &NoFacts)?;
    if !digest::is_due(&mut portico.db.read(&permit)?)? {
        return Ok(());
    }
    match repeat(portico, || seal(portico)) {
        Err(Fault::Contended) => Ok(()),
        outcome => outcome,
    }
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

fn report(portico: &Portico, sealed: &Sealed) {
    if let Some(digest) = &sealed.digest {
        log(digest);
    }
    if let Some(obstacle) = sealed.obstacle {
        report_obstacle(portico, obstacle);
    }
    report_set_aside(portico, &sealed.set_aside);
}

fn report_set_aside(portico: &Portico, ids: &[String]) {
    let count = ids.len();
    if count > 0 {
        portico.watch.add_findings(count);
        let events: Vec<&String> = ids.iter().take(NAMED_MAX).collect();
        tracing::error!(
            count,
            ?events,
            "rows of the audit log were not written by this server as they are, and were set \
             aside: run `portico audit verify`"
        );
    }
}

fn report_obstacle(portico: &Portico, obstacle: Obstacle) {
    portico.watch.add_findings(1);
    match obstacle {
        Obstacle::Unreadable { number } => tracing::error!(
            number,
            "the newest digest of the audit log cannot be read, so the next one follows the one before it: \
             run `portico audit verify`"
        ),
        Obstacle::NoNumberLeft => tracing::error!(
            number = i64::MAX,
            "the audit log is not sealed any more: no server wrote its newest digest, which has the highest \
             number there is. Run `portico audit verify`, and remove that row"
        ),
        Obstacle::OtherMarks { number } => tracing::error!(
            number,
            "the audit log is not sealed any more: the database marked other events than those of the next \
             digest. Its table audit_event was altered, or has a trigger: remove what was added"
        ),
    }
}

fn log(digest: &Digest) {
    // The head is logged so that a copy of the server's log elsewhere can prove a truncation even if
    // the data folder is lost.
    let head = Head { number: digest.number, hash: digest.hash };
    tracing::info!(%head, events = digest.event_count, "audit events are sealed");
}
