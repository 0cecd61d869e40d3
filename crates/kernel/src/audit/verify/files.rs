//! The part of the log that is in files, and where it begins since the oldest of them were removed.

use model::Fault;
use store::Read;
use store::archive::{self, ArchiveFile, ArchiveState, Beginning};
use store::digest::{self, Digest};

use super::super::archived::{Found, file_of};
use super::super::compare::permit;
use super::super::finding::Finding;
use super::super::proved::is_own;
use super::{EVENTS_AT_ONCE, Proof, Sealed, id_of};
use crate::archive::Flaw;

impl Proof<'_> {
    /// Goes on behind what was removed for its age, which may be more than a moment ago.
    pub(super) fn pass_removed(&mut self, read: &mut Read<'_>) -> Result<(), Fault> {
        let Some(beginning) = archive::find_beginning(read)? else { return Ok(()) };
        if !is_own(self.portico, &beginning) {
            if !self.report.findings.contains(&Finding::WrongBeginning) {
                self.report.add(Finding::WrongBeginning);
            }
            return Ok(());
        }
        if beginning.number > self.walked {
            (self.walked, self.hash) = (beginning.number, beginning.hash);
        }
        self.report.removed_until = beginning.number;
        self.is_empty = false;
        self.beginning = Some(beginning);
        Ok(())
    }

    /// Examines the events of a digest that are in a file, and the rows that the database has of it.
    pub(super) fn examine_file(
        &mut self,
        read: &mut Read<'_>,
        file: ArchiveFile,
        number: i64,
        digest: Option<&Digest>,
    ) -> Result<Sealed, Fault> {
        self.is_empty = false;
        if self.file != file.first_digest {
            self.file = file.first_digest;
            (self.progress)(&file.name);
        }
        let block = match self.archived.read(&file, number) {
            Found::Block(block) => block,
            Found::Nothing(flaw) => {
                if let Some(Flaw(why)) = flaw {
                    self.look_again(&file, why)?;
                }
                return Ok(Sealed { count: 0, events: None, file: Some(file), is_readable: false });
            }
        };
        if digest.is_some_and(|digest| *digest != block.digest) {
            self.report.add(Finding::OtherDigest { name: file.name.clone(), number });
        }
        for event in &block.events {
            self.place(event);
        }
        self.examine_parts(|proof, after| {
            let rows = digest::list_events(read, number, after, EVENTS_AT_ONCE)?;
            for row in &rows {
                let is_moving = file.state == ArchiveState::Moving
                    && row.as_ref().is_ok_and(|event| block.events.contains(event));
                if !is_moving {
                    proof.report.add(Finding::Remains { id: id_of(row).to_owned() });
                }
            }
            Ok(rows)
        })?;
        let count = i64::try_from(block.events.len());
        let count = count.map_err(|why| Fault::broken_at("counting events", why))?;
        Ok(Sealed { count, events: Some(block.events), file: Some(file), is_readable: true })
    }

    /// Adds the finding about a file, unless it was removed for its age meanwhile.
    fn look_again(&mut self, file: &ArchiveFile, why: String) -> Result<(), Fault> {
        let mut read = self.portico.db.read(&permit()?)?;
        if file_of(&mut read, file.first_digest)?.is_some() {
            self.report.add(Finding::BrokenFile { name: file.name.clone(), why });
        }
        Ok(())
    }

    /// Looks for rows of digests that were removed for their age.
    pub(super) fn examine_removed(&mut self, read: &mut Read<'_>) -> Result<(), Fault> {
        let until = self.report.removed_until;
        let oldest = archive::list(read, 0, 1)?.pop();
        if oldest.is_some_and(|file| file.state == ArchiveState::Removing) {
            // Its rows are being deleted.
            return Ok(());
        }
        let mut after = 0;
        while let Some(number) = digest::find_sealed_after(read, after)?.filter(|it| *it <= until) {
            self.examine_parts(|proof, after| {
                let rows = digest::list_events(read, number, after, EVENTS_AT_ONCE)?;
                for row in &rows {
                    proof.report.add(Finding::Removed { id: id_of(row).to_owned() });
                }
                Ok(rows)
            })?;
            after = number;
        }
        Ok(())
    }
}

/// Returns the last number of a gap of a writer that can have been removed for its age.
///
/// Events of a writer are not sealed in the order of their numbers, so the last file that was removed can lack numbers
/// below its highest one. Of earlier files only the beginning of a writer is missing.
pub(super) fn removed_until(beginning: &Beginning, writer: &str, first: i64, last: i64) -> i64 {
    let of_last_file = beginning.lanes.get(writer).copied().unwrap_or_default();
    let is_older = first == 1 && *writer <= *beginning.highest_id;
    if is_older { last } else { of_last_file }
}
