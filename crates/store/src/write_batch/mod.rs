//! Write batch of one thread.
//!
//! A thread performs several requests one after the other and answers all of them when their writes
//! are on disk. Without a batch, each request would wait for its turn and for the disk on a thread
//! of its own, and waking threads costs more than the writes.
//! INVARIANT: no request is answered before [`WriteBatch::wait`] has succeeded. If it fails, none of
//! the writes was kept.

use std::sync::{Mutex, MutexGuard, PoisonError};

use model::Fault;
use policy::Permit;

use crate::engine::Engine;
use crate::group_commit::Writer;
use crate::member::{Host, Member, undone};
use crate::signals::Changes;
use crate::{AuditRecord, Lease, Stamp, Tx, audit};

/// Batch: transactions of one thread that are committed together.
pub struct WriteBatch<'db> {
    writer: &'db Writer,
    slot: Slot,
}

/// Slot for the connection between two transactions of the batch.
struct Slot(Mutex<Inside>);

struct Inside {
    engine: Option<Engine>,
    changes: Changes,
    /// Reason why the batch must roll back, if it must.
    failure: Option<Fault>,
}

impl<'db> WriteBatch<'db> {
    /// Opens a batch. Waits for the connection.
    pub(crate) fn open(writer: &'db Writer) -> Result<Self, Fault> {
        let inside =
            Inside { engine: Some(writer.open()?), changes: Changes::default(), failure: None };
        Ok(Self { writer, slot: Slot(Mutex::new(inside)) })
    }

    /// Begins a transaction that may write.
    pub fn begin(&self, permit: Permit, stamp: Stamp) -> Result<Tx<'_>, Fault> {
        Ok(Tx::new(self.lease()?, permit, stamp, self.writer.signals()))
    }

    /// Writes an event without a transaction.
    pub fn record(&self, record: &AuditRecord) -> Result<(), Fault> {
        let mut lease = self.lease()?;
        audit::record(lease.engine()?, record, &mut None)?;
        lease.commit(Changes::default(), self.writer.signals())
    }

    /// Commits the batch. Returns when everything is on disk, or an error if nothing was kept.
    pub fn wait(self) -> Result<(), Fault> {
        self.end()
    }

    fn end(&self) -> Result<(), Fault> {
        let mut inside = self.slot.inside();
        let mut engine = inside.engine.take().ok_or_else(undone)?;
        let (changes, failure) = (inside.changes, inside.failure.take());
        if failure.is_some() {
            engine.rollback().ok();
        }
        let ended = self.writer.end(engine, changes);
        failure.map_or(ended, Err)
    }

    fn lease(&self) -> Result<Lease<'_>, Fault> {
        self.member().map(Lease::Member)
    }

    pub(crate) fn member(&self) -> Result<Member<'_>, Fault> {
        let mut inside = self.slot.inside();
        // A savepoint without an open batch would begin a transaction of its own.
        if let Some(fault) = &inside.failure {
            return Err(fault.clone());
        }
        let engine = inside.engine.take();
        drop(inside);
        // The connection is in use, as when one thread begins twice.
        let mut engine = engine.ok_or(Fault::Contended)?;
        let begun = engine.begin_member();
        // A member that could not begin is dropped, which fails the batch.
        let member = Member::new(&self.slot, engine);
        begun.map(|()| member)
    }
}

impl Drop for WriteBatch<'_> {
    fn drop(&mut self) {
        let mut inside = self.slot.inside();
        // No caller waited, so the batch rolls back.
        if inside.engine.is_some() {
            inside.failure = Some(undone());
            drop(inside);
            self.end().ok();
        }
    }
}

impl Slot {
    // Only one thread uses the slot. The lock makes the type `Sync`.
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host for Slot {
    /// Returns at once: [`WriteBatch::wait`] waits for the batch.
    fn take_back(
        &self,
        engine: Engine,
        changes: Changes,
        ended: Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut inside = self.inside();
        inside.engine = Some(engine);
        match &ended {
            Ok(()) => inside.changes.add(changes),
            Err(fault) => inside.failure = Some(fault.clone()),
        }
        ended
    }
}

#[cfg(test)]
mod tests;
