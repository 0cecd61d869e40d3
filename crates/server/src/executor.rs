//! The thread that answers a request: the one that took it, the write queue's, or a worker.

use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use kernel::Access;
use kernel::Portico;
use kernel::unwinding::contained;
use store::WriteBatch;
use tokio::sync::oneshot;
use tracing::Span;

use crate::app::Site;
use crate::body::Collected;
use crate::destination::Destination;
use crate::exchange::{Attempt, Exchange, Executor};
use crate::router::{self, Prepared};
use crate::workers::Unanswered;
use crate::write_queue::Write;

/// Maximum length of a body that is read inline: reading a megabyte would hold up other requests.
const INLINE_BODY_BYTES_MAX: usize = 64 * 1024;

/// Answers a request whose body is collected.
pub async fn answer(
    site: Arc<Site>,
    exchange: Box<Exchange>,
) -> Result<Response<Bytes>, Unanswered> {
    match choose(&exchange) {
        Executor::Inline => match answer_inline(&site, &exchange) {
            Some(response) => Ok(response),
            None => answer_on_worker(site, exchange).await,
        },
        Executor::WriteQueue(()) => answer_in_batch(site, exchange).await,
        Executor::Worker => answer_on_worker(site, exchange).await,
    }
}

/// The thread on which to answer a request.
fn choose(exchange: &Exchange) -> Executor {
    let is_short = matches!(&exchange.body,
        Collected::Whole(body) if body.len() <= INLINE_BODY_BYTES_MAX);
    // Metrics are numbers in memory. They are wanted most while every worker waits.
    if matches!(exchange.destination, Destination::Metrics) {
        return Executor::Inline;
    }
    if !is_short || !exchange.core.portico.db.reads_at_once() {
        return Executor::Worker;
    }
    match exchange.destination.operation().map(kernel::Served::access) {
        // The way to a worker and back would take as long as the read does.
        Some(Access::Reads) => Executor::Inline,
        Some(Access::Writes) => Executor::WriteQueue(()),
        Some(Access::WritesSlowly) | None => Executor::Worker,
    }
}

/// Answers a read that succeeds without blocking. Otherwise it leaves nothing behind.
fn answer_inline(site: &Site, exchange: &Exchange) -> Option<Response<Bytes>> {
    let attempt = Attempt { exchange, executor: Executor::Inline };
    // A panic is repeated on a worker, which reports it and survives it.
    let prepared = contained(|| Ok(router::prepare(site, attempt))).ok()?;
    prepared.is_success().then(|| prepared.finish(site, exchange))
}

async fn answer_on_worker(
    site: Arc<Site>,
    exchange: Box<Exchange>,
) -> Result<Response<Bytes>, Unanswered> {
    let workers = site.workers.clone();
    workers.run(move || answer_blocking(&site, &exchange)).await
}

fn answer_blocking(site: &Site, exchange: &Exchange) -> Response<Bytes> {
    router::prepare(site, Attempt::of_worker(exchange)).finish(site, exchange)
}

async fn answer_in_batch(
    site: Arc<Site>,
    exchange: Box<Exchange>,
) -> Result<Response<Bytes>, Unanswered> {
    let (answer, answered) = oneshot::channel();
    let queue = site.write_queue.clone();
    queue.add(Box::new(Waiting { site, exchange, prepared: None, answer }))?;
    answered.await.map_err(|_| Unanswered::Panicked)
}

/// A request in the write queue.
struct Waiting {
    site: Arc<Site>,
    exchange: Box<Exchange>,
    prepared: Option<Prepared>,
    answer: oneshot::Sender<Response<Bytes>>,
}

impl Write for Waiting {
    fn portico(&self) -> &Arc<Portico> {
        &self.exchange.core.portico
    }

    fn span(&self) -> &Span {
        &self.exchange.span
    }

    fn prepare(&mut self, batch: &WriteBatch<'_>) {
        let executor = Executor::WriteQueue(batch);
        let attempt = Attempt { exchange: &self.exchange, executor };
        self.prepared = Some(router::prepare(&self.site, attempt));
    }

    fn finish(self: Box<Self>, is_kept: bool) {
        let Self { site, exchange, prepared, answer } = *self;
        let response = match prepared.filter(|_| is_kept) {
            Some(prepared) => prepared.finish(&site, &exchange),
            None => answer_blocking(&site, &exchange),
        };
        // A client that has disconnected misses the answer.
        answer.send(response).ok();
    }
}
