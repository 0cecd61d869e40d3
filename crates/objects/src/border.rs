//! What the store of objects asks of the shell that it lives in.

use std::sync::Arc;

use model::Fault;
use policy::Caller;
use protocol::sigv4::SignedBody;

/// Who signed a request, and what its body has to pass through.
pub struct Identity {
    pub caller: Arc<Caller>,
    pub body: SignedBody,
}

/// Finds out who signed a request.
pub trait Gate: Send + Sync + 'static {
    /// The holder of the keys with which the head of this request was signed. It may block.
    ///
    /// Nobody is a fault too: the store has nothing for strangers.
    fn identify(&self, request: &http::request::Parts) -> Result<Identity, Fault>;

    /// The same holder, if the keys are still good, with what they may do now. It may block.
    fn renew(&self, caller: &Arc<Caller>) -> Result<Arc<Caller>, Fault>;
}

/// The threads on which what blocks is done.
pub trait Workers: Send + Sync + 'static {
    /// Hands `job` to a thread, or refuses with `Fault::Busy` when too many wait already.
    fn hand_over(&self, job: Box<dyn FnOnce() + Send>) -> Result<(), Fault>;
}
