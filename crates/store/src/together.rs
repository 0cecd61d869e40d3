//! Writes of one thread that wait for the disk together.
//!
//! A thread that has several requests to answer does one after the other, and answers all of them
//! when what they wrote is on disk: without it, each would wait for its turn, and for the disk, on a
//! thread of its own, and threads that wake each other cost more than the writes do.
//! INVARIANT: nobody is answered before [`Together::wait`] has ended well. When it does not, nothing
//! of it was kept.

use std::sync::{Mutex, MutexGuard, PoisonError};

use model::Fault;
use policy::Permit;

use crate::engine::Engine;
use crate::group_commit::Writer;
use crate::member::{BEGIN, Host, Member, undone};
use crate::signals::News;
use crate::{AuditRecord, Lease, Stamp, Tx, audit};

/// Transactions of one thread that are committed together.
pub struct Together<'db> {
    writer: &'db Writer,
    home: Home,
}

/// Where the connection is between two of them.
struct Home(Mutex<Inside>);

struct Inside {
    engine: Option<Engine>,
    news: News,
    /// Why nothing can be kept, if something went wrong.
    spoilt: Option<Fault>,
}

impl<'db> Together<'db> {
    /// Waits for the connection.
    pub(crate) fn open(writer: &'db Writer) -> Result<Self, Fault> {
        let inside = Inside { engine: Some(writer.open()?), news: News::default(), spoilt: None };
        Ok(Self { writer, home: Home(Mutex::new(inside)) })
    }

    /// Begins a transaction that may write.
    pub fn begin(&self, permit: Permit, stamp: Stamp) -> Result<Tx<'_>, Fault> {
        Ok(Tx::new(self.lease()?, permit, stamp, self.writer.signals()))
    }

    /// Writes an event that belongs to no transaction.
    pub fn record(&self, record: &AuditRecord) -> Result<(), Fault> {
        let mut lease = self.lease()?;
        audit::record(lease.engine()?, record, &mut None)?;
        lease.commit(News::default(), self.writer.signals())
    }

    /// Returns when everything is on disk, or nothing ever will be.
    pub fn wait(self) -> Result<(), Fault> {
        self.end()
    }

    fn end(&self) -> Result<(), Fault> {
        let mut inside = self.home.inside();
        let mut engine = inside.engine.take().ok_or_else(undone)?;
        let (news, spoilt) = (inside.news, inside.spoilt.take());
        if spoilt.is_some() {
            engine.rollback().ok();
        }
        let ended = self.writer.end(engine, news);
        spoilt.map_or(ended, Err)
    }

    fn lease(&self) -> Result<Lease<'_>, Fault> {
        self.member().map(Lease::Member)
    }

    pub(crate) fn member(&self) -> Result<Member<'_>, Fault> {
        let mut inside = self.home.inside();
        // A savepoint without a batch would begin one of its own.
        if let Some(fault) = &inside.spoilt {
            return Err(fault.clone());
        }
        let engine = inside.engine.take();
        drop(inside);
        // As when one thread begins twice.
        let mut engine = engine.ok_or(Fault::Contended)?;
        let begun = engine.command(BEGIN);
        // A member that could not begin is dropped, which spoils the batch.
        let member = Member::new(&self.home, engine);
        begun.map(|()| member)
    }
}

impl Drop for Together<'_> {
    fn drop(&mut self) {
        let mut inside = self.home.inside();
        // Nobody waited, so nobody is told that anything was kept.
        if inside.engine.is_some() {
            inside.spoilt = Some(undone());
            drop(inside);
            self.end().ok();
        }
    }
}

impl Home {
    // One thread uses it; the lock is for those who would not know.
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host for Home {
    /// Returns at once: the batch is waited for by [`Together::wait`].
    fn take_back(&self, engine: Engine, news: News, ended: Result<(), Fault>) -> Result<(), Fault> {
        let mut inside = self.inside();
        inside.engine = Some(engine);
        match &ended {
            Ok(()) => inside.news.add(news),
            Err(fault) => inside.spoilt = Some(fault.clone()),
        }
        ended
    }
}

#[cfg(test)]
mod tests;
