//! Digests and events that are in files of the archive.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::ErrorKind;

use model::Fault;
use store::Read;
use store::archive::{self, ArchiveFile, ArchiveState};

use crate::Portico;
use crate::archive::{Block, FileReader, Flaw};

/// Reads files of the archive, each from its beginning to its end.
pub(crate) struct Archived<'a> {
    portico: &'a Portico,
    open: Option<Open>,
    /// Files with a flaw, by their first digests.
    flawed: BTreeSet<i64>,
}

struct Open {
    first_digest: i64,
    reader: FileReader<File>,
    /// Number of the last digest that was read.
    last: i64,
}

/// What a file has of a digest.
pub(crate) enum Found {
    Block(Block),
    /// Nothing can be read. The flaw is told once for each file.
    Nothing(Option<Flaw>),
}

impl<'a> Archived<'a> {
    pub(crate) fn new(portico: &'a Portico) -> Self {
        Self { portico, open: None, flawed: BTreeSet::new() }
    }

    /// Reads a digest of a file, with the MACs that its events should have.
    pub(crate) fn read(&mut self, file: &ArchiveFile, number: i64) -> Found {
        if self.flawed.contains(&file.first_digest) {
            return Found::Nothing(None);
        }
        match self.read_on(file, number) {
            Ok(mut block) => {
                for event in &mut block.events {
                    self.portico.db.give_mac(event);
                }
                Found::Block(block)
            }
            Err(flaw) => {
                self.flawed.insert(file.first_digest);
                self.open = None;
                Found::Nothing(Some(flaw))
            }
        }
    }

    fn read_on(&mut self, file: &ArchiveFile, number: i64) -> Result<Block, Flaw> {
        let is_ahead = |open: &Open| open.first_digest == file.first_digest && open.last < number;
        let mut open = match self.open.take().filter(is_ahead) {
            Some(open) => open,
            None => Open {
                first_digest: file.first_digest,
                reader: FileReader::new(self.open(file)?)?,
                last: 0,
            },
        };
        loop {
            let lacks = || Flaw(format!("it lacks digest {number}"));
            let block = open.reader.read()?.ok_or_else(lacks)?;
            open.last = block.digest.number;
            if open.last == number {
                // The end of a file is looked at, too.
                if number < file.last_digest {
                    self.open = Some(open);
                } else if open.reader.read()?.is_some() {
                    return Err(Flaw("it has more digests than were moved".to_owned()));
                }
                return Ok(block);
            }
            if open.last > number {
                return Err(lacks());
            }
        }
    }

    fn open(&self, file: &ArchiveFile) -> Result<File, Flaw> {
        self.portico.archive.open(&file.name).map_err(|error| {
            let is_missing = error.kind() == ErrorKind::NotFound;
            Flaw(if is_missing { "it is missing".to_owned() } else { error.to_string() })
        })
    }
}

/// Finds the file that has the events of a digest.
pub(super) fn file_of(read: &mut Read<'_>, number: i64) -> Result<Option<ArchiveFile>, Fault> {
    Ok(archive::find_of_digest(read, number)?.filter(has_events))
}

/// Tells whether the events of the digests are in the file.
pub(super) fn has_events(file: &ArchiveFile) -> bool {
    match file.state {
        ArchiveState::Moving | ArchiveState::Moved => true,
        ArchiveState::Writing | ArchiveState::Left | ArchiveState::Removing => false,
    }
}
