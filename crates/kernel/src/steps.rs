//! Reads and commits of background work in steps, with the permit of its action.

use model::{AuditEvent, Fault};
use policy::Permit;
use store::{Read, Tx};

use crate::perform::retry;
use crate::{Ctx, Portico, RequestInfo};

/// Portico itself, at one action.
#[derive(Clone, Copy)]
pub(crate) struct Steps<'a> {
    pub(crate) portico: &'a Portico,
    action: &'static str,
}

impl<'a> Steps<'a> {
    pub(crate) fn new(portico: &'a Portico, action: &'static str) -> Self {
        Self { portico, action }
    }

    pub(crate) fn now_ms(self) -> i64 {
        self.portico.clock.now_ms()
    }

    /// Returns the permit, for reads that go on for long.
    pub(crate) fn permit(self) -> Result<Permit, Fault> {
        self.with(|ctx| ctx.authorize(self.action, "*"))
    }

    /// Reads in one snapshot.
    pub(crate) fn read<T>(
        self,
        work: impl FnOnce(&mut Read<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.with(|ctx| work(&mut ctx.read(&ctx.authorize(self.action, "*")?)?))
    }

    /// Commits with an event. Without one nothing is changed.
    pub(crate) fn commit(
        self,
        work: impl Fn(&mut Tx<'_>) -> Result<Option<AuditEvent>, Fault>,
    ) -> Result<bool, Fault> {
        retry(self.portico, || {
            self.with(|ctx| {
                let mut tx = ctx.begin(ctx.authorize(self.action, "*")?)?;
                let Some(event) = work(&mut tx)? else { return Ok(false) };
                tx.commit(&event)?;
                Ok(true)
            })
        })
    }

    /// Commits a step between two events of the work, which tell of it.
    pub(crate) fn commit_silently<T>(
        self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        retry(self.portico, || {
            self.with(|ctx| {
                let mut tx = ctx.begin(ctx.authorize(self.action, "*")?)?;
                let done = work(&mut tx)?;
                tx.commit(&AuditEvent::new().if_recorded(false))?;
                Ok(done)
            })
        })
    }

    fn with<T>(self, work: impl FnOnce(&Ctx<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        let (caller, request) = (Portico::itself(), RequestInfo::own(&*self.portico.random));
        work(&Ctx::new(self.portico, &caller, &request))
    }
}
