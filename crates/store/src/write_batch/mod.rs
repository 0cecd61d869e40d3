//! Write batch of one thread.
//!
//! A thread performs several requests one after the other and answers all of them when their writes
//! are on disk. Without a batch, each request would wait for its turn and for the disk on a thread
//! of its own, and waking threads costs more than the writes.
//! On PostgreSQL a batch is one transaction on a snapshot, for work that is right there (decision 0031). A member that
//! is undone after it wrote ends the batch, and each piece of work is done again by itself.
//! INVARIANT: no request is answered before [`WriteBatch::wait`] has succeeded. If it fails, none of
//! the writes was kept.

use std::sync::{Mutex, MutexGuard, PoisonError};

use model::Fault;
use policy::Permit;

use crate::engine::Engine;
use crate::group_commit::Writer;
use crate::member::{Host, Member, undone};
use crate::pool::Pooled;
use crate::signals::{Changes, Signals};
use crate::transaction::commit_pooled;
use crate::{AuditRecord, Lease, Stamp, Tx, audit};

/// Batch: transactions of one thread that are committed together.
pub struct WriteBatch<'db> {
    owner: Owner<'db>,
    signals: &'db Signals,
    slot: Slot,
}

/// Owner of the connection, which takes it back at the end.
enum Owner<'db> {
    Writer(&'db Writer),
    /// Place of a connection in the pool, until the end.
    Pool(Option<Pooled<'db>>),
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
        let slot = Slot::new(Some(writer.open()?));
        Ok(Self { owner: Owner::Writer(writer), signals: writer.signals(), slot })
    }

    /// Opens a batch in a transaction that has begun.
    pub(crate) fn in_pooled(mut pooled: Pooled<'db>, signals: &'db Signals) -> Self {
        let slot = Slot::new(pooled.take_engine());
        Self { owner: Owner::Pool(Some(pooled)), signals, slot }
    }

    /// Begins a transaction that may write.
    pub fn begin(&self, permit: Permit, stamp: Stamp) -> Result<Tx<'_>, Fault> {
        Ok(Tx::new(self.lease()?, permit, stamp, self.signals))
    }

    /// Writes an event without a transaction.
    pub fn record(&self, record: &AuditRecord) -> Result<(), Fault> {
        let mut lease = self.lease()?;
        audit::record(lease.engine()?, record, &mut None)?;
        lease.commit(Changes::default(), self.signals)
    }

    /// Commits the batch. Returns when everything is on disk, or an error if nothing was kept.
    pub fn wait(mut self) -> Result<(), Fault> {
        self.end()
    }

    fn end(&mut self) -> Result<(), Fault> {
        let mut inside = self.slot.inside();
        let mut engine = inside.engine.take().ok_or_else(undone)?;
        let (changes, failure) = (inside.changes, inside.failure.take());
        drop(inside);
        match &mut self.owner {
            Owner::Writer(writer) => {
                if failure.is_some() {
                    engine.rollback().ok();
                }
                let ended = writer.end(engine, changes);
                failure.map_or(ended, Err)
            }
            Owner::Pool(place) => {
                let mut pooled = place.take().ok_or_else(undone)?;
                pooled.put_engine(engine);
                // Dropping the connection rolls back.
                failure.map_or_else(|| commit_pooled(pooled, changes, self.signals), Err)
            }
        }
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
    fn new(engine: Option<Engine>) -> Self {
        Self(Mutex::new(Inside { engine, changes: Changes::default(), failure: None }))
    }

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
