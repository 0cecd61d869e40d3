//! Context of an operation in one request.

use std::cell::RefCell;
use std::sync::Arc;

use model::random::{random_bytes, random_text};
use model::{AuditEvent, Fault};
use policy::{Caller, NamedPerson, Permit, Principal};
use store::{AuditRecord, Read, Stamp, Tx, WriteBatch};

use crate::facts::RequestFacts;
use crate::identified::identified;
use crate::{Portico, RequestInfo};

/// Context of an operation in one request: its caller, its transactions, the time and randomness.
pub struct Ctx<'a> {
    pub portico: &'a Portico,
    pub caller: &'a Arc<Caller>,
    pub request: &'a RequestInfo,
    /// Last action and resource that policies were evaluated for. Reads and refusals are recorded
    /// under them.
    asked: RefCell<Option<(&'static str, String)>>,
    /// Details of the event of a read or a refusal.
    details: RefCell<AuditEvent>,
    /// The caller under the name of the person whom a secret in the request names.
    named: RefCell<Option<Arc<Caller>>>,
    is_non_blocking: bool,
    batch: Option<&'a WriteBatch<'a>>,
}

impl<'a> Ctx<'a> {
    #[must_use]
    pub fn new(portico: &'a Portico, caller: &'a Arc<Caller>, request: &'a RequestInfo) -> Self {
        let (asked, details, named) = Default::default();
        let (is_non_blocking, batch) = (false, None);
        Self { portico, caller, request, asked, details, named, is_non_blocking, batch }
    }

    /// Makes the context non-blocking: beginning a transaction fails with `Busy`, and so does a read that takes
    /// long. The failed attempt leaves no trace, because the request is repeated on a thread that may block.
    #[must_use]
    pub fn non_blocking(self) -> Self {
        Self { is_non_blocking: true, ..self }
    }

    /// Makes transactions join a batch, whose requests are answered after one write to disk.
    #[must_use]
    pub fn within(self, batch: &'a WriteBatch<'a>) -> Self {
        Self { batch: Some(batch), ..self }
    }

    pub(crate) fn is_non_blocking(&self) -> bool {
        self.is_non_blocking
    }

    pub(crate) fn is_in_batch(&self) -> bool {
        self.batch.is_some()
    }

    /// Evaluates the policies for `action` on `resource`. Returns the permit or the refusal.
    pub fn authorize(&self, action: &'static str, resource: &str) -> Result<Permit, Fault> {
        self.authorize_with(action, resource, &[])
    }

    /// Evaluates the policies like [`Ctx::authorize`], with condition keys that are specific to the
    /// action.
    pub fn authorize_with(
        &self,
        action: &'static str,
        resource: &str,
        keys: &[(&str, &str)],
    ) -> Result<Permit, Fault> {
        *self.asked.borrow_mut() = Some((action, resource.to_owned()));
        let (Self { portico, request, .. }, caller) = (self, self.acting());
        let facts = RequestFacts { portico, caller: &caller, request, keys };
        policy::authorize(&caller, action, resource, &facts)
    }

    /// Returns the permit for `action` on the first resource, if the action is allowed on all of
    /// them.
    pub fn authorize_all(
        &self,
        action: &'static str,
        resources: &[String],
    ) -> Result<Permit, Fault> {
        let mut permits = resources.iter().map(|resource| self.authorize(action, resource));
        let first = permits.next().unwrap_or_else(|| self.authorize(action, "*"))?;
        permits.try_for_each(|permit| permit.map(drop))?;
        Ok(first)
    }

    /// Asks for `action` on further resources that the operation shows. The event of the operation
    /// still names what was asked before, unless this is refused.
    pub fn authorize_also(&self, action: &'static str, resources: &[String]) -> Result<(), Fault> {
        let asked = self.asked.take();
        self.authorize_all(action, resources).map(drop)?;
        self.asked.replace(asked);
        Ok(())
    }

    /// Tells whether the policies allow `action` on all of `resources`. Neither the answer nor the
    /// question is recorded.
    pub(crate) fn may(&self, action: &'static str, resources: &[String]) -> bool {
        let Self { portico, caller, request, .. } = self;
        let facts = RequestFacts { portico, caller, request, keys: &[] };
        let mut resources = resources.iter();
        resources.all(|resource| policy::authorize(caller, action, resource, &facts).is_ok())
    }

    /// Begins the transaction that `permit` is for.
    pub fn begin(&self, permit: Permit) -> Result<Tx<'a>, Fault> {
        if self.is_non_blocking {
            return Err(Fault::Busy);
        }
        match self.batch {
            Some(batch) => batch.begin(permit, self.stamp()),
            None => self.portico.db.begin(permit, self.stamp()),
        }
    }

    /// Begins the transaction of a request that only queues a job, which looks again at all that the request read. On
    /// PostgreSQL it is in the way of no other request (decision 0031).
    pub fn begin_on_snapshot(&self, permit: Permit) -> Result<Tx<'a>, Fault> {
        if self.is_non_blocking || self.batch.is_some() {
            return self.begin(permit);
        }
        self.portico.db.begin_on_snapshot(permit, self.stamp())
    }

    /// Writes an event outside of a transaction.
    pub(crate) fn record(&self, record: AuditRecord) -> Result<(), Fault> {
        match self.batch {
            Some(batch) => batch.record(&record),
            None => self.portico.db.record(&[record]),
        }
    }

    /// Begins a read-only transaction of `permit`.
    pub fn read(&self, permit: &Permit) -> Result<Read<'a>, Fault> {
        let db = &self.portico.db;
        if self.is_non_blocking { db.short_read(permit) } else { db.read(permit) }
    }

    /// Returns the time in milliseconds since 1970. A transaction has its own time, `tx.now_ms()`.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.portico.clock.now_ms()
    }

    /// Returns unguessable bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        random_bytes(&*self.portico.random)
    }

    /// Returns unguessable text.
    #[must_use]
    pub fn random_text(&self, alphabet: &[u8], length: usize) -> String {
        random_text(&*self.portico.random, alphabet, length)
    }

    /// Makes the time and request stamp of an event.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        self.request.stamp(self.now_ms(), &*self.portico.random)
    }

    /// Sets what the event of the operation names. Returns what it named before.
    pub(crate) fn replace_asked(
        &self,
        asked: Option<(&'static str, String)>,
    ) -> Option<(&'static str, String)> {
        self.asked.replace(asked)
    }

    /// Sets the details of the event of the operation, if it is a read or a refusal.
    pub fn describe(&self, details: AuditEvent) {
        self.details.replace(details);
    }

    pub(crate) fn details(&self) -> AuditEvent {
        self.details.borrow().clone()
    }

    /// Writes what follows in the request under the name of a person whom a secret in it names.
    ///
    /// INVARIANT: the caller is allowed what they were allowed before, and nothing on behalf of the person.
    pub fn name_person(&self, person: NamedPerson) {
        let (principal, policies) = (Principal::NamedPerson(person), self.caller.policies.clone());
        let named = identified(Arc::new(Caller { principal, policies }));
        self.named.replace(Some(named));
    }

    /// The caller, under the name that events have.
    pub(crate) fn acting(&self) -> Arc<Caller> {
        self.named.borrow().as_ref().map_or_else(|| Arc::clone(self.caller), Arc::clone)
    }

    /// Returns the action and the resource that policies were evaluated for last.
    pub(crate) fn asked(&self) -> Option<(&'static str, String)> {
        self.asked.borrow().clone()
    }
}
