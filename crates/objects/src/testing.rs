//! A store of objects for this crate's tests, with real signatures, a real database and real files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use http_body_util::{BodyExt, Full};
use model::ids::RequestId;
use model::organization::{Account, JoinedMethod};
use model::{AuditEvent, Clock, Fault, Random, SignatureFlaw};
use policy::{Caller, NoFacts, Policy, Principal, RoleSession, authorize};
use protocol::sigv4::{BodyToSign, Parts, Signed, Signer, SigningKey};
use s3s::StdError;
use service::startup::{Founding, Purpose};
use service::{Portico, RequestInfo, Settings};
use store::{Db, Location, Origin, Stamp, account};
use tempfile::TempDir;

use crate::{Gate, Identity, Objects, Workers};

/// 2026-01-02T03:04:05.678Z.
pub(crate) const NOW_MS: i64 = 1_767_323_045_678;
/// The same as S3 writes it in headers.
pub(crate) const NOW: &str = "Fri, 02 Jan 2026 03:04:05 GMT";

/// Two accounts, and the key ids of their administrators.
pub(crate) const FIRST: &str = "111111111111";
pub(crate) const SECOND: &str = "222222222222";

pub(crate) const HOST: &str = "localhost:8080";

/// Bytes that look random and never come twice.
pub(crate) struct Sequence(AtomicU64);

impl Default for Sequence {
    fn default() -> Self {
        static SEQUENCES: AtomicU64 = AtomicU64::new(0);
        Self(AtomicU64::new(SEQUENCES.fetch_add(1 << 32, Ordering::Relaxed)))
    }
}

impl Random for Sequence {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill_with(|| {
            let number = self.0.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
            // SplitMix64.
            let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed.to_be_bytes()[0]
        });
    }
}

struct Standing;

impl Clock for Standing {
    fn now_ms(&self) -> i64 {
        NOW_MS
    }
}

/// A store of objects in a folder of its own.
pub(crate) struct Shop {
    pub objects: Objects,
    pub portico: Arc<Portico>,
    keys: Arc<Keys>,
    folder: TempDir,
}

/// What a client reads.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Shop {
    /// Empty, with an administrator in each of two accounts. Its database ends with it.
    pub(crate) fn open() -> Self {
        Self::open_at(|_| Location::Memory, true)
    }

    /// The same, with a database that does not.
    pub(crate) fn open_on_disk() -> Self {
        Self::open_at(database, true)
    }

    /// The same, without events of what is done to objects.
    pub(crate) fn open_without_data_events() -> Self {
        Self::open_at(database, false)
    }

    fn open_at(location: fn(&Path) -> Location, s3_data_events: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = Arc::<Keys>::default();
        let location = location(folder.path());
        let (objects, portico) = open_at(folder.path(), location, &keys, s3_data_events);
        let shop = Self { objects, portico, keys, folder };
        shop.add_account(SECOND);
        for number in [FIRST, SECOND] {
            shop.add_keys(number, number, r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#);
        }
        shop
    }

    /// The same folder after a crash.
    pub(crate) fn reopen(self) -> Self {
        let Self { keys, folder, objects, portico } = self;
        drop((objects, portico));
        let (objects, portico) = open_at(folder.path(), database(folder.path()), &keys, true);
        Self { objects, portico, keys, folder }
    }

    fn add_account(&self, number: &str) {
        let permit = authorize(&Portico::itself(), "portico:Test", "*", &NoFacts).unwrap();
        let random = model::random::random_bytes(&*self.portico.random);
        let stamp = Stamp::new(NOW_MS, &random, "r".to_owned(), Origin::default());
        let mut tx = self.portico.db.begin(permit, stamp).unwrap();
        let account = Account {
            id: number.parse().unwrap(),
            name: number.parse().unwrap(),
            email: format!("{number}@example.com").parse().unwrap(),
            joined_method: JoinedMethod::Created,
            joined_at_ms: NOW_MS,
        };
        account::insert(&mut tx, &account).unwrap();
        tx.commit(&AuditEvent::new()).unwrap();
    }

    /// Keys of a role with one policy, of this one statement.
    pub(crate) fn add_keys(&self, key_id: &str, account: &str, statement: &str) {
        let document = format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}]}}"#);
        let role = RoleSession {
            account_id: account.parse().unwrap(),
            access_key_id: key_id.to_owned(),
            role_name: "Tester".to_owned(),
            role_id: "AROA00000000000000000".to_owned(),
            session_name: "ada".to_owned(),
            person: None,
            issued_at_ms: NOW_MS,
            expires_at_ms: NOW_MS + 3_600_000,
        };
        let policies = vec![Arc::new(Policy::parse("Test", &document).unwrap())];
        let caller = Arc::new(Caller { principal: Principal::Role(role), policies });
        self.keys.0.lock().unwrap().insert(key_id.to_owned(), caller);
    }

    /// Signs and sends a request. The method and the target stand in one text.
    pub(crate) async fn call(&self, key_id: &str, what: &str, body: &[u8]) -> Answer {
        self.call_with(key_id, what, &[], body).await
    }

    /// The same, with more headers, all of which are signed.
    pub(crate) async fn call_with(
        &self,
        key_id: &str,
        what: &str,
        more: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let (method, target) = what.split_once(' ').unwrap();
        let mut headers = headers(&[("host", HOST)]);
        headers.extend(self::headers(more));
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let signed = BodyToSign::Whole(body);
        signer(key_id).sign((method, path, query), &mut headers, signed, NOW_MS).unwrap();
        self.send(method, target, headers, body.to_vec()).await
    }

    /// Sends a request as it is.
    pub(crate) async fn send(
        &self,
        method: &str,
        target: &str,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(target);
        *request.headers_mut().unwrap() = headers;
        if !body.is_empty() || method == "PUT" {
            let headers = request.headers_mut().unwrap();
            headers.entry("content-length").or_insert(HeaderValue::from(body.len()));
        }
        self.send_body(request.body(Full::new(Bytes::from(body))).unwrap()).await
    }

    pub(crate) async fn send_body<B>(&self, request: Request<B>) -> Answer
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<StdError>,
    {
        let id = RequestId::random(&*self.portico.random);
        let info = RequestInfo { id, origin: Origin::default(), secure: false };
        let (head, body) = self.objects.handle(info, request).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// What is in the audit log of a shop on disk: actions, resources, and whether they were done.
    pub(crate) fn events(&self) -> Vec<(String, String, bool)> {
        service::upkeep::flush_journal(&self.portico).unwrap();
        let database = rusqlite::Connection::open(self.folder.path().join("portico.db")).unwrap();
        let sql = "SELECT action, resource, error IS NULL FROM audit_event
            WHERE action LIKE 's3:%' ORDER BY rowid";
        let mut statement = database.prepare(sql).unwrap();
        let event = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        statement.query_map([], event).unwrap().map(Result::unwrap).collect()
    }

    /// The files that hold bytes of objects.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let shards = std::fs::read_dir(self.folder.path().join("objects")).unwrap();
        let files = shards.flat_map(|shard| std::fs::read_dir(shard.unwrap().path()).unwrap());
        files.map(|file| file.unwrap().path()).collect()
    }

    /// The same, once nobody removes any more what no row names.
    pub(crate) async fn settled_files(&self, expected: usize) -> Vec<PathBuf> {
        for _ in 0..10_000 {
            if self.files().len() == expected {
                break;
            }
            tokio::task::yield_now().await;
        }
        self.files()
    }
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// What stands in the first element of this name.
    pub(crate) fn element(&self, name: &str) -> String {
        self.elements(name).first().cloned().unwrap_or_default()
    }

    /// What stands in all elements of this name.
    pub(crate) fn elements(&self, name: &str) -> Vec<String> {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let text = self.text();
        text.split(&open)
            .skip(1)
            .map(|rest| rest.split(&close).next().unwrap_or_default().to_owned())
            .collect()
    }

    /// The status and the code of an error.
    pub(crate) fn error(&self) -> (u16, String) {
        (self.status, self.element("Code"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) fn signer(key_id: &str) -> Signer {
    Signer::new(key_id, &secret(key_id), None, ("us-east-1", "s3"), NOW_MS).unwrap()
}

pub(crate) fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        (name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap())
    };
    pairs.iter().map(pair).collect()
}

fn secret(key_id: &str) -> String {
    format!("secret of {key_id}")
}

fn database(folder: &Path) -> Location {
    Location::Sqlite(folder.join("portico.db"))
}

fn open_at(
    folder: &Path,
    location: Location,
    keys: &Arc<Keys>,
    s3_data_events: bool,
) -> (Objects, Arc<Portico>) {
    let founding = Founding {
        purpose: Purpose::Serve,
        db: Db::open(location).unwrap(),
        clock: Box::new(Standing),
        random: Box::<Sequence>::default(),
        root_key: &[7; 32],
        account_id: Some(FIRST.parse().unwrap()),
        with_organization: false,
        passwords: (1, 1),
        static_keys: Vec::new(),
    };
    let settings = |management_account_id| Settings {
        public_url: "http://localhost:8080".to_owned(),
        region: "us-east-1".to_owned(),
        s3_domain: Some("s3.example.com".to_owned()),
        s3_data_events,
        management_account_id,
    };
    let portico = Portico::open(founding, settings).unwrap();
    let gate: Arc<dyn Gate> = Arc::<Keys>::clone(keys);
    let (root, random) = (folder.join("objects"), Arc::new(Sequence::default()));
    let objects =
        Objects::new(Arc::clone(&portico), gate, Arc::new(Threads), &root, random).unwrap();
    (objects, portico)
}

/// Who holds which keys.
#[derive(Default)]
struct Keys(Mutex<HashMap<String, Arc<Caller>>>);

impl Gate for Keys {
    fn identify(&self, request: &http::request::Parts) -> Result<Identity, Fault> {
        let parts = Parts {
            method: request.method.as_str(),
            path: request.uri.path(),
            query: request.uri.query().unwrap_or_default(),
            headers: &request.headers,
        };
        let signed = Signed::find(parts)?.ok_or(Fault::Unsigned)?;
        let known = self.0.lock().unwrap().get(signed.key_id()).cloned();
        let caller = known.ok_or(Fault::UnknownKey)?;
        if signed.service() != "s3" {
            return Err(Fault::bad_signature(SignatureFlaw::Malformed, "be for s3"));
        }
        let key = SigningKey::derive(&secret(signed.key_id()), signed.credential());
        Ok(Identity { caller, body: signed.verify_head(&key, NOW_MS)? })
    }

    fn renew(&self, caller: &Arc<Caller>) -> Result<Arc<Caller>, Fault> {
        Ok(Arc::clone(caller))
    }
}

struct Threads;

impl Workers for Threads {
    fn hand_over(&self, job: Box<dyn FnOnce() + Send>) -> Result<(), Fault> {
        drop(std::thread::spawn(job));
        Ok(())
    }
}
