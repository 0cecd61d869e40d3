//! What an operation may use, for one request.

use std::cell::RefCell;
use std::sync::Arc;

use model::ids::RequestId;
use model::senses::{random_bytes, random_text};
use model::{Fault, Random};
use policy::{Caller, Permit};
use store::{AuditRecord, Origin, Read, Stamp, Together, Tx};

use crate::Portico;
use crate::facts::RequestFacts;

/// What an operation may use, for one request.
pub struct Ctx<'a> {
    pub portico: &'a Portico,
    pub caller: &'a Arc<Caller>,
    pub request: &'a RequestInfo,
    /// What was asked of the policies last; the journal's word for reads and refusals.
    asked: RefCell<Option<(&'static str, String)>>,
    is_hurried: bool,
    together: Option<&'a Together<'a>>,
}

/// The request that an operation is done for.
#[derive(Clone, Debug)]
pub struct RequestInfo {
    pub id: RequestId,
    pub origin: Origin,
    /// Whether it came over TLS, here or at the proxy that the public URL names.
    pub secure: bool,
}

impl RequestInfo {
    /// A request that nobody made: long work, upkeep, the server's own start.
    #[must_use]
    pub fn own(random: &dyn Random) -> Self {
        let origin = Origin { source_address: "portico".to_owned(), user_agent: String::new() };
        Self { id: RequestId::random(random), origin, secure: true }
    }

    /// The moment and this request, for the next event.
    #[must_use]
    pub fn stamp(&self, now_ms: i64, random: &dyn Random) -> Stamp {
        Stamp::new(now_ms, &random_bytes(random), self.id.to_string(), self.origin.clone())
    }
}

impl<'a> Ctx<'a> {
    #[must_use]
    pub fn new(portico: &'a Portico, caller: &'a Arc<Caller>, request: &'a RequestInfo) -> Self {
        let (asked, is_hurried, together) = (RefCell::default(), false, None);
        Self { portico, caller, request, asked, is_hurried, together }
    }

    /// The same on a thread that must not wait. What fails there leaves nothing behind, because it
    /// is done again on a thread that may.
    #[must_use]
    pub fn hurried(self) -> Self {
        Self { is_hurried: true, ..self }
    }

    /// The same for a thread that answers several requests when all of them are on disk.
    #[must_use]
    pub fn within(self, together: &'a Together<'a>) -> Self {
        Self { together: Some(together), ..self }
    }

    pub(crate) fn is_hurried(&self) -> bool {
        self.is_hurried
    }

    /// The permit to do `action` to `resource`, or the refusal.
    pub fn authorize(&self, action: &'static str, resource: &str) -> Result<Permit, Fault> {
        self.authorize_with(action, resource, &[])
    }

    /// The same, with condition keys that this action alone has.
    pub fn authorize_with(
        &self,
        action: &'static str,
        resource: &str,
        keys: &[(&str, &str)],
    ) -> Result<Permit, Fault> {
        *self.asked.borrow_mut() = Some((action, resource.to_owned()));
        let facts = RequestFacts { ctx: self, keys };
        policy::authorize(self.caller, action, resource, &facts)
    }

    /// The permit to do `action` to the first resource, if it is allowed for every one of them.
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

    /// Begins the transaction that `permit` is for.
    pub fn begin(&self, permit: Permit) -> Result<Tx<'a>, Fault> {
        if self.is_hurried {
            return Err(Fault::Busy);
        }
        match self.together {
            Some(together) => together.begin(permit, self.stamp()),
            None => self.portico.db.begin(permit, self.stamp()),
        }
    }

    /// Writes an event that belongs to no transaction.
    pub(crate) fn record(&self, record: AuditRecord) -> Result<(), Fault> {
        match self.together {
            Some(together) => together.record(&record),
            None => self.portico.db.record(&[record]),
        }
    }

    /// Begins the reading that `permit` is for.
    pub fn read(&self, permit: &Permit) -> Result<Read<'a>, Fault> {
        self.portico.db.read(permit)
    }

    /// Milliseconds since 1970. A transaction has a time of its own, `tx.now_ms()`.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.portico.clock.now_ms()
    }

    /// Unguessable bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        random_bytes(&*self.portico.random)
    }

    /// Unguessable text.
    #[must_use]
    pub fn random_text(&self, alphabet: &[u8], length: usize) -> String {
        random_text(&*self.portico.random, alphabet, length)
    }

    /// The moment and the request, for the next event.
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

    /// What was asked of the policies last.
    pub(crate) fn asked(&self) -> Option<(&'static str, String)> {
        self.asked.borrow().clone()
    }
}
