//! Deleting the rows of events that a file has.

use model::Fault;
use store::archive::{self, ArchiveFile, ArchiveState};
use store::digest;

use super::moving::Mover;
use crate::audit::archived::{Archived, Found};

/// Maximum number of rows that are deleted in a transaction. On SQLite all other writers wait for it.
const ROWS_AT_ONCE: usize = 200;

impl Mover<'_> {
    /// Deletes the rows that a file has, as the file names them: rows that somebody else added stay, and show. Returns
    /// whether there may be another step.
    pub(super) fn delete_rows(&self, file: &ArchiveFile) -> Result<bool, Fault> {
        let Some(mut turn) = self.take_over(file)? else { return Ok(false) };
        let mut archived = Archived::new(self.steps.portico);
        let mut after = file.first_digest - 1;
        while let Some(number) = self.next_digest(after)?.filter(|it| *it <= file.last_digest) {
            if !self.goes_on(file, &mut turn)? {
                return Ok(false);
            }
            let block = match archived.read(file, number) {
                Found::Block(block) => block,
                Found::Nothing(flaw) => {
                    return Err(Fault::Broken(format!(
                        "{} cannot be read, so the rows of its events stay: {}",
                        self.steps.portico.archive.shown(&file.name),
                        flaw.map_or_else(String::new, |flaw| flaw.0)
                    )));
                }
            };
            for events in block.events.chunks(ROWS_AT_ONCE) {
                self.steps.commit_silently(|tx| {
                    let mut ids = events.iter().map(|event| &event.id);
                    ids.try_for_each(|id| archive::delete_event(tx, id, number))
                })?;
            }
            after = number;
        }
        let moved = ArchiveFile { state: ArchiveState::Moved, ..file.clone() };
        self.steps.commit_silently(|tx| archive::update(tx, ArchiveState::Moving, &moved))
    }

    /// Finds the next digest that rows name.
    fn next_digest(&self, after: i64) -> Result<Option<i64>, Fault> {
        self.steps.read(|read| digest::find_sealed_after(read, after))
    }
}
