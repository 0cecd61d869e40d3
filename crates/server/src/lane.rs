//! The lane of writers: one thread that does what many ask to be written, and waits for the disk once
//! for all that waited for it in the meantime.
//!
//! Decision 0009. On workers, each of these requests would wait for its turn to write and for the end
//! of its batch, and be woken for both.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::{io, thread};

use bytes::Bytes;
use http::{Response, request};
use service::unwinding::contained;
use tokio::sync::oneshot;

use crate::app::Site;
use crate::body::Collected;
use crate::router::{self, Prepared};
use crate::workers::Unanswered;

/// So many requests at most are answered together.
const TOGETHER_MAX: usize = 64;

/// The way to the thread, which ends with the last clone.
#[derive(Clone)]
pub struct Lane(SyncSender<Waiting>);

/// A request that wants something written.
struct Waiting {
    site: Arc<Site>,
    parts: request::Parts,
    body: Collected,
    peer: SocketAddr,
    answer: oneshot::Sender<Response<Bytes>>,
}

impl Lane {
    /// Starts the thread; at most `queue_max` requests wait for it.
    pub fn start(queue_max: usize) -> io::Result<Self> {
        let (to_lane, waiting) = sync_channel(queue_max);
        thread::Builder::new().name("writers".to_owned()).spawn(move || work(&waiting))?;
        Ok(Self(to_lane))
    }

    /// Hands a request over and waits for the answer, but never for room in the queue.
    pub async fn answer(
        &self,
        site: Arc<Site>,
        parts: request::Parts,
        body: Collected,
        peer: SocketAddr,
    ) -> Result<Response<Bytes>, Unanswered> {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { site, parts, body, peer, answer };
        self.0.try_send(waiting).map_err(|_| Unanswered::QueueFull)?;
        answered.await.map_err(|_| Unanswered::Panicked)
    }
}

fn work(queue: &Receiver<Waiting>) {
    while let Ok(first) = queue.recv() {
        let (site, core) = (Arc::clone(&first.site), first.site.core());
        let mut done: Vec<(Waiting, Option<Prepared>)> = Vec::new();
        let kept = if let Ok(Some(together)) = core.portico.db.together() {
            let mut next = Some(first);
            while let Some(waiting) = next {
                let asked = (&waiting.parts, &waiting.body, waiting.peer);
                let prepare = || Ok(router::answer_together(&site, &core, &together, asked));
                // What panics here panics again when it is done by itself.
                let prepared = contained(prepare).ok();
                done.push((waiting, prepared));
                let more = done.len() < TOGETHER_MAX;
                next = if more { queue.try_recv().ok() } else { None };
            }
            together.wait()
        } else {
            done.push((first, None));
            Ok(())
        };
        for (waiting, prepared) in done {
            waiting.answer(prepared.filter(|_| kept.is_ok()));
        }
    }
}

impl Waiting {
    /// Gives the answer. If none was prepared, or nothing of it was kept, the request is done from
    /// the beginning, by itself.
    fn answer(self, prepared: Option<Prepared>) {
        let Self { site, parts, body, peer, answer } = self;
        let alone = || Ok(site.answer((&parts, &body, peer)));
        let response = match prepared {
            Some(prepared) => Ok(prepared.finish(&site, &parts)),
            None => contained(alone),
        };
        let Ok(response) = response else {
            tracing::error!("a request panicked; what it had begun was rolled back");
            return;
        };
        // A client that has gone misses the answer.
        answer.send(response).ok();
    }
}
