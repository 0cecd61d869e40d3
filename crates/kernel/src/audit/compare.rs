//! Comparison of the log with the head that a node kept of it.

use model::Fault;
use policy::{NoFacts, Permit};
use store::archive::{self, ArchiveFile};
use store::digest::{self, Digest, EVENTS_MAX};
use store::{FoundEvent, Read};

use super::archived::{Archived, Found, has_events};
use super::finding::Finding;
use super::numbers::Lanes;
use super::proved::beginning;
use crate::Portico;
use crate::watch::{Head, KeptHead};

/// Maximum number of findings of a comparison.
const FINDINGS_MAX: usize = 100;

/// Result of a comparison.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// What the head knows and the log lacks.
    pub(super) findings: Vec<Finding>,
    /// Newest digest of the log.
    pub(super) newest: Option<Head>,
    /// Numbers of this node's events in the digests after that of the head.
    pub(super) sealed: Lanes,
    /// True if the digest of the head was removed for its age, so that nothing could be compared.
    pub(super) is_head_removed: bool,
}

/// Returns the permit to verify the log.
pub(super) fn permit() -> Result<Permit, Fault> {
    policy::authorize(&Portico::itself(), "portico:VerifyAudit", "*", &NoFacts)
}

/// Finds the newest digest.
pub(super) fn newest(portico: &Portico) -> Result<Option<Head>, Fault> {
    find_newest(&mut portico.db.read(&permit()?)?)
}

/// Compares the log with a head: the digest of the head, and the events that its lanes had behind it.
pub(super) fn compare(portico: &Portico, head: &KeptHead) -> Result<Compared, Fault> {
    let mut read = portico.db.read(&permit()?)?;
    let mut compared = Compared { newest: find_newest(&mut read)?, ..Compared::default() };
    // INVARIANT: the lanes of this process are listed after the snapshot began, and a lane is listed
    // before its first event is committed. So no event of the snapshot is of an unknown lane.
    let own = portico.db.own_lanes();
    let is_known = |writer: &str| head.lanes.contains_key(writer) || own.contains_key(writer);
    let (first, last) = (
        head.digest.as_ref().map_or(0, |digest| digest.number),
        compared.newest.as_ref().map_or(0, |digest| digest.number),
    );
    let beginning = beginning(portico, &mut read)?.map_or(0, |it| it.number);
    if let Some(known) = &head.digest {
        if known.number <= beginning {
            compared.is_head_removed = true;
            return Ok(compared);
        }
        let found = digest::list(&mut read, known.number - 1, 1)?.pop();
        let is_known = |digest: &Digest| digest.number == known.number && digest.hash == known.hash;
        let finding = match found {
            Some(Ok(digest)) if is_known(&digest) => None,
            Some(_) => Some(Finding::OtherHead { number: known.number }),
            None => Some(Finding::EndsBefore { number: known.number, last }),
        };
        if let Some(finding) = finding {
            compared.findings.push(finding);
            // Which events are behind a digest that is not there cannot be told.
            return Ok(compared);
        }
    }
    let mut present = Lanes::default();
    let see = |rows: &[FoundEvent], lanes: &mut [&mut Lanes]| {
        for event in rows.iter().flatten() {
            if is_known(&event.writer) && portico.db.proves(event) {
                for lanes in &mut *lanes {
                    lanes.add(&event.writer, event.sequence);
                }
            }
        }
    };
    // Of a head that is older than what moves into files.
    let mut archived = Archived::new(portico);
    let mut after = first;
    while let Some(file) = file_behind(&mut read, after)? {
        for number in after.max(file.first_digest - 1) + 1..=file.last_digest {
            if let Found::Block(block) = archived.read(&file, number) {
                let rows: Vec<FoundEvent> = block.events.into_iter().map(Ok).collect();
                see(&rows, &mut [&mut compared.sealed, &mut present]);
            }
        }
        after = file.last_digest;
    }
    let mut after = first;
    while let Some(number) = digest::find_sealed_after(&mut read, after)?.filter(|it| *it <= last) {
        in_parts(|id| {
            let rows = digest::list_events(&mut read, number, id, EVENTS_MAX.into())?;
            see(&rows, &mut [&mut compared.sealed, &mut present]);
            Ok(rows)
        })?;
        after = number;
    }
    in_parts(|id| {
        let rows = digest::list_unsealed(&mut read, id, EVENTS_MAX.into())?;
        see(&rows, &mut [&mut present]);
        Ok(rows)
    })?;
    for (writer, lane) in &head.lanes {
        present.lacking(writer, lane.sealed, lane.last, |first, last| {
            if compared.findings.len() < FINDINGS_MAX {
                let writer = writer.clone();
                compared.findings.push(Finding::MissingEvents { writer, first, last });
            }
        });
    }
    Ok(compared)
}

fn find_newest(read: &mut Read<'_>) -> Result<Option<Head>, Fault> {
    let found = digest::find_last(read)?;
    Ok(found.map(|digest| Head { number: digest.number, hash: digest.hash }))
}

/// Finds the oldest file that has digests behind a number.
fn file_behind(read: &mut Read<'_>, number: i64) -> Result<Option<ArchiveFile>, Fault> {
    // Almost always the head is newer than every file.
    let newest = archive::find_newest(read)?;
    if newest.is_none_or(|newest| newest.last_digest <= number) {
        return Ok(None);
    }
    let mut after =
        archive::find_of_digest(read, number + 1)?.map_or(number, |it| it.first_digest - 1);
    loop {
        match archive::list(read, after, 1)?.pop() {
            Some(file) if has_events(&file) => return Ok(Some(file)),
            Some(file) => after = file.first_digest,
            None => return Ok(None),
        }
    }
}

/// Reads rows in parts of at most [`EVENTS_MAX`], by id.
fn in_parts(mut part: impl FnMut(&str) -> Result<Vec<FoundEvent>, Fault>) -> Result<(), Fault> {
    let mut after = String::new();
    loop {
        let rows = part(&after)?;
        let id = rows
            .last()
            .map(|row| row.as_ref().map_or_else(|row| row.id.clone(), |event| event.id.clone()));
        match id {
            Some(id) if rows.len() >= usize::from(EVENTS_MAX) => after = id,
            Some(_) | None => return Ok(()),
        }
    }
}
