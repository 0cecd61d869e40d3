//! Proves that nothing sealed of the audit log was altered, removed, added or put elsewhere.
//!
//! What it cannot tell is a log whose newest digests were cut off together with their events. Two
//! things help: each digest is named in the server's own log, and a report ends with its head, which
//! kept elsewhere and given to the next proof shows that nothing after it is missing.

use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use model::Fault;
use policy::{NoFacts, Permit};
use store::digest::{self, Digest, NO_HASH};

use super::Head;
use crate::Portico;

/// So many digests are listed at once.
const DIGESTS_AT_ONCE: i64 = 500;

/// So many findings are enough.
const FINDINGS_MAX: usize = 100;

/// What came of a proof.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub digests: i64,
    /// Sealed events that were looked at.
    pub events: i64,
    /// Nothing, if the log is as it was sealed. At most the first hundred.
    pub findings: Vec<Finding>,
    pub head: Option<Head>,
}

/// Something that is not as it was sealed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Finding {
    /// A digest is gone, or every digest up to this one.
    MissingDigest { number: i64 },
    /// There are more or fewer events than were sealed.
    Miscounted { number: i64, sealed: i64, found: i64 },
    /// The events, or the digest before, are not those that were sealed.
    Altered { number: i64 },
    /// The digest is not one that this server made.
    Forged { number: i64 },
    /// The digest that was written down is gone, or another.
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

/// Proves the whole log. `known` is a head that was kept elsewhere.
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
    /// Number and hash of the digest that was looked at last.
    last: (i64, [u8; 32]),
}

impl Proof<'_> {
    // What is sealed never changes, so each digest may be read at a moment of its own.
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
        let found = i64::try_from(events.len()).map_err(Fault::broken)?;
        if found != digest.event_count {
            self.found(Finding::Miscounted { number, sealed: digest.event_count, found });
        } else if is_next
            && digest::hash(&hash_before, number, digest.sealed_at_ms, &events) != digest.hash
        {
            // After a gap there is nothing to compare with; the gap is a finding of its own.
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
            // A digest that was made while this ran is no finding.
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
