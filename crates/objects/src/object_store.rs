//! The store of objects: its files, its database and its threads.

use std::ops::Deref;
use std::sync::Arc;

use kernel::perform::perform;
use kernel::{Access, Ctx, Portico};
use model::ids::AccountId;
use model::{AuditEvent, Fault};
use tokio::sync::oneshot;

use crate::actions::UNKNOWN;
use crate::blobs::Blobs;
use crate::call::S3Call;
use crate::disk::Disk;
use crate::refusal::Refusal;
use crate::routes;
use crate::shared_folder::SharedFolder;
use crate::workers::Workers;

/// The store of objects. Clones are handles of one store.
#[derive(Clone)]
pub struct ObjectStore(Arc<Resources>);

/// The files of a store, its database, and the threads for both.
pub struct Resources {
    pub portico: Arc<Portico>,
    pub blobs: Arc<Blobs>,
    pub shared_folder: SharedFolder,
    pub disk: Disk,
    pub workers: Arc<dyn Workers>,
}

/// The event that a job leaves in the audit log when it succeeds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Trace {
    /// The event of a read, which is buffered.
    Read,
    /// The event of a read of objects, which the operator may choose not to record.
    DataRead,
    /// No further event: the job committed its event with its writes.
    Written,
    /// No event yet: a later job of the same operation leaves it.
    Later,
}

impl Deref for ObjectStore {
    type Target = Resources;

    fn deref(&self) -> &Resources {
        &self.0
    }
}

impl ObjectStore {
    #[must_use]
    pub fn new(resources: Resources) -> Self {
        Self(Arc::new(resources))
    }

    /// Does `job` on a worker, for the caller who signed the request. `action` names the operation in
    /// the audit log if it is refused before the policies decide.
    ///
    /// INVARIANT: like an operation of `service`, a job changes only the database and may be repeated.
    pub async fn run<T: Send + 'static>(
        &self,
        call: &Arc<S3Call>,
        action: &'static str,
        on_success: Trace,
        mut job: impl FnMut(&Ctx<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (answer, answered) = oneshot::channel();
        let (store, call) = (self.clone(), Arc::clone(call));
        self.workers.submit(Box::new(move || {
            answer.send(store.perform(&call, action, on_success, &mut job)).ok();
        }))?;
        // A job that panicked drops its end of the channel.
        answered.await.map_err(|why| Fault::broken_at("a job of the store of objects", why))?
    }

    /// Passes on the outcome of a step outside the workers. A refusal leaves its event in the audit
    /// log.
    pub async fn trace_refusal<T>(
        &self,
        call: &Arc<S3Call>,
        action: &'static str,
        arn: &str,
        outcome: Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let Err(refusal) = outcome else { return outcome };
        let (arn, repeated) = (arn.to_owned(), refusal.clone());
        let refuse = move |ctx: &Ctx<'_>| -> Result<(), Refusal> {
            drop(ctx.authorize(action, &arn)?);
            Err(repeated.clone())
        };
        self.run(call, action, Trace::Later, refuse).await?;
        Err(refusal)
    }

    /// Leaves the event of a request that was refused before an operation left one.
    ///
    /// INVARIANT: whoever signed a request is in the log under their own name, even if the request is for
    /// nothing that this store does. The event says what the request was for, as far as its head tells.
    pub async fn trace_unserved(&self, call: &Arc<S3Call>, refusal: Refusal) {
        let head = call.head();
        let asked = AuditEvent::new()
            .asked("method", &head.method)
            .asked("path", cut(head.uri.path()))
            .asked_list("subresources", routes::sub_resources(&head.uri));
        let job = move |ctx: &Ctx<'_>| -> Result<(), Refusal> {
            ctx.describe(asked.clone());
            Err(refusal.clone())
        };
        self.run(call, UNKNOWN, Trace::Later, job).await.ok();
    }

    fn perform<T>(
        &self,
        call: &S3Call,
        action: &'static str,
        on_success: Trace,
        job: &mut dyn FnMut(&Ctx<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let caller = match call.caller(&self.portico) {
            Ok(caller) => caller,
            Err(rejection) => {
                call.note_event();
                rejection.trace(|caller| Ctx::new(&self.portico, caller, &call.info), action)?;
                return Err(rejection.fault().clone().into());
            }
        };
        self.shared_folder.require(&self.portico, &self.blobs)?;
        let ctx = Ctx::new(&self.portico, &caller, &call.info);
        let access = match on_success {
            Trace::Read => Access::Reads,
            Trace::DataRead if self.portico.settings.s3_data_events => Access::Reads,
            Trace::DataRead | Trace::Written | Trace::Later => Access::Writes,
        };
        let outcome = perform(&ctx, (action, access), || job(&ctx));
        if outcome.is_err() || access == Access::Reads || on_success == Trace::Written {
            call.note_event();
        }
        outcome
    }
}

/// Maximum number of characters of a path in an event: a bucket, and a key of maximum length that is not
/// encoded.
const PATH_CHARS_MAX: usize = 1_100;

fn cut(path: &str) -> String {
    path.chars().take(PATH_CHARS_MAX).collect()
}

/// The event of a write of objects.
pub fn data_event(ctx: &Ctx<'_>) -> AuditEvent {
    AuditEvent::of_data(ctx.portico.settings.s3_data_events)
}

/// The account whose buckets the caller may reach.
pub fn account<'a>(ctx: &'a Ctx<'_>) -> Result<&'a AccountId, Fault> {
    ctx.caller.account_id().ok_or(Fault::Unsigned)
}
