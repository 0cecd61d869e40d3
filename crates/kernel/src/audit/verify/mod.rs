//! Verification that no audit event was altered, removed, added or moved, sealed or not.
//!
//! Each row is checked by its MAC, the rows of a lane by their running numbers, and the rows of a
//! digest by its hash and signature. What was removed from the end of a lane or of the digests shows
//! only against a head: the one that the node keeps beside its key file, or one kept elsewhere.

mod files;
mod report;

use model::Fault;
use policy::Permit;
use store::archive::{ArchiveFile, Beginning};
use store::digest::{self, Digest, EVENTS_MAX, NO_HASH, OF_CONTENTS};
use store::{FoundEvent, LoggedEvent, Read};

use self::files::removed_until;
pub use self::report::Report;
use super::archived::{Archived, file_of};
use super::compare::{compare, permit};
pub use super::finding::Finding;
use super::numbers::{Added, Lanes};
use super::seal::is_signed;
use crate::Portico;
use crate::watch::{Head, Kept};

/// Maximum number of digests per read.
const DIGESTS_AT_ONCE: i64 = 500;

/// Maximum number of events per read: one more than a digest has, which shows that there are too
/// many.
const EVENTS_AT_ONCE: i64 = EVENTS_MAX as i64 + 1;

/// Verifies the whole log, also against the head that this node keeps. `known` is a head that was
/// kept elsewhere. `progress` is called with the name of each file of the archive before it is read.
pub fn verify(
    portico: &Portico,
    known: Option<&Head>,
    progress: &mut dyn FnMut(&str),
) -> Result<Report, Fault> {
    let permit = permit()?;
    // The head is read before the log, which may go on meanwhile.
    let kept = portico.watch.read()?;
    let mut proof = Proof {
        portico,
        known,
        progress,
        archived: Archived::new(portico),
        file: 0,
        beginning: None,
        report: Report::default(),
        walked: 0,
        hash: NO_HASH,
        lanes: Lanes::default(),
        has_too_many_gaps: false,
        is_empty: true,
    };
    proof.walk_digests(&permit)?;
    proof.look_at_the_rest(&mut portico.db.read(&permit)?)?;
    proof.conclude();
    let Proof { mut report, .. } = proof;
    report.has_kept_head = kept != Kept::Nothing;
    report.head_findings = match kept {
        Kept::Nothing => Vec::new(),
        Kept::Wrong => vec![Finding::WrongHead],
        Kept::Head(kept) => compare(portico, &kept)?.findings,
    };
    report.head_findings.retain(|finding| !report.findings.contains(finding));
    Ok(report)
}

struct Proof<'a> {
    portico: &'a Portico,
    known: Option<&'a Head>,
    progress: &'a mut dyn FnMut(&str),
    archived: Archived<'a>,
    /// First digest of the file that is being read.
    file: i64,
    /// Where the log begins since its oldest files were removed.
    beginning: Option<Beginning>,
    report: Report,
    /// Number of the last digest that was checked.
    walked: i64,
    /// Hash of the last digest that can be read.
    hash: [u8; 32],
    lanes: Lanes,
    has_too_many_gaps: bool,
    is_empty: bool,
}

/// The rows that name one digest number.
struct Sealed {
    count: i64,
    /// At most one more event than a digest may have; `None` if a row is no event.
    events: Option<Vec<LoggedEvent>>,
    /// The file that the events are in.
    file: Option<ArchiveFile>,
    /// False if the file cannot be read, which is a finding of its own.
    is_readable: bool,
}

impl Proof<'_> {
    // Sealed events never change, so each part may be read in its own snapshot.
    fn walk_digests(&mut self, permit: &Permit) -> Result<(), Fault> {
        while self.prove_next_digests(&mut self.portico.db.read(permit)?)? {}
        Ok(())
    }

    /// Checks what the walk has not seen, in one snapshot: an event that is sealed meanwhile would
    /// otherwise be missed in both places.
    fn look_at_the_rest(&mut self, read: &mut Read<'_>) -> Result<(), Fault> {
        while self.prove_next_digests(read)? {}
        self.examine_behind(read, i64::MAX, true)?;
        self.examine_unsealed(read)?;
        self.examine_parked(read)?;
        self.examine_removed(read)?;
        let (odd, odd_ids) = (digest::count_odd(read)?, digest::count_odd_ids(read)?);
        if odd > 0 {
            self.report.add(Finding::OddDigests { count: odd });
        }
        if odd_ids > 0 {
            self.is_empty = false;
            self.report.add(Finding::OddIds { count: odd_ids });
        }
        Ok(())
    }

    fn prove_next_digests(&mut self, read: &mut Read<'_>) -> Result<bool, Fault> {
        self.pass_removed(read)?;
        let digests = digest::list(read, self.walked, DIGESTS_AT_ONCE)?;
        for digest in &digests {
            match digest {
                Ok(digest) => self.prove(read, digest)?,
                Err(row) => self.pass(read, row.number)?,
            }
        }
        Ok(!digests.is_empty())
    }

    /// Checks the events of a digest that cannot be read. A server seals behind it from the digest before.
    fn pass(&mut self, read: &mut Read<'_>, number: i64) -> Result<(), Fault> {
        self.walk_to(read, number)?;
        self.report.add(Finding::NoDigest { number });
        if self.known.is_some_and(|known| known.number == number) {
            self.report.add(Finding::OtherHead { number });
        }
        self.examine(read, number, None)?;
        self.walked = number;
        Ok(())
    }

    /// Checks what is between the last digest and this one. Returns whether nothing can be.
    fn walk_to(&mut self, read: &mut Read<'_>, number: i64) -> Result<bool, Fault> {
        let is_next = number == self.walked + 1;
        if !is_next {
            self.report.add(Finding::MissingDigest { number: number - 1 });
            self.examine_behind(read, number - 1, false)?;
        }
        Ok(is_next)
    }

    fn prove(&mut self, read: &mut Read<'_>, digest: &Digest) -> Result<(), Fault> {
        let (number, hash_before) = (digest.number, self.hash);
        let is_next = self.walk_to(read, number)?;
        let sealed = self.examine(read, number, Some(digest))?;
        let Sealed { count, events, file, is_readable } = sealed;
        if !is_readable {
            // The file is a finding already.
        } else if count != digest.event_count {
            self.report.add(Finding::Miscounted {
                number,
                sealed: digest.event_count,
                found: count,
            });
        } else if is_next && !events.is_some_and(|events| digest.has_hash_of(&hash_before, &events))
        {
            // After a missing digest the previous hash is unknown. The gap is reported as a finding
            // of its own.
            self.report.add(match &file {
                Some(file) => Finding::AlteredFile { name: file.name.clone(), number },
                None => Finding::Altered { number },
            });
        }
        if !is_signed(self.portico, digest) {
            self.report.add(Finding::Forged { number });
        }
        if self.known.is_some_and(|known| known.number == number && known.hash != digest.hash) {
            self.report.add(Finding::OtherHead { number });
        }
        (self.walked, self.hash) = (number, digest.hash);
        self.report.head = Some(Head { number, hash: digest.hash });
        self.report.digests += 1;
        self.report.events += count;
        self.report.archived += file.map_or(0, |_| count);
        Ok(())
    }

    /// Examines the events whose digests, after the last one and up to `until`, are missing.
    fn examine_behind(
        &mut self,
        read: &mut Read<'_>,
        until: i64,
        is_finding: bool,
    ) -> Result<(), Fault> {
        let mut after = self.walked;
        while let Some(number) = digest::find_sealed_after(read, after)?.filter(|it| *it <= until) {
            if is_finding {
                self.report.add(Finding::MissingDigest { number });
            }
            self.examine(read, number, None)?;
            after = number;
        }
        Ok(())
    }

    /// Examines the events that name a digest, of which `digest` is the row if it can be read.
    fn examine(
        &mut self,
        read: &mut Read<'_>,
        number: i64,
        digest: Option<&Digest>,
    ) -> Result<Sealed, Fault> {
        if let Some(file) = file_of(read, number)? {
            return self.examine_file(read, file, number, digest);
        }
        let mut sealed =
            Sealed { count: 0, events: Some(Vec::new()), file: None, is_readable: true };
        let may_lack_mac = digest.is_some_and(|digest| digest.format == OF_CONTENTS);
        self.examine_parts(|proof, after| {
            let rows = digest::list_events(read, number, after, EVENTS_AT_ONCE)?;
            for row in &rows {
                proof.check(row, may_lack_mac);
            }
            sealed.count += count(&rows)?;
            sealed.events = match sealed.events.take() {
                Some(events) if events.is_empty() => {
                    rows.iter().cloned().collect::<Result<_, _>>().ok()
                }
                // There are more than a digest may have, so the hash is not asked for.
                events @ (Some(_) | None) => events,
            };
            Ok(rows)
        })?;
        Ok(sealed)
    }

    fn examine_unsealed(&mut self, read: &mut Read<'_>) -> Result<(), Fault> {
        let now_ms = self.portico.clock.now_ms();
        self.examine_parts(|proof, after| {
            let rows = digest::list_unsealed(read, after, EVENTS_AT_ONCE)?;
            for row in &rows {
                if let (true, Ok(event)) = (proof.check(row, false), row) {
                    let age_ms = now_ms.saturating_sub(event.at_ms);
                    let oldest_ms = &mut proof.report.oldest_unsealed_ms;
                    *oldest_ms = age_ms.max(*oldest_ms);
                }
            }
            proof.report.unsealed += count(&rows)?;
            Ok(rows)
        })
    }

    fn examine_parked(&mut self, read: &mut Read<'_>) -> Result<(), Fault> {
        self.examine_parts(|proof, after| {
            let rows = digest::list_parked(read, after, EVENTS_AT_ONCE)?;
            for row in &rows {
                if let (true, Ok(event)) = (proof.check(row, false), row) {
                    proof.report.add(Finding::Parked { id: event.id.clone() });
                }
            }
            Ok(rows)
        })
    }

    /// Reads rows in parts, by id.
    fn examine_parts(
        &mut self,
        mut part: impl FnMut(&mut Self, &str) -> Result<Vec<FoundEvent>, Fault>,
    ) -> Result<(), Fault> {
        let mut after = String::new();
        loop {
            let rows = part(self, &after)?;
            let last = rows.last().map(|row| id_of(row).to_owned());
            let (Some(id), true) = (last, count(&rows)? >= EVENTS_AT_ONCE) else { return Ok(()) };
            after = id;
        }
    }

    /// Checks one row. Returns whether it is as this server wrote it.
    fn check(&mut self, row: &FoundEvent, may_lack_mac: bool) -> bool {
        self.is_empty = false;
        let Ok(event) = row else {
            let id = id_of(row).to_owned();
            self.report.add(Finding::NoEvent { id });
            return false;
        };
        let id = || event.id.clone();
        if event.is_of_earlier_version() {
            if !may_lack_mac {
                self.report.add(Finding::NoMac { id: id() });
            }
            return may_lack_mac;
        }
        if !self.portico.db.proves(event) {
            self.report.add(Finding::WrongMac { id: id() });
            return false;
        }
        self.place(event);
        true
    }

    /// Notes the number of an event whose MAC is right.
    fn place(&mut self, event: &LoggedEvent) {
        if event.is_of_earlier_version() {
            return;
        }
        match self.lanes.add(&event.writer, event.sequence) {
            Added::New => {}
            Added::Double => self.report.add(Finding::Double { id: event.id.clone() }),
            Added::TooMany => self.has_too_many_gaps = true,
        }
    }

    fn conclude(&mut self) {
        let Self { report, lanes, beginning, .. } = self;
        lanes.gaps(|writer, first, last| {
            let removed = beginning.as_ref().map_or(0, |it| removed_until(it, writer, first, last));
            let first = first.max(removed + 1);
            if first > last {
                return;
            }
            report.add(Finding::MissingEvents { writer: writer.to_owned(), first, last });
        });
        if self.has_too_many_gaps {
            report.add(Finding::ManyMissing);
        }
        if self.is_empty {
            report.add(Finding::Empty);
        }
        if let Some(known) = self.known.filter(|known| known.number > self.walked) {
            report.add(Finding::EndsBefore { number: known.number, last: self.walked });
        }
    }
}

fn id_of(row: &FoundEvent) -> &str {
    row.as_ref().map_or_else(|row| row.id.as_str(), |event| event.id.as_str())
}

fn count(rows: &[FoundEvent]) -> Result<i64, Fault> {
    i64::try_from(rows.len()).map_err(|why| Fault::broken_at("counting events", why))
}
