//! A server without sockets, and the log of all tests.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, PoisonError};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, request};
use http_body_util::BodyExt;
use kernel::startup::Founding;
use kernel::{Portico, Settings, StaticKey};
use objects::SharedFolder;
use protocol::sigv4::{BodyToSign, Signer};
use serde_json::Value;
use store::{Db, Location};
use tempfile::TempDir;
use testing::{enable_instance, founding};
use tracing_subscriber::EnvFilter;

use crate::app::Site;
use crate::core::Core;
use crate::exchange::Exchange;
use crate::mailbox::Mailbox;
use crate::movable_clock::MovableClock;
use crate::sandbox::Sandbox;
use crate::system::{SystemClock, SystemRandom};
use crate::workers::Workers;
use crate::write_queue::WriteQueue;
use crate::{shell, telemetry};
use model::Clock;

pub(super) const HOST: &str = "localhost:8080";
const DATABASE: &str = "portico.sqlite";
pub(super) const KEY: &str = "test";

/// A server over a database in a file, with the key `test:test`, an instance, and sandbox routes.
pub(super) struct Bench {
    pub site: Arc<Site>,
    workers: Workers,
    folders: Vec<TempDir>,
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::with(|_| ())
    }

    /// A server whose site is changed before it is shared.
    pub(super) fn with(change: impl FnOnce(&mut Site)) -> Self {
        Self::at(&format!("http://{HOST}"), change)
    }

    pub(super) fn with_public_url(public_url: &str) -> Self {
        Self::at(public_url, |_| ())
    }

    fn at(public_url: &str, change: impl FnOnce(&mut Site)) -> Self {
        let workers = Workers::start(2, 8).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let core = core(folder.path(), &workers, public_url);
        let found = Box::new(|| Err(model::Fault::broken("a bench has no first state")));
        let (clock, mailbox) = (MovableClock::default(), Mailbox::default());
        let sandbox = Sandbox { clock, found, mailbox };
        let queue = WriteQueue::start(8).unwrap();
        let mut site = Site::new(core, workers.clone(), queue, Some(sandbox));
        change(&mut site);
        Self { site: Arc::new(site), workers, folders: vec![folder] }
    }

    /// The file of its database.
    pub(super) fn database(&self) -> PathBuf {
        self.folders.first().unwrap().path().join(DATABASE)
    }

    /// A second core, over a database of its own.
    pub(super) fn other_core(&mut self) -> Core {
        let folder = tempfile::tempdir().unwrap();
        let core = core(folder.path(), &self.workers, &format!("http://{HOST}"));
        self.folders.push(folder);
        core
    }

    /// A request whose head has arrived.
    pub(super) fn begin(&self, parts: request::Parts) -> Exchange {
        let peer = SocketAddr::from(([192, 0, 2, 1], 4711));
        Exchange::begin(self.site.core(), true, &[], parts, peer)
    }

    /// Answers a request. The text is its whole body.
    pub(super) async fn answer(&self, exchange: Exchange, body: String) -> (Response<()>, String) {
        let span = exchange.span.clone();
        let (site, exchange) = (Arc::clone(&self.site), Box::new(exchange));
        let answered = shell::answer_exchange(site, exchange, Body::from(body));
        let answered = tracing::Instrument::instrument(answered, span).await;
        let (parts, body) = answered.into_parts();
        let body: Bytes = body.collect().await.unwrap().to_bytes();
        (Response::from_parts(parts, ()), String::from_utf8(body.to_vec()).unwrap())
    }
}

fn core(folder: &Path, workers: &Workers, public_url: &str) -> Core {
    let db = Db::open(Location::Sqlite(folder.join(DATABASE))).unwrap();
    let key = StaticKey { access_key_id: KEY.to_owned(), secret_access_key: KEY.to_owned() };
    let founding = Founding { static_keys: vec![key], ..founding(db, SystemClock, SystemRandom) };
    let settings =
        |account_id| Settings { public_url: public_url.to_owned(), ..Settings::new(account_id) };
    let portico = Portico::open(founding, settings).unwrap();
    enable_instance(&portico).unwrap();
    Core::open(portico, workers, (&folder.join("objects"), SharedFolder::trusted())).unwrap()
}

/// A head with these headers.
pub(super) fn head(method: &str, target: &str, headers: &[(&'static str, &str)]) -> request::Parts {
    let mut request = Request::builder().method(method).uri(target).header("host", HOST);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

/// A head that is signed for `service`.
pub(super) fn signed(mut head: request::Parts, service: &str, body: &str) -> request::Parts {
    let now_ms = SystemClock.now_ms();
    let signer = Signer::new(KEY, KEY, None, ("us-east-1", service), now_ms).unwrap();
    let (method, path) = (head.method.as_str(), head.uri.path());
    let query = head.uri.query().unwrap_or_default();
    let body = BodyToSign::Whole(body.as_bytes());
    signer.sign((method, path, query), &mut head.headers, body, now_ms).unwrap();
    head
}

/// The value of a header.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value: &HeaderValue| value.to_str().unwrap())
}

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct LogWriter;

impl io::Write for LogWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts the log of all tests.
pub(super) fn start_log() {
    static START: Once = Once::new();
    START.call_once(|| {
        let subscriber = telemetry::subscriber(EnvFilter::new("info,s3s=off"), || LogWriter);
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

/// The number of log lines with this text.
pub(super) fn count_logged(text: &str) -> usize {
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner).clone();
    String::from_utf8(log).unwrap().lines().filter(|line| line.contains(text)).count()
}

/// The log lines of a request.
pub(super) fn log_of(request_id: &str) -> Vec<Value> {
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let log = String::from_utf8(log).unwrap();
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["request_id"] == request_id).collect()
}
