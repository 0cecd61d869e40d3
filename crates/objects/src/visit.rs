//! One request while it is answered: its head as it was signed, who signed it, and its body.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body_util::combinators::UnsyncBoxBody;
use model::Fault;
use model::object::ChecksumAlgorithm;
use policy::Caller;
use protocol::form;
use protocol::sigv4::SignedBody;
use s3s::{S3Request, StdError};
use service::RequestInfo;

use crate::border::Gate;
use crate::checksum::header_name;
use crate::refusal::Refusal;

/// A body as it arrives, with whatever encloses its bytes.
pub type RawBody = UnsyncBoxBody<bytes::Bytes, StdError>;

/// One request while it is answered. `s3s` carries it, in the extensions, to the operation.
pub struct Visit {
    pub info: RequestInfo,
    /// As it was signed.
    head: Parts,
    /// The headers of `head` and those that its query string carries, if it carries any.
    hoisted: Option<HeaderMap>,
    caller: Mutex<Option<Known>>,
    body: Mutex<Option<RawBody>>,
    seal: Mutex<Option<SignedBody>>,
}

/// Who signed the request.
struct Known {
    caller: Arc<Caller>,
    /// What `Signals` counted before it was asked.
    authority: Option<u64>,
}

impl Visit {
    #[must_use]
    pub fn new(info: RequestInfo, head: Parts, body: RawBody) -> Self {
        let hoisted = with_hoisted(&head);
        Self {
            info,
            head,
            hoisted,
            caller: Mutex::default(),
            body: Mutex::new(Some(body)),
            seal: Mutex::default(),
        }
    }

    /// The visit that a request of `s3s` belongs to.
    pub fn of<T>(request: &S3Request<T>) -> Result<Arc<Self>, Refusal> {
        let visit = request.extensions.get::<Arc<Self>>().map(Arc::clone);
        visit.ok_or_else(|| Fault::broken("a request came past the door").into())
    }

    /// Who signed the request. Asked on a worker.
    ///
    /// `authority` is what `Signals` counts, read before this: while it stays the same, the answer does.
    // INVARIANT: a body may take hours, and keys be withdrawn meanwhile: each job of a request asks.
    // INVARIANT: this is the only way to a `Ctx` here, so nobody does anything unidentified.
    pub fn caller(&self, gate: &dyn Gate, authority: Option<u64>) -> Result<Arc<Caller>, Fault> {
        let mut known = lock(&self.caller);
        if let Some(known) = &mut *known {
            if authority.is_none() || known.authority != authority {
                *known = Known { caller: gate.renew(&known.caller)?, authority };
            }
            return Ok(Arc::clone(&known.caller));
        }
        let identity = gate.identify(&self.head)?;
        *lock(&self.seal) = Some(identity.body);
        *known = Some(Known { caller: Arc::clone(&identity.caller), authority });
        Ok(identity.caller)
    }

    /// What the client said in headers, wherever it put them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.hoisted.as_ref().unwrap_or(&self.head.headers)
    }

    /// The body, and what it has to pass through, for the first who asks once the caller is known.
    pub fn take_body(&self) -> Result<(RawBody, SignedBody), Fault> {
        let taken = lock(&self.body).take().zip(lock(&self.seal).take());
        taken.ok_or_else(|| Fault::broken("the body was asked for too early or twice"))
    }
}

// AWS: the makers of links move `x-amz-…` headers into the query string, where they mean the same,
// but for checksums: SDKs write that of no body at all into every link, and S3 leaves it unread.
fn with_hoisted(head: &Parts) -> Option<HeaderMap> {
    let query = head.uri.query().filter(|query| query.contains("X-Amz-Signature="))?;
    let mut headers = head.headers.clone();
    for (name, value) in form::parse_pairs(query).flatten() {
        // The signature's own parameters are spelled with capitals.
        let is_header = name.starts_with("x-amz-") && !is_checksum(&name);
        let name = is_header.then(|| HeaderName::try_from(&*name).ok()).flatten();
        let value = HeaderValue::from_bytes(value.as_bytes()).ok();
        if let (Some(name), Some(value)) = (name, value) {
            headers.entry(name).or_insert(value);
        }
    }
    Some(headers)
}

/// Whether it names a checksum's header, or the one that tells which of these was sent.
fn is_checksum(name: &str) -> bool {
    name == "x-amz-sdk-checksum-algorithm"
        || ChecksumAlgorithm::ALL.iter().any(|algorithm| name == header_name(*algorithm))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
