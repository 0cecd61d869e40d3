//! Moves old events from the database into files: writes a file, reads it back, and only then deletes the rows.
//!
//! INVARIANT: a kill at any point loses nothing and doubles nothing. Until the entry of a file says that its events
//! are there, readers take them from the database; from then on from the file. The same digests make the same file,
//! so an attempt that ended early is made again under the same name, and two servers that write one do no harm.

use model::Fault;
use store::archive::{self, ArchiveFile, ArchiveState, Claim};
use store::digest;

use super::Stopping;
use super::due::{DIGESTS_MAX, Waiting};
use crate::Portico;
use crate::steps::Steps;

/// Time after which the move of a server that says nothing is taken over.
const CLAIM_MS: i64 = 2 * 60 * 1000;

/// Time after which a server says again that it is at work.
const RENEWAL_MS: i64 = 20 * 1000;

/// Moves all events that are old enough, until none is left or the process ends.
pub fn move_due(portico: &Portico, stopping: Stopping<'_>) -> Result<(), Fault> {
    let Some(after_ms) = portico.settings.audit_archive_after_ms else { return Ok(()) };
    if !portico.archive.is_there() {
        return Ok(());
    }
    let mover = Mover { steps: Steps::new(portico, "portico:ArchiveAudit"), stopping, after_ms };
    while !stopping() && mover.step()? {}
    Ok(())
}

pub(super) struct Mover<'a> {
    pub(super) steps: Steps<'a>,
    stopping: Stopping<'a>,
    after_ms: i64,
}

impl Mover<'_> {
    /// Does the next step. Returns whether there may be another.
    fn step(&self) -> Result<bool, Fault> {
        let Some(file) = self.steps.read(archive::find_newest)? else { return self.begin(0) };
        match file.state {
            ArchiveState::Writing => self.write(&file),
            ArchiveState::Moving => self.delete_rows(&file),
            ArchiveState::Moved => {
                self.require_here(&file)?;
                self.begin(file.last_digest)
            }
            ArchiveState::Left | ArchiveState::Removing => self.begin(file.last_digest),
        }
    }

    /// Fails if the folder has not the file that was moved before: then it is not the one of the other servers, and
    /// the files would be scattered.
    fn require_here(&self, file: &ArchiveFile) -> Result<(), Fault> {
        let archive = &self.steps.portico.archive;
        archive.open(&file.name).map(drop).map_err(|why| {
            Fault::Broken(format!(
                "no more events move into the audit archive, because its newest file {} is not there ({why}): bring \
                 it back, or give all servers of the database one folder with --audit-archive",
                archive.shown(&file.name)
            ))
        })
    }

    /// Adds the entry of the next file behind the digest `after`, if there are enough digests of age.
    fn begin(&self, after: i64) -> Result<bool, Fault> {
        let now_ms = self.steps.now_ms();
        let file = self.steps.read(|read| {
            let beginning = archive::find_beginning(read)?.map_or(0, |it| it.number);
            let digests = &digest::list(read, after.max(beginning), DIGESTS_MAX)?;
            let newest = digest::find_last(read)?.map_or(0, |digest| digest.number);
            Ok(Waiting { digests, newest, after_ms: self.after_ms, now_ms }.next_file())
        })?;
        let Some(file) = file else { return Ok(false) };
        self.steps.commit_silently(|tx| archive::insert(tx, &file, self.claim(now_ms)))
    }

    fn claim(&self, now_ms: i64) -> Claim<'_> {
        let portico = self.steps.portico;
        let stale_before_ms = if portico.db.may_be_shared() { now_ms - CLAIM_MS } else { i64::MAX };
        Claim { holder: portico.archive.holder(&*portico.random), now_ms, stale_before_ms }
    }

    /// Takes the move over. `None` if another server does it.
    pub(super) fn take_over(&self, file: &ArchiveFile) -> Result<Option<Turn>, Fault> {
        let turn = Turn { renewed_at_ms: self.steps.now_ms() };
        let claim = self.claim(turn.renewed_at_ms);
        let is_own =
            self.steps.commit_silently(|tx| archive::claim(tx, file.first_digest, claim))?;
        Ok(is_own.then_some(turn))
    }

    /// Tells whether the work goes on, and from time to time tells the other servers that it does.
    pub(super) fn goes_on(&self, file: &ArchiveFile, turn: &mut Turn) -> Result<bool, Fault> {
        if (self.stopping)() {
            return Ok(false);
        }
        if (self.steps.now_ms() - turn.renewed_at_ms).abs() <= RENEWAL_MS {
            return Ok(true);
        }
        let renewed = self.take_over(file)?;
        let is_own = renewed.is_some();
        *turn = renewed.unwrap_or(Turn { renewed_at_ms: turn.renewed_at_ms });
        Ok(is_own)
    }
}

/// Turn of this server at a move.
pub(super) struct Turn {
    renewed_at_ms: i64,
}
