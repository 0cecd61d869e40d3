//! A request under way, and one attempt to answer it.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Response, request};
use kernel::credentials::Rejection;
use kernel::credentials::authenticate::authenticate;
use kernel::credentials::known_key::require_known_key;
use kernel::sessions::client_token;
use kernel::sessions::secret::is_of_unexpired_session;
use kernel::{Ctx, RequestInfo};
use model::network::IpRange;
use model::source_network::Networks;
use model::{AuditEvent, Fault, SignatureFlaw};
use policy::Caller;
use protocol::rest_json::BEARER_TOKEN;
use protocol::sigv4::{Signed, claimed_key_id};
use store::WriteBatch;
use tracing::Span;

use crate::body::{self, Collected, STRANGERS_BODY_BYTES_MAX};
use crate::connections::Underway;
use crate::core::Core;
use crate::destination::Destination;
use crate::head::Head;

/// A request under way.
pub struct Exchange {
    /// The core that the request began with.
    pub core: Arc<Core>,
    pub head: Head,
    pub destination: Destination,
    pub info: RequestInfo,
    /// True if the address of `info` says that it forwards for another, and the operator did not name it as a proxy.
    pub is_forwarded: bool,
    /// Log lines about this request carry the fields of this span.
    pub span: Span,
    /// Empty until it is collected.
    pub body: Collected,
    /// The request on its connection. Tests without sockets have none.
    pub underway: Option<Arc<Underway>>,
}

/// The kind of thread that answers a request.
///
/// `Batch` is `()` where the thread is chosen, and the open batch on the thread of the write queue.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Executor<Batch = ()> {
    /// The thread that took the request. It must not block.
    Inline,
    /// The thread that commits many short writes at once.
    WriteQueue(Batch),
    /// A worker thread, which may block.
    Worker,
}

/// One attempt to answer an exchange.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    pub exchange: &'a Exchange,
    pub executor: Executor<&'a WriteBatch<'a>>,
}

/// An answer, and the operation's name in log and metrics.
pub struct Answer {
    pub operation: &'static str,
    pub response: Response<Bytes>,
}

impl Exchange {
    /// A request whose head has arrived.
    #[must_use]
    pub fn begin(
        core: Arc<Core>,
        is_sandbox: bool,
        trusted_proxies: &[IpRange],
        parts: request::Parts,
        peer: SocketAddr,
    ) -> Self {
        let head = Head::new(parts);
        let destination = Destination::find(&head, &core, is_sandbox);
        let address = head.client_address(trusted_proxies, peer);
        let info = head.request_info(&core.portico, address.nearest);
        // The level keeps the span enabled under every filter that shows errors.
        let span = tracing::error_span!(
            "request",
            request_id = %info.id,
            operation = destination.name(),
            caller = tracing::field::Empty
        );
        let (is_forwarded, body) = (address.is_forwarding, Collected::Whole(Bytes::new()));
        Self { core, head, destination, info, is_forwarded, span, body, underway: None }
    }

    /// The body has arrived, or streams in while the request is answered. From now on the connection is
    /// not displaced.
    pub fn answer_now(&self) {
        if let Some(underway) = &self.underway {
            underway.answer_now();
        }
    }

    /// Fails unless the head names a key of this server. The refusal is that of a long body.
    ///
    /// The connection of a request that does is not displaced.
    pub fn require_known_sender(&self) -> Result<(), Fault> {
        let unsigned = || body::too_long(STRANGERS_BODY_BYTES_MAX);
        let signed = self.head.signature()?.ok_or_else(unsigned)?;
        require_known_key(&self.core.portico, &signed)?;
        self.answer_now();
        Ok(())
    }

    /// Tells whether the head names a key, or carries the secret of a session, that this server made and that has
    /// not expired. It costs one AEAD at most.
    #[must_use]
    pub fn is_of_known_sender(&self) -> bool {
        let portico = &self.core.portico;
        if self.is_signed() {
            return self.require_known_sender().is_ok();
        }
        if let Some(token) = self.head.header(BEARER_TOKEN) {
            return client_token::is_unexpired(portico, token);
        }
        web::session_secret(portico, &self.head.cookies())
            .is_some_and(|cookie| is_of_unexpired_session(portico, cookie))
    }

    /// Tells whether the request has a signature, which may be wrong.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        matches!(self.head.signature(), Ok(Some(_)))
    }

    /// The networks of the client.
    #[must_use]
    pub fn networks(&self) -> Networks {
        Networks::of(&self.info.origin.source_address)
    }

    /// The body, or the reason why it was not kept.
    pub fn body(&self) -> Result<&Bytes, Fault> {
        match &self.body {
            Collected::Whole(body) => Ok(body),
            Collected::Refused(fault) => Err(fault.clone()),
            Collected::NoRoom => Err(Fault::Busy),
        }
    }

    /// Adds the operation to the span, where only the body told it.
    pub fn record_operation(&self, operation: &'static str) {
        if self.destination.name().is_none() {
            self.span.record("operation", operation);
        }
    }
}

/// Writes the cause of a broken fault to the log. The client is not told.
pub fn log_broken(fault: &Fault) {
    if let Fault::Broken(what) = fault {
        tracing::error!(what, "a request broke");
    }
}

impl<'a> Attempt<'a> {
    /// An attempt on a worker thread.
    #[must_use]
    pub fn of_worker(exchange: &'a Exchange) -> Self {
        Self { exchange, executor: Executor::Worker }
    }

    /// The context of an operation for `caller`.
    pub fn ctx<'s>(&self, caller: &'s Arc<Caller>) -> Ctx<'s>
    where
        'a: 's,
    {
        let ctx = Ctx::new(&self.exchange.core.portico, caller, &self.exchange.info);
        match self.executor {
            Executor::Worker => ctx,
            Executor::Inline => ctx.non_blocking(),
            Executor::WriteQueue(batch) => ctx.within(batch),
        }
    }

    /// The caller who signed the request for `service`.
    pub fn signer(&self, service: &str) -> Result<Arc<Caller>, Rejection> {
        let body = self.exchange.body();
        let signed = match self.exchange.head.signature() {
            Ok(Some(signed)) => signed,
            Ok(None) => return Err(body.err().unwrap_or(Fault::Unsigned).into()),
            Err(flaw) => return Err(self.unreadable(body.err().unwrap_or(flaw))),
        };
        let refused = match body {
            Ok(_) if signed.service() != service => {
                let must = format!("have a credential scope of the service {service}");
                Some(Fault::bad_signature(SignatureFlaw::Mismatched, must))
            }
            Ok(_) => None,
            Err(fault) => Some(fault),
        };
        match (refused, self.prove(&signed)) {
            (None, proven) => proven,
            (Some(fault), Ok(caller)) => Err(Rejection::of_request(caller, fault)),
            (Some(fault), Err(rejection)) => Err(rejection.because(fault)),
        }
    }

    /// The rejection of a signature that cannot be read. The log names the key that it claims.
    fn unreadable(&self, fault: Fault) -> Rejection {
        Rejection::unproven(claimed_key_id(&self.exchange.head.signed_parts()), fault)
    }

    /// The caller of a signature, whatever the request is for.
    fn prove(&self, signed: &Signed<'_>) -> Result<Arc<Caller>, Rejection> {
        let Exchange { core, body, .. } = self.exchange;
        let verify = |key: &_, now_ms| match body {
            Collected::Whole(body) => signed.verify(key, body, now_ms),
            // The head proves the caller if it has the hash of the body.
            Collected::Refused(_) | Collected::NoRoom => signed.verify_head(key, now_ms).map(drop),
        };
        authenticate(&core.portico, signed, verify).map(|(caller, ())| caller)
    }

    /// Refuses a signed request that is for no operation, and leaves the event of it. `asked` says what it was
    /// for.
    ///
    /// INVARIANT: whoever signed a request is in the log under their own name, even if the request is for
    /// nothing that this server does.
    pub fn refuse_unserved<T>(
        &self,
        action: &'static str,
        asked: AuditEvent,
        fault: Fault,
    ) -> Result<T, Fault> {
        let rejection = match self.exchange.head.signature() {
            Ok(Some(signed)) => match self.prove(&signed) {
                Ok(caller) => Rejection::of_request(caller, fault.clone()),
                Err(rejection) => rejection,
            },
            Ok(None) => Fault::Unsigned.into(),
            Err(flaw) => self.unreadable(flaw),
        };
        let ctx = |caller| {
            let ctx = self.ctx(caller);
            ctx.describe(asked);
            ctx
        };
        rejection.trace(ctx, action)?;
        Err(fault)
    }

    /// Refuses a request whose caller is rejected, and leaves the event of it.
    pub fn refuse<T>(&self, action: &'static str, rejection: &Rejection) -> Result<T, Fault> {
        rejection.trace(|caller| self.ctx(caller), action)?;
        Err(rejection.fault().clone())
    }
}
