//! Verification that no sealed audit event was altered, removed, added or moved.
//!
//! Verification cannot detect that the newest digests were removed together with their events. Two
//! measures cover this: the server's own log names each digest, and a report ends with its head. A
//! head that is kept elsewhere and passed to the next verification proves that the digests up to it
//! still exist.

use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use model::Fault;
use policy::{NoFacts, Permit};
use store::digest::{self, Digest, NO_HASH};

use super::Head;
use crate::Portico;

/// Maximum number of digests per read.
const DIGESTS_AT_ONCE: i64 = 500;

/// Maximum number of findings in a report.
const FINDINGS_MAX: usize = 100;

/// Result of a verification.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub digests: i64,
    /// Number of sealed events that were checked.
    pub events: i64,
    /// Empty if the log is unchanged. Holds at most the first hundred findings.
    pub findings: Vec<Finding>,
    pub head: Option<Head>,
}

/// Difference between the log and its seals.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Finding {
    /// The digest is missing, and possibly all digests before it.
    MissingDigest { number: i64 },
    /// The number of events differs from the sealed number.
    Miscounted { number: i64, sealed: i64, found: i64 },
    /// The events or the previous digest differ from the sealed ones.
    Altered { number: i64 },
    /// The signature of the digest was not made by this server.
    Forged { number: i64 },
    /// The digest of the known head is missing or has another hash.
    OtherHead { number: i64 },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingDigest { number } => write!(f, "Digest {number} is missing."),
            Self::Miscounted { number, sealed, found } => {
                write!(f, "Digest {number} sealed {sealed} events, and {found} are there.")
            }
            Self::Altered { number } => {
                write!(f, "The events of digest {number}, or the digest before it, were altered.")
            }
            Self::Forged { number } => {
                write!(f, "Digest {number} has no signature of this server.")
            }
            Self::OtherHead { number } => {
                write!(f, "Digest {number} is not the one that was written down.")
            }
        }
    }
}

/// Verifies the whole log. `known` is a head that was kept elsewhere.
pub fn verify(portico: &Portico, known: Option<&Head>) -> Result<Report, Fault> {
    let permit = policy::authorize(&Portico::itself(), "portico:VerifyAudit", "*", &NoFacts)?;
    let key = portico.keys.audit().verifying_key();
    let mut proof =
        Proof { portico, permit, key, known, report: Report::default(), last: (0, NO_HASH) };
    proof.walk()?;
    proof.look_behind_the_end()?;
    let Proof { mut report, last, .. } = proof;
    report.head = (last.0 > 0).then_some(Head { number: last.0, hash: last.1 });
    Ok(report)
}

struct Proof<'a> {
    portico: &'a Portico,
    permit: Permit,
    key: VerifyingKey,
    known: Option<&'a Head>,
    report: Report,
    /// Number and hash of the last digest that was checked.
    last: (i64, [u8; 32]),
}

impl Proof<'_> {
    // Sealed events never change, so each digest may be read in its own snapshot.
    fn walk(&mut self) -> Result<(), Fault> {
        loop {
            let mut read = self.portico.db.read(&self.permit)?;
            let digests = digest::list(&mut read, self.last.0, DIGESTS_AT_ONCE)?;
            drop(read);
            if digests.is_empty() {
                return Ok(());
            }
            for digest in &digests {
                self.prove(digest)?;
                if self.report.findings.len() >= FINDINGS_MAX {
                    return Ok(());
                }
            }
        }
    }

    fn prove(&mut self, digest: &Digest) -> Result<(), Fault> {
        let number = digest.number;
        let (before, hash_before) = self.last;
        let is_next = number == before + 1;
        if !is_next {
            self.found(Finding::MissingDigest { number: number - 1 });
        }
        let mut read = self.portico.db.read(&self.permit)?;
        let events = digest::list_events(&mut read, number)?;
        drop(read);
        let count = i64::try_from(events.len());
        let events = events.into_iter().collect::<Result<Vec<_>, _>>();
        let found =
            count.map_err(|why| Fault::broken_at("counting the events of a digest", why))?;
        if found != digest.event_count {
            self.found(Finding::Miscounted { number, sealed: digest.event_count, found });
        } else if is_next && !events.is_ok_and(|events| digest.has_hash_of(&hash_before, &events)) {
            // After a missing digest the previous hash is unknown. The gap is reported as a finding
            // of its own.
            self.found(Finding::Altered { number });
        }
        let signature = Signature::from_bytes(&digest.signature);
        if self.key.verify_strict(&digest.hash, &signature).is_err() {
            self.found(Finding::Forged { number });
        }
        if self.known.is_some_and(|known| known.number == number && known.hash != digest.hash) {
            self.found(Finding::OtherHead { number });
        }
        self.last = (number, digest.hash);
        self.report.digests += 1;
        self.report.events += found;
        Ok(())
    }

    fn look_behind_the_end(&mut self) -> Result<(), Fault> {
        let last = self.last.0;
        let mut read = self.portico.db.read(&self.permit)?;
        if self.report.findings.len() < FINDINGS_MAX
            && let Some(number) = digest::find_sealed_after(&mut read, last)?
            // A digest that was made during the verification is not missing.
            && digest::list(&mut read, number - 1, 1)?.first().map(|it| it.number) != Some(number)
        {
            self.found(Finding::MissingDigest { number });
        }
        if let Some(known) = self.known.filter(|known| known.number > last) {
            self.found(Finding::OtherHead { number: known.number });
        }
        Ok(())
    }

    fn found(&mut self, finding: Finding) {
        self.report.findings.push(finding);
    }
}
