//! The store itself: what all operations stand on.

use std::ops::Deref;
use std::sync::Arc;

use model::ids::AccountId;
use model::{AuditEvent, Fault};
use service::dispatch::trace;
use service::{Ctx, Portico};
use tokio::sync::oneshot;

use crate::blobs::Blobs;
use crate::border::{Gate, Workers};
use crate::disk::Disk;
use crate::refusal::Refusal;
use crate::visit::Visit;

/// A job that another transaction is in the way of is done again, at most so many times in all.
const ATTEMPTS_MAX: u32 = 5;

/// The store of objects. Clones are the same store.
#[derive(Clone)]
pub struct Store(Arc<House>);

/// Its files, and the way to the core.
pub struct House {
    pub portico: Arc<Portico>,
    pub blobs: Arc<Blobs>,
    pub disk: Disk,
    pub gate: Arc<dyn Gate>,
    pub workers: Arc<dyn Workers>,
}

/// What an operation leaves in the audit log when it went well.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Trace {
    /// The event of a read, which is buffered.
    Read,
    /// The same of a read of objects, which the operator may choose not to record.
    DataRead,
    /// Nothing more: its event was committed with what it wrote.
    Written,
    /// Nothing yet: a later job of the same operation will.
    Later,
}

impl Deref for Store {
    type Target = House;

    fn deref(&self) -> &House {
        &self.0
    }
}

impl Store {
    #[must_use]
    pub fn new(house: House) -> Self {
        Self(Arc::new(house))
    }

    /// Does `job` on a worker, for whoever signed the request. `action` names the operation in the
    /// audit log if it is refused before the policies were asked.
    ///
    /// Like an operation of `service`, a job changes nothing but the database and may be done again.
    pub async fn run<T: Send + 'static>(
        &self,
        visit: &Arc<Visit>,
        action: &'static str,
        on_success: Trace,
        mut job: impl FnMut(&Ctx<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (answer, answered) = oneshot::channel();
        let (store, visit) = (self.clone(), Arc::clone(visit));
        self.workers.hand_over(Box::new(move || {
            answer.send(store.perform(&visit, action, on_success, &mut job)).ok();
        }))?;
        // A job that panicked drops its end.
        answered.await.map_err(Fault::broken)?
    }

    /// What came of a step that no worker saw, and if it is a refusal, its event in the audit log.
    pub async fn or_regret<T>(
        &self,
        visit: &Arc<Visit>,
        action: &'static str,
        arn: &str,
        outcome: Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let Err(refusal) = outcome else { return outcome };
        let (arn, repeated) = (arn.to_owned(), refusal.clone());
        let regret = move |ctx: &Ctx<'_>| -> Result<(), Refusal> {
            drop(ctx.authorize(action, &arn)?);
            Err(repeated.clone())
        };
        self.run(visit, action, Trace::Later, regret).await?;
        Err(refusal)
    }

    fn perform<T>(
        &self,
        visit: &Visit,
        action: &'static str,
        on_success: Trace,
        job: &mut dyn FnMut(&Ctx<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        // INVARIANT: the number is read before the database is.
        let authority = self.portico.db.signals().authority();
        let caller = match visit.caller(&*self.gate, authority) {
            Ok(caller) => caller,
            Err(fault) => {
                let stranger = Portico::stranger();
                trace(&Ctx::new(&self.portico, &stranger, &visit.info), action, Some(&fault))?;
                return Err(fault.into());
            }
        };
        let ctx = Ctx::new(&self.portico, &caller, &visit.info);
        let mut attempts = 1;
        let outcome = loop {
            match job(&ctx) {
                Err(Refusal::Fault(Fault::Contended)) if attempts < ATTEMPTS_MAX => attempts += 1,
                outcome => break outcome,
            }
        };
        match &outcome {
            Ok(_) => match on_success {
                Trace::Read => trace(&ctx, action, None)?,
                Trace::DataRead if self.portico.settings.s3_data_events => {
                    trace(&ctx, action, None)?;
                }
                Trace::DataRead | Trace::Written | Trace::Later => {}
            },
            Err(refusal) => trace(&ctx, action, Some(&refusal.as_fault()))?,
        }
        outcome
    }
}

/// The event of a write of objects.
pub fn data_event(ctx: &Ctx<'_>) -> AuditEvent {
    AuditEvent::of_data(ctx.portico.settings.s3_data_events)
}

/// The account whose buckets the caller may reach at all.
pub fn account<'a>(ctx: &'a Ctx<'_>) -> Result<&'a AccountId, Fault> {
    ctx.caller.account_id().ok_or(Fault::Unsigned)
}
