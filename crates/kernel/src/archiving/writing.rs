//! Writing a file, proving it, and saying that it has the events.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};

use model::{AuditEvent, Fault};
use store::archive::{self, ArchiveFile, ArchiveState};
use store::digest;

use super::due::left;
use super::moving::Mover;
use crate::archive::{Block, FileReader, FileWriter, Flaw, Folder, NewFile};
use crate::audit::proved::{hash_before, is_proved, read_proved};

/// What came of an attempt to write a file.
enum Filled {
    Whole(ArchiveFile),
    /// The digest with this number is not as it was sealed.
    Until(i64),
    Stopped,
}

impl Mover<'_> {
    /// Writes a file, and its entry once it was read back. Returns whether there may be another step.
    pub(super) fn write(&self, file: &ArchiveFile) -> Result<bool, Fault> {
        let portico = self.steps.portico;
        let holder = portico.archive.holder(&*portico.random);
        let new = portico.archive.create(&file.name, holder).map_err(|why| self.at(file, &why))?;
        let filled = self.fill(file, &new.file).and_then(|filled| {
            if let Filled::Whole(whole) = &filled {
                self.read_back(whole, &new.file)?;
            }
            Ok(filled)
        });
        match filled {
            Ok(Filled::Whole(whole)) => {
                new.keep().map_err(|why| self.at(file, &why))?;
                self.tell_moved(&whole)
            }
            Ok(Filled::Until(number)) => {
                self.discard(file, new)?;
                self.leave(file, number)
            }
            Ok(Filled::Stopped) => self.discard(file, new).map(|()| false),
            Err(fault) => self.discard(file, new).and(Err(fault)),
        }
    }

    fn discard(&self, file: &ArchiveFile, new: NewFile) -> Result<(), Fault> {
        new.discard().map_err(|why| self.at(file, &why))
    }

    fn at(&self, file: &ArchiveFile, why: &io::Error) -> Fault {
        Fault::Broken(format!("{}: {why}", self.steps.portico.archive.shown(&file.name)))
    }

    fn fill(&self, file: &ArchiveFile, out: &File) -> Result<Filled, Fault> {
        let Some(mut turn) = self.take_over(file)? else { return Ok(Filled::Stopped) };
        let mut whole = ArchiveFile { state: ArchiveState::Moving, ..file.clone() };
        let mut writer = FileWriter::new(out)?;
        let mut after = file.first_digest - 1;
        while after < file.last_digest {
            if !self.goes_on(file, &mut turn)? {
                return Ok(Filled::Stopped);
            }
            let (number, block) = self.next_block(after)?;
            let Some(block) = block else { return Ok(Filled::Until(number)) };
            note(&mut whole, &block);
            writer.add(&block)?;
            after = number;
        }
        writer.finish()?;
        Ok(Filled::Whole(whole))
    }

    /// Returns the number of the next digest, and the digest if it is as it was sealed.
    fn next_block(&self, after: i64) -> Result<(i64, Option<Block>), Fault> {
        let portico = self.steps.portico;
        self.steps.read(|read| {
            let next = digest::list(read, after, 1)?.pop();
            let number =
                next.map_or(after + 1, |row| row.map_or_else(|it| it.number, |it| it.number));
            let before = hash_before(portico, read, number)?;
            Ok((number, read_proved(portico, read, number, &before)?))
        })
    }

    /// Proves a file that was written, before anything relies on it.
    fn read_back(&self, file: &ArchiveFile, mut written: &File) -> Result<(), Fault> {
        let portico = self.steps.portico;
        let wrong =
            |Flaw(why): Flaw| Fault::broken_at("reading a file of the audit archive back", why);
        let other = || wrong(Flaw("it has other events".to_owned()));
        written.seek(SeekFrom::Start(0)).map_err(|why| self.at(file, &why))?;
        let mut reader = FileReader::new(written).map_err(wrong)?;
        let mut count = 0;
        let mut before = self.steps.read(|read| hash_before(portico, read, file.first_digest))?;
        while let Some(mut block) = reader.read().map_err(wrong)? {
            for event in &mut block.events {
                portico.db.give_mac(event);
            }
            if !is_proved(portico, &block, &before) {
                return Err(other());
            }
            (count, before) = (count + block.digest.event_count, block.digest.hash);
        }
        if count == file.event_count { Ok(()) } else { Err(other()) }
    }

    /// Writes down that the events are in the file.
    fn tell_moved(&self, file: &ArchiveFile) -> Result<bool, Fault> {
        let is_done = self.steps.commit(|tx| {
            let is_next = archive::update(tx, ArchiveState::Writing, file)?;
            let event = AuditEvent::new()
                .asked("firstDigest", file.first_digest)
                .asked("lastDigest", file.last_digest)
                .answered("file", &file.name)
                .answered("events", file.event_count);
            Ok(is_next.then_some(event))
        })?;
        if is_done {
            let (file, events) = (&file.name, file.event_count);
            tracing::info!(file, events, "audit events are in the archive");
        }
        Ok(is_done)
    }

    /// Leaves a digest in the database that is not as it was sealed. What is before it becomes a file of its own.
    fn leave(&self, file: &ArchiveFile, number: i64) -> Result<bool, Fault> {
        let (first_digest, last_digest) = (file.first_digest, number - 1);
        let shorter = if number > first_digest {
            let name = Folder::name(file.sealed_at_ms, first_digest, last_digest);
            ArchiveFile { last_digest, name, ..file.clone() }
        } else {
            self.steps.portico.watch.add_findings(1);
            tracing::error!(
                number,
                "a digest of the audit log is not as it was sealed, so its events stay in the database: run \
                 `portico audit verify`"
            );
            left(first_digest, file.sealed_at_ms)
        };
        self.steps.commit_silently(|tx| archive::update(tx, ArchiveState::Writing, &shorter))
    }
}

/// Counts the events of a digest.
fn note(file: &mut ArchiveFile, block: &Block) {
    file.event_count += block.digest.event_count;
    for event in &block.events {
        if file.lowest_id.is_empty() || event.id < file.lowest_id {
            file.lowest_id.clone_from(&event.id);
        }
        if event.id > file.highest_id {
            file.highest_id.clone_from(&event.id);
        }
    }
}
