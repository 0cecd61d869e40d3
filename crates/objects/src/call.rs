//! One S3 request under way: its head as it was signed, its caller and its body.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body_util::combinators::UnsyncBoxBody;
use kernel::credentials::Rejection;
use kernel::credentials::authenticate::{authenticate, renew};
use kernel::{Portico, RequestInfo};
use model::Fault;
use policy::Caller;
use protocol::form;
use protocol::sigv4::{self, DetachedSignature, SignedBody};
use s3s::dto::Tag;
use s3s::{S3Request, StdError};

use crate::checksum::is_checksum;
use crate::refusal::Refusal;

/// The outcome of `Signed::find`, without the request that it was found in.
pub type FoundSignature = Result<Option<DetachedSignature>, Fault>;

/// A body as it arrives, with the framing around its bytes.
pub type RawBody = UnsyncBoxBody<bytes::Bytes, StdError>;

/// One S3 request under way. `s3s` carries it, in the extensions, to the operation.
pub struct S3Call {
    pub info: RequestInfo,
    /// The head as it was signed.
    head: Parts,
    signature: FoundSignature,
    /// The headers of `head` and those that its query string carries, if it carries any.
    hoisted: Option<HeaderMap>,
    caller: Mutex<Option<Arc<Caller>>>,
    body: Mutex<Option<RawBody>>,
    verifier: Mutex<Option<SignedBody>>,
    bucket_tags: OnceLock<Vec<Tag>>,
    /// True once the audit log has an event of the request.
    has_event: AtomicBool,
}

impl S3Call {
    /// A request with the signature that was found in its head.
    #[must_use]
    pub fn new(info: RequestInfo, head: Parts, signature: FoundSignature, body: RawBody) -> Self {
        let hoisted = with_hoisted(&head);
        Self {
            info,
            head,
            signature,
            hoisted,
            caller: Mutex::default(),
            body: Mutex::new(Some(body)),
            verifier: Mutex::default(),
            bucket_tags: OnceLock::new(),
            has_event: AtomicBool::new(false),
        }
    }

    /// The call that a request of `s3s` belongs to.
    pub fn of<T>(request: &S3Request<T>) -> Result<Arc<Self>, Refusal> {
        let call = request.extensions.get::<Arc<Self>>().map(Arc::clone);
        call.ok_or_else(|| Fault::broken("a request did not come through the handler").into())
    }

    /// The caller who signed the request. It blocks, so it is asked on a worker.
    // INVARIANT: a body may take hours, and keys be withdrawn meanwhile: each job of a request asks.
    // INVARIANT: this is the only way to a `Ctx` here, so no job runs for an unidentified caller.
    pub fn caller(&self, portico: &Portico) -> Result<Arc<Caller>, Rejection> {
        let parts = sigv4::Parts {
            method: self.head.method.as_str(),
            path: self.head.uri.path(),
            query: self.head.uri.query().unwrap_or_default(),
            headers: &self.head.headers,
        };
        let unreadable =
            |flaw: &Fault| Rejection::unproven(sigv4::claimed_key_id(&parts), flaw.clone());
        let signature = self.signature.as_ref().map_err(unreadable)?;
        let signature = signature.as_ref().ok_or(Fault::Unsigned)?;
        let mut known = lock(&self.caller);
        if let Some(known) = &mut *known {
            *known = renew(portico, known, signature.session_token())?;
            return Ok(Arc::clone(known));
        }
        let signed = signature.attach(parts);
        let verify = |key: &_, now_ms| signed.verify_head(key, now_ms);
        let (caller, verifier) = authenticate(portico, &signed, verify)?;
        *lock(&self.verifier) = Some(verifier);
        *known = Some(Arc::clone(&caller));
        Ok(caller)
    }

    /// The head as it was signed.
    #[must_use]
    pub fn head(&self) -> &Parts {
        &self.head
    }

    /// Tells whether the request carries no signature.
    #[must_use]
    pub fn is_unsigned(&self) -> bool {
        matches!(self.signature, Ok(None))
    }

    /// Notes that the audit log has an event of the request.
    pub fn note_event(&self) {
        self.has_event.store(true, Ordering::Relaxed);
    }

    #[must_use]
    pub fn has_event(&self) -> bool {
        self.has_event.load(Ordering::Relaxed)
    }

    /// The headers of the request, wherever the client put them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.hoisted.as_ref().unwrap_or(&self.head.headers)
    }

    /// Keeps the tags of a bucket to be made, for which `s3s` has no place.
    pub fn keep_bucket_tags(&self, tags: Vec<Tag>) {
        // A request has one document.
        self.bucket_tags.set(tags).ok();
    }

    #[must_use]
    pub fn bucket_tags(&self) -> &[Tag] {
        self.bucket_tags.get().map_or(&[], Vec::as_slice)
    }

    /// The body with its verifier. It can be taken once, after the caller is known.
    pub fn take_body(&self) -> Result<(RawBody, SignedBody), Fault> {
        let taken = lock(&self.body).take().zip(lock(&self.verifier).take());
        taken.ok_or_else(|| Fault::broken("the body was asked for too early or twice"))
    }
}

// AWS: clients that presign links move `x-amz-…` headers into the query string, where they keep their
// meaning. Checksums are the exception: SDKs write that of an empty body into every link, and S3
// ignores it.
fn with_hoisted(head: &Parts) -> Option<HeaderMap> {
    let query = head.uri.query().filter(|query| query.contains("X-Amz-Signature="))?;
    let mut headers = head.headers.clone();
    for (name, value) in form::parse_pairs(query).flatten() {
        // The signature's own parameters are spelled with capitals.
        let is_header = name.starts_with("x-amz-")
            && !is_checksum(&name)
            && name != "x-amz-sdk-checksum-algorithm";
        let name = is_header.then(|| HeaderName::try_from(&*name).ok()).flatten();
        let value = HeaderValue::from_bytes(value.as_bytes()).ok();
        if let (Some(name), Some(value)) = (name, value) {
            headers.entry(name).or_insert(value);
        }
    }
    Some(headers)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
