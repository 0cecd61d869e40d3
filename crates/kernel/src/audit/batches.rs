//! The sealed events in the order of their digests, wherever they are.
//!
//! A digest is there with all of its events or not at all, and no event joins it later. So a reader that goes through
//! the digests misses nothing and gets nothing twice, also while events move into the archive.

use model::Fault;
use policy::Permit;
use store::archive::ArchiveFile;
use store::digest::{self, EVENTS_MAX};
use store::{LoggedEvent, Read};

use super::archived::{Archived, Found, file_of};
use super::position::Position;
use super::proved::{beginning, hash_before, is_proved};
use super::seals::Seals;
use crate::Portico;

/// Reader of the sealed log.
pub(crate) struct Batches<'a> {
    portico: &'a Portico,
    permit: Permit,
    at: Position,
    archived: Archived<'a>,
    seals: Seals,
}

/// What comes next.
pub(crate) enum Next {
    Batch(Batch),
    /// The digests up to this one were removed for their age before they were read.
    RemovedUntil(i64),
    /// All that is sealed was read.
    End,
}

/// Events of one digest.
pub(crate) struct Batch {
    pub(crate) digest: i64,
    /// When the digest was sealed; `None` if it cannot be read.
    pub(crate) sealed_at_ms: Option<i64>,
    /// The events in the order of their ids, with what proves each.
    pub(crate) events: Vec<(LoggedEvent, &'static str)>,
    /// Number of rows that are no events.
    pub(crate) unreadable: u64,
}

impl<'a> Batches<'a> {
    pub(crate) fn new(portico: &'a Portico, permit: Permit, at: Position) -> Self {
        let archived = Archived::new(portico);
        Self { portico, permit, at, archived, seals: Seals::default() }
    }

    /// Returns the place behind what was read.
    pub(crate) fn at(&self) -> &Position {
        &self.at
    }

    /// Passes all digests that were sealed before a moment. All of their events are older.
    pub(crate) fn pass_older(&mut self, moment_ms: i64) -> Result<(), Fault> {
        loop {
            let digests = digest::list(&mut self.read()?, self.at.digest, i64::from(EVENTS_MAX))?;
            if digests.is_empty() {
                return Ok(());
            }
            for row in digests {
                match row {
                    Ok(digest) if digest.sealed_at_ms >= moment_ms => return Ok(()),
                    Ok(digest) => self.at = Position::behind(digest.number),
                    Err(row) => self.at = Position::behind(row.number),
                }
            }
        }
    }

    /// Reads the events behind those that were read: all that are left of a digest, and at most as many as one has.
    pub(crate) fn next(&mut self) -> Result<Next, Fault> {
        loop {
            let mut read = self.read()?;
            if let Some(until) = self.removed_until(&mut read)? {
                self.at = Position::behind(until);
                return Ok(Next::RemovedUntil(until));
            }
            let Some((number, after, sealed_at_ms)) = self.next_digest(&mut read)? else {
                return Ok(Next::End);
            };
            let Some(file) = file_of(&mut read, number)? else {
                return self.take_rows(read, number, &after, sealed_at_ms).map(Next::Batch);
            };
            drop(read);
            if let Some(events) = self.take_archived(&file, number, &after)? {
                let batch = Batch { digest: number, sealed_at_ms, events, unreadable: 0 };
                return Ok(Next::Batch(batch));
            }
        }
    }

    fn read(&self) -> Result<Read<'a>, Fault> {
        self.portico.db.read(&self.permit)
    }

    /// Returns the last digest that was removed, if what comes next was removed too.
    fn removed_until(&self, read: &mut Read<'_>) -> Result<Option<i64>, Fault> {
        let next = if self.at.event.is_some() { self.at.digest } else { self.at.digest + 1 };
        let removed = beginning(self.portico, read)?.map(|beginning| beginning.number);
        Ok(removed.filter(|until| *until >= next))
    }

    /// Returns the number of the digest that comes next, the id behind which its events come, and when it was sealed.
    fn next_digest(
        &self,
        read: &mut Read<'_>,
    ) -> Result<Option<(i64, String, Option<i64>)>, Fault> {
        let Position { digest: number, event } = &self.at;
        let before = if event.is_some() { *number - 1 } else { *number };
        let found = digest::list(read, before.max(0), 1)?.pop();
        Ok(found.map(|row| {
            let (found, sealed_at_ms) = row.map_or_else(
                |row| (row.number, None),
                |digest| (digest.number, Some(digest.sealed_at_ms)),
            );
            let after = event.clone().filter(|_| found == *number).unwrap_or_default();
            (found, after, sealed_at_ms)
        }))
    }

    fn take_rows(
        &mut self,
        mut read: Read<'a>,
        number: i64,
        after: &str,
        sealed_at_ms: Option<i64>,
    ) -> Result<Batch, Fault> {
        let most = usize::from(EVENTS_MAX);
        let mut rows = digest::list_events(&mut read, number, after, i64::from(EVENTS_MAX) + 1)?;
        drop(read);
        let has_more = rows.len() > most;
        rows.truncate(most);
        let last =
            rows.last().map(|row| row.as_ref().map_or_else(|it| &it.id, |it| &it.id).clone());
        let at = Position { digest: number, event: last.filter(|_| has_more) };
        let mut batch = Batch { digest: number, sealed_at_ms, events: Vec::new(), unreadable: 0 };
        for row in rows {
            let Ok(event) = row else {
                batch.unreadable += 1;
                continue;
            };
            let (portico, permit) = (self.portico, &self.permit);
            let proof = self.seals.proof(portico, &|| portico.db.read(permit), &event)?;
            batch.events.push((event, proof));
        }
        self.at = at;
        Ok(batch)
    }

    /// Takes the events of a digest from a file; `None` if the file was removed for its age meanwhile.
    fn take_archived(
        &mut self,
        file: &ArchiveFile,
        number: i64,
        after: &str,
    ) -> Result<Option<Vec<(LoggedEvent, &'static str)>>, Fault> {
        let block = match self.archived.read(file, number) {
            Found::Block(block) => block,
            Found::Nothing(flaw) => {
                // The file may be right the next time.
                self.archived = Archived::new(self.portico);
                if file_of(&mut self.read()?, number)?.is_none() {
                    return Ok(None);
                }
                return Err(Fault::Broken(format!(
                    "the events behind digest {} cannot be read from {}: {}. Bring the file back from the backup",
                    number - 1,
                    self.portico.archive.shown(&file.name),
                    flaw.map_or_else(String::new, |flaw| flaw.0)
                )));
            }
        };
        let before = hash_before(self.portico, &mut self.read()?, number)?;
        let proof = if is_proved(self.portico, &block, &before) { "sealed" } else { "none" };
        self.at = Position::behind(number);
        let events = block.events.into_iter().filter(|event| event.id.as_str() > after);
        Ok(Some(events.map(|event| (event, proof)).collect()))
    }
}
