//! The events of the archive and of the database, by id and so by time.
//!
//! Events of files come by digest, and within one by id. A late event lies in a later digest, so some thousand events
//! wait for those that belong before them.

use std::collections::{BTreeMap, VecDeque};

use model::Fault;
use store::archive::{self, ArchiveFile};
use store::digest::list_log;
use store::{FoundEvent, LoggedEvent, Read};

use super::archived::{Archived, Found, file_of, has_events};
use super::proved::{hash_before, is_proved};
use crate::Ctx;
use crate::archive::Block;

/// Maximum number of rows per read.
const ROWS_AT_ONCE: i64 = 500;

/// Number of events of files that wait for others.
const WAITING: usize = 4000;

/// Maximum number of files per read.
const FILES_AT_ONCE: i64 = 100;

/// Event, and where it comes from.
pub(super) enum InLog {
    Row(FoundEvent),
    /// True if its digest is as it was sealed.
    Archived(LoggedEvent, bool),
}

/// Reader of the log between two ids.
pub(super) struct InOrder<'a> {
    ctx: &'a Ctx<'a>,
    end: String,
    /// Id of the last row that was read.
    after: String,
    rows: VecDeque<FoundEvent>,
    has_more_rows: bool,
    files: VecDeque<ArchiveFile>,
    /// First digest of the last file that is known.
    last_file: i64,
    /// Next digest of the first file.
    next: i64,
    archived: Archived<'a>,
    waiting: BTreeMap<String, (LoggedEvent, bool)>,
    /// What cannot be read, by file.
    pub(super) flaws: Vec<String>,
    /// Number of events in the files that cannot be read.
    pub(super) unread: u64,
    /// The digest of the last row, and whether a file has its events.
    last_digest: (i64, bool),
    /// Events up to this id are rows that were returned.
    returned: String,
}

impl<'a> InOrder<'a> {
    /// Begins behind the id `after`, and ends before the id `end`.
    pub(super) fn new(ctx: &'a Ctx<'a>, after: String, end: String) -> Self {
        Self {
            ctx,
            end,
            returned: after.clone(),
            after,
            rows: VecDeque::new(),
            has_more_rows: true,
            files: VecDeque::new(),
            last_file: 0,
            next: 0,
            archived: Archived::new(ctx.portico),
            waiting: BTreeMap::new(),
            flaws: Vec::new(),
            unread: 0,
            last_digest: (0, false),
        }
    }

    /// Returns the next event. `read` begins a snapshot.
    pub(super) fn next(
        &mut self,
        read: impl Fn() -> Result<Read<'a>, Fault>,
    ) -> Result<Option<InLog>, Fault> {
        loop {
            if self.rows.is_empty() && self.has_more_rows {
                self.read_rows(&mut read()?)?;
            }
            while self.waiting.len() < WAITING && !self.files.is_empty() {
                self.read_block(&mut read()?)?;
            }
            let row = self.rows.front().map(id_of);
            let first = self.waiting.keys().next();
            let is_row = match (row, first) {
                (None, None) => return Ok(None),
                (Some(row), Some(first)) => row <= first.as_str(),
                (row, None) => row.is_some(),
                (None, Some(_)) => false,
            };
            if !is_row {
                let event = self.waiting.pop_first();
                return Ok(event.map(|(_, (event, is_sealed))| InLog::Archived(event, is_sealed)));
            }
            let Some(row) = self.rows.pop_front() else { continue };
            id_of(&row).clone_into(&mut self.returned);
            if !self.is_archived(&read, &row)? {
                return Ok(Some(InLog::Row(row)));
            }
        }
    }

    /// INVARIANT: the files are listed in the snapshot of the rows. An event that moved meanwhile is in a file that is
    /// known by then.
    fn read_rows(&mut self, read: &mut Read<'_>) -> Result<(), Fault> {
        let rows = list_log(read, &self.after, &self.end, ROWS_AT_ONCE)?;
        match rows.last() {
            Some(last) => id_of(last).clone_into(&mut self.after),
            None => self.has_more_rows = false,
        }
        self.rows.extend(rows);
        loop {
            let files = archive::list(read, self.last_file, FILES_AT_ONCE)?;
            let Some(last) = files.last() else { return Ok(()) };
            // One that is being written may be complete by the next time.
            let is_complete = |file: &&ArchiveFile| file.state != archive::ArchiveState::Writing;
            let known = files.iter().rfind(is_complete).map(|file| file.first_digest);
            let is_at_end = known != Some(last.first_digest);
            self.last_file = known.unwrap_or(self.last_file);
            let (after, end) = (&self.returned, &self.end);
            let is_within = |it: &ArchiveFile| it.lowest_id < *end && it.highest_id > *after;
            self.files.extend(files.into_iter().filter(|it| has_events(it) && is_within(it)));
            if is_at_end {
                return Ok(());
            }
        }
    }

    fn read_block(&mut self, read: &mut Read<'_>) -> Result<(), Fault> {
        let Some(file) = self.files.front() else { return Ok(()) };
        let number = self.next.max(file.first_digest);
        match self.archived.read(file, number) {
            Found::Block(block) => {
                let is_last = number >= file.last_digest;
                self.next = number + 1;
                let before = hash_before(self.ctx.portico, read, number)?;
                self.take(block, &before);
                if is_last {
                    self.files.pop_front();
                }
            }
            Found::Nothing(flaw) => {
                // It can have been removed for its age meanwhile.
                if file_of(read, number)?.is_some() {
                    let why = flaw.map_or_else(String::new, |flaw| flaw.0);
                    self.flaws.push(format!("{}: {why}", file.name));
                    self.unread += u64::try_from(file.event_count).unwrap_or_default();
                }
                self.files.pop_front();
            }
        }
        Ok(())
    }

    fn take(&mut self, block: Block, before: &[u8; 32]) {
        let is_sealed = is_proved(self.ctx.portico, &block, before);
        for event in block.events {
            if event.id > self.returned && event.id < self.end {
                self.waiting.insert(event.id.clone(), (event, is_sealed));
            }
        }
    }

    /// Tells whether a file has the event of a row.
    fn is_archived(
        &mut self,
        read: &impl Fn() -> Result<Read<'a>, Fault>,
        row: &FoundEvent,
    ) -> Result<bool, Fault> {
        let Ok(event) = row else { return Ok(false) };
        if event.digest <= 0 {
            return Ok(false);
        }
        if event.digest != self.last_digest.0 {
            let file = file_of(&mut read()?, event.digest)?;
            let is_known = file.is_some_and(|file| file.first_digest <= self.last_file);
            self.last_digest = (event.digest, is_known);
        }
        Ok(self.last_digest.1 && self.ctx.portico.db.proves(event))
    }
}

fn id_of(row: &FoundEvent) -> &str {
    row.as_ref().map_or_else(|row| row.id.as_str(), |event| event.id.as_str())
}
