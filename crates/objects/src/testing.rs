//! A store of objects for this crate's tests, with real signatures, a real database and real files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use kernel::credentials::role_credentials::RoleGrant;
use kernel::credentials::{RoleCredentials, operator};
use kernel::jobs::runner::Runner;
use kernel::startup::Founding;
use kernel::{Ctx, Portico, RequestInfo, Settings};
use model::ids::{AccountId, PermissionSetArn, RequestId, SessionId};
use model::organization::{Account, JoinedMethod};
use model::session::{Session, SessionKind};
use model::{AuditEvent, Fault};
use policy::{NoFacts, RolePerson, authorize};
use protocol::Fields;
use protocol::sigv4::{BodyToSign, Parts, Signed, Signer};
use s3s::crypto::{Checksum as _, Md5};
use s3s::{Body, StdError};
use serde_json::{Value, json};
use store::authority::{self, Holding};
use store::{Db, Location, Origin, Stamp, Tx, account, instance, role, session};
use tempfile::TempDir;
use testing::{Counted, StillClock, enable_instance, founding};

use crate::{Objects, SharedFolder, Workers};

/// 2026-01-02T03:04:05.678Z.
pub(crate) const NOW_MS: i64 = 1_767_323_045_678;
/// `NOW_MS` as S3 writes it in headers.
pub(crate) const NOW: &str = "Fri, 02 Jan 2026 03:04:05 GMT";

/// Two accounts, and the key ids of their administrators.
pub(crate) const FIRST: &str = "111111111111";
pub(crate) const SECOND: &str = "222222222222";

pub(crate) const HOST: &str = "localhost:8080";

/// Randomness that repeats nothing of an earlier one, so that a folder can be opened again.
pub(crate) fn random() -> Counted {
    static SEED: AtomicU64 = AtomicU64::new(0);
    Counted::new(SEED.fetch_add(1 << 32, Ordering::Relaxed))
}

/// A store of objects in a folder of its own.
pub(crate) struct Shop {
    pub objects: Objects,
    pub portico: Arc<Portico>,
    keys: Mutex<HashMap<String, RoleCredentials>>,
    folder: TempDir,
}

/// The response that a client reads.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Shop {
    /// An empty store with an administrator in each of two accounts. Its database ends with it.
    pub(crate) fn open() -> Self {
        Self::open_at(|_| Location::Memory, true)
    }

    /// An empty store whose database is a file.
    pub(crate) fn open_on_disk() -> Self {
        Self::open_at(database, true)
    }

    /// An empty store, on disk, that records no events of what is done to objects.
    pub(crate) fn open_without_data_events() -> Self {
        Self::open_at(database, false)
    }

    fn open_at(location: fn(&Path) -> Location, s3_data_events: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (objects, portico) = open_at(folder.path(), location(folder.path()), s3_data_events);
        enable_instance(&portico).unwrap();
        let shop = Self { objects, portico, keys: Mutex::default(), folder };
        shop.add_account(SECOND);
        for number in [FIRST, SECOND] {
            shop.add_keys(number, number, r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#);
        }
        shop
    }

    /// Opens the folder again, as after a crash.
    pub(crate) fn reopen(self) -> Self {
        let Self { keys, folder, objects, portico } = self;
        drop((objects, portico));
        let (objects, portico) = open_at(folder.path(), database(folder.path()), true);
        Self { objects, portico, keys, folder }
    }

    fn add_account(&self, number: &str) {
        let account = Account {
            id: number.parse().unwrap(),
            name: number.parse().unwrap(),
            email: format!("{number}@example.com").parse().unwrap(),
            joined_method: JoinedMethod::Created,
            joined_at_ms: NOW_MS,
        };
        self.write(|tx| account::insert(tx, &account));
    }

    /// Keys of a role with one policy, of these statements. `label` names them in requests.
    pub(crate) fn add_keys(&self, label: &str, account: &str, statements: &str) {
        let permit = authorize(&Portico::itself(), "portico:Test", "*", &NoFacts).unwrap();
        let mut read = self.portico.db.read(&permit).unwrap();
        let instance = instance::find_of_organization(&mut read).unwrap().unwrap();
        drop(read);
        let (store_id, arn) = (instance.identity_store_id, instance.id.arn());

        let user = self.perform(
            "AWSIdentityStore.CreateUser",
            &json!({
                "IdentityStoreId": store_id, "UserName": format!("ada-{label}"),
                "DisplayName": "Ada", "Name": {"GivenName": "Ada", "FamilyName": "Person"},
            }),
        );
        let set = json!({"InstanceArn": arn, "Name": label});
        let set = self.perform("SWBExternalService.CreatePermissionSet", &set);
        let set = &set["PermissionSet"]["PermissionSetArn"];
        let document = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        self.perform(
            "SWBExternalService.PutInlinePolicyToPermissionSet",
            &json!({"InstanceArn": arn, "PermissionSetArn": set, "InlinePolicy": document}),
        );
        self.perform(
            "SWBExternalService.CreateAccountAssignment",
            &json!({
                "InstanceArn": arn, "PermissionSetArn": set, "TargetType": "AWS_ACCOUNT",
                "TargetId": account, "PrincipalType": "USER", "PrincipalId": user["UserId"],
            }),
        );
        let runner = Runner::new(testing::JOBS, 0);
        while runner.run_some(&self.portico).unwrap() {}

        let session = Session {
            identity_store_id: store_id.clone(),
            id: SessionId::random(&*self.portico.random),
            user_id: user["UserId"].as_str().unwrap().parse().unwrap(),
            kind: SessionKind::Portal,
            source_address: String::new(),
            user_agent: String::new(),
            created_at_ms: NOW_MS,
            expires_at_ms: NOW_MS + 3_600_000,
            used_at_ms: 0,
            proved_at_ms: 0,
            whole_proof_at_ms: 0,
        };
        self.write(|tx| session::insert(tx, &session, None));
        let account_id: AccountId = account.parse().unwrap();
        let set: PermissionSetArn = set.as_str().unwrap().parse().unwrap();
        let mut read = self.portico.db.read(&permit).unwrap();
        let role = role::find(&mut read, &set.instance_id, &account_id, &set.id);
        let role = role.unwrap().unwrap();
        let holding = Holding {
            identity_store_id: &store_id,
            user_id: &session.user_id,
            instance_id: &set.instance_id,
            account_id: &account_id,
            permission_set_id: &set.id,
        };
        let grounds = authority::find_grounds(&mut read, holding).unwrap().unwrap();
        let grant = RoleGrant {
            account_id,
            role_name: role.name.to_string(),
            role_id: role.role_id.to_string(),
            session_name: "ada".to_owned(),
            person: Some(RolePerson {
                identity_store_id: store_id,
                user_id: session.user_id,
                instance_id: set.instance_id,
                permission_set_id: set.id,
                session_id: session.id,
                grounds,
            }),
            issued_at_ms: NOW_MS,
            expires_at_ms: NOW_MS + 3_600_000,
        };
        let keys = RoleCredentials::make(&self.portico, grant).unwrap();
        self.keys.lock().unwrap().insert(label.to_owned(), keys);
    }

    /// Does an operation of the wire as the operator.
    fn perform(&self, operation: &str, body: &Value) -> Value {
        let operation = testing::find(operation).unwrap();
        let caller = operator::caller(&self.portico, "test");
        let info = RequestInfo::own(&*self.portico.random);
        let fields = Fields::from_json(body.to_string().as_bytes()).unwrap();
        let reply = operation.perform(&Ctx::new(&self.portico, &caller, &info), &fields);
        reply.unwrap().to_value().unwrap()
    }

    pub(crate) fn write(&self, write: impl FnOnce(&mut Tx<'_>) -> Result<(), Fault>) {
        let permit = authorize(&Portico::itself(), "portico:Test", "*", &NoFacts).unwrap();
        let random = model::random::random_bytes(&*self.portico.random);
        let stamp = Stamp::new(NOW_MS, &random, "r".to_owned(), Origin::default());
        let mut tx = self.portico.db.begin(permit, stamp).unwrap();
        write(&mut tx).unwrap();
        tx.commit(&AuditEvent::new()).unwrap();
    }

    /// Signs with keys that were added, or with keys that do not exist.
    pub(crate) fn signer(&self, label: &str) -> Signer {
        let keys = self.keys.lock().unwrap();
        let (key_id, secret, token) = keys.get(label).map_or((label, "secret", None), |keys| {
            (&keys.access_key_id, &keys.secret_access_key, Some(&*keys.session_token))
        });
        Signer::new(key_id, secret, token, ("us-east-1", "s3"), NOW_MS).unwrap()
    }

    /// Signs and sends a request. `what` is the method and the target.
    pub(crate) async fn call(&self, key_id: &str, what: &str, body: &[u8]) -> Answer {
        self.call_with(key_id, what, &[], body).await
    }

    /// Signs and sends a request with more headers, all of which are signed.
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
        // Every client sends a digest with a list of keys to delete.
        if target.ends_with("?delete") && !more.iter().any(|(name, _)| *name == "content-md5") {
            let md5 = STANDARD.encode(Md5::checksum(body));
            headers.insert("content-md5", md5.parse().unwrap());
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let signed = BodyToSign::Whole(body);
        self.signer(key_id).sign((method, path, query), &mut headers, signed, NOW_MS).unwrap();
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
        let (head, body) = self.respond(request).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// Answers a request. The body of the answer is not read yet.
    pub(crate) async fn respond<B>(&self, request: Request<B>) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<StdError>,
    {
        let id = RequestId::random(&*self.portico.random);
        let info = RequestInfo::new(id, Origin::default(), false);
        let (head, body) = request.into_parts();
        let parts = Parts {
            method: head.method.as_str(),
            path: head.uri.path(),
            query: head.uri.query().unwrap_or_default(),
            headers: &head.headers,
        };
        let signature = Signed::find(parts).map(|found| found.map(Signed::detach));
        self.objects.handle(info, Request::from_parts(head, body), signature).await
    }

    /// The events in the audit log of a shop on disk: action, resource, and whether it succeeded.
    pub(crate) fn events(&self) -> Vec<(String, String, bool)> {
        kernel::upkeep::flush_journal(&self.portico).unwrap();
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

    /// The files that hold bytes of objects, without those of deleted ones, once as many are left as expected.
    pub(crate) async fn settled_files(&self, expected: usize) -> Vec<PathBuf> {
        self.objects.delete_removed_parts().unwrap();
        self.objects.store.remove_unlinked_files(i64::MAX).unwrap();
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

    /// The content of the first element of this name.
    pub(crate) fn element(&self, name: &str) -> String {
        self.elements(name).first().cloned().unwrap_or_default()
    }

    /// The contents of all elements of this name.
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

pub(crate) fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        (name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap())
    };
    pairs.iter().map(pair).collect()
}

fn database(folder: &Path) -> Location {
    Location::Sqlite(folder.join("portico.db"))
}

fn open_at(folder: &Path, location: Location, s3_data_events: bool) -> (Objects, Arc<Portico>) {
    let db = Db::open(location).unwrap();
    let founding = Founding {
        account_id: Some(FIRST.parse().unwrap()),
        ..founding(db, StillClock::at(NOW_MS), random())
    };
    let settings = |management_account_id| Settings {
        public_url: "http://localhost:8080".to_owned(),
        s3_domain: Some("s3.example.com".to_owned()),
        s3_data_events,
        ..Settings::new(management_account_id)
    };
    let portico = Portico::open(founding, settings).unwrap();
    let (root, random) = (folder.join("objects"), Arc::new(random()));
    let folder = (&*root, SharedFolder::default());
    let objects = Objects::new(Arc::clone(&portico), Arc::new(Threads), folder, random).unwrap();
    (objects, portico)
}

struct Threads;

impl Workers for Threads {
    fn submit(&self, job: Box<dyn FnOnce() + Send>) -> Result<(), Fault> {
        drop(std::thread::spawn(job));
        Ok(())
    }
}
