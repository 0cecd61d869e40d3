//! PostgreSQL that chooses another leader, by Patroni: what was acknowledged stays, and service is back with the leader.
//!
//! `PORTICO_TEST_ROUNDS` is the number of leaders that are killed.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::kill9::{kind, trace};
use crate::support::{Keys, Organization, Portico, Request, rounds, script, text};

/// Time within which each request is answered, with room for a machine that runs other tests.
const ANSWERED: Duration = Duration::from_secs(8);

/// Time within which each server serves after the new leader answered, with the same room.
const BACK: Duration = Duration::from_secs(4);

/// Time within which there is a new leader. Patroni waits for 20 s before it takes one for dead.
const ELECTED: Duration = Duration::from_mins(2);

/// Pause of a writer that was refused.
const PAUSE: Duration = Duration::from_millis(20);

struct Cluster {
    folder: TempDir,
    url: String,
}

impl Cluster {
    fn start() -> Self {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let url = script(&format!("patroni start {}", folder.path().display()))["URL"].clone();
        Self { folder, url }
    }

    /// Runs a command of the script on this cluster.
    fn run(&self, words: &str, node: &str) -> BTreeMap<String, String> {
        script(format!("patroni {words} {} {node}", self.folder.path().display()).trim())
    }

    /// Waits until a leader answers, and returns when it did.
    fn answers(&self) -> Instant {
        let begun = now();
        while Client::connect(&self.url, NoTls).is_err() {
            assert!(begun.elapsed() < ELECTED, "no leader");
            thread::park_timeout(PAUSE);
        }
        now()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.run("stop", "");
    }
}

/// What the writers of all servers know.
#[derive(Default)]
struct Known {
    users: Mutex<BTreeSet<String>>,
    assignments: Mutex<BTreeSet<String>>,
    longest: Mutex<Duration>,
    refused: Mutex<BTreeMap<u16, u32>>,
    is_over: AtomicBool,
}

/// A server, as its writer uses it.
struct Node<'a> {
    portico: &'a Portico,
    address: SocketAddr,
    /// When the last write was acknowledged that began after the one before.
    acknowledged: Mutex<Instant>,
}

#[test]
fn a_leader_that_is_lost_takes_no_acknowledged_write_with_it() {
    let cluster = Cluster::start();
    let folders = [0, 1, 2].map(|_| tempfile::tempdir().unwrap());
    let [first, others @ ..] = &folders;
    let at = |folder: &TempDir| folder.path().to_str().unwrap().to_owned();
    let database = ["--database", &cluster.url];
    let portico = Portico::serve_in(first.path(), &database);
    let beside = ["--public-url", portico.url()];
    let more = others.each_ref().map(|folder| {
        std::fs::copy(first.path().join("portico.key"), folder.path().join("portico.key")).unwrap();
        Portico::serve_in(folder.path(), &[database, beside].concat())
    });
    let data = at(first);
    let mine = [&["--data", data.as_str()][..], &database].concat();
    let keys = Organization::operator(&[&mine[..], &["--duration", "43200"]].concat());
    let organization = Organization::of(&portico, keys.clone());
    let set = organization.create_permission_set("Reader", &["s3:*"]);

    let known = Known::default();
    let nodes = [&portico, &more[0], &more[1]].map(|portico| Node {
        portico,
        address: portico.address,
        acknowledged: Mutex::new(now()),
    });
    let (store, user_of) = (organization.store.clone(), user_of(&organization.store));
    let assignment = |user: &str| organization_assignment(&organization, user, &set);
    let template = assignment("USER-ID");
    thread::scope(|scope| {
        for (number, node) in nodes.iter().enumerate() {
            let (known, keys, template, user_of) = (&known, &keys, &template, &user_of);
            scope.spawn(move || {
                let mut count = 0;
                while !known.is_over.load(Ordering::Acquire) {
                    count += 1;
                    write(node, known, keys, &user_of(&format!("user-{number}-{count}")), template);
                }
            });
        }
        let over = Over(&known.is_over);
        let left = cluster.run("switchover", "");
        wait_until_served(&nodes, cluster.answers(), &format!("{left:?}"));
        for _ in 0..rounds(1) {
            let killed = cluster.run("kill9-leader", "");
            while portico.get("/readyz").status != 503 {}
            wait_until_served(&nodes, cluster.answers(), &format!("{killed:?}"));
            assert_eq!(portico.get("/readyz").status, 200);
            cluster.run("revive", &killed["KILLED"]);
        }
        drop(over);
    });

    println!("refused {:?}, the longest {:?}", known.refused, known.longest);
    let users = listed(&organization, &store);
    let acknowledged = known.users.into_inner().unwrap();
    println!("{} users acknowledged", acknowledged.len());
    assert!(acknowledged.len() > 20 && acknowledged.is_subset(&users), "users are lost");
    assert!(*known.longest.lock().unwrap() < ANSWERED, "{:?}", known.longest);
    let assignments = known.assignments.into_inner().unwrap();
    for id in &assignments {
        let reply = json!({ "AccountAssignmentCreationStatus": { "RequestId": id } });
        let status = organization.outcome("CreateAccountAssignment", &reply);
        assert_eq!(status["Status"], "SUCCEEDED", "{status}");
    }
    for node in [portico].into_iter().chain(more) {
        let log = node.log();
        assert!(!log.contains("\"status\":500"), "{log}");
        assert!(node.terminate().success());
    }
    let said = |words: &[&str]| {
        let output = Portico::run(&[words, &mine[..]].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    said(&["audit", "verify"]);
    let exported = said(&["audit", "export"]);
    let events: Vec<Value> =
        exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let worked = trace::once(trace::worked(&events, &kind::ASSIGNMENT), "assignments");
    println!("{} assignments acknowledged, {} made", assignments.len(), worked.len());
    let bare: BTreeSet<_> = assignments.iter().map(|id| trace::bare(id)).collect();
    assert!(bare.is_subset(&worked), "assignments without the event of their job");
}

/// Ends the writers, also if the test fails.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

fn user_of(store: &str) -> impl Fn(&str) -> Value {
    move |name| {
        json!({
            "IdentityStoreId": store, "UserName": name, "DisplayName": name,
            "Name": { "GivenName": name, "FamilyName": "Example" },
        })
    }
}

fn organization_assignment(organization: &Organization<'_>, user: &str, set: &str) -> Value {
    organization.assignment("USER", user, &organization.account, set)
}

/// Creates a user and assigns a role to them.
fn write(node: &Node<'_>, known: &Known, keys: &Keys, user: &Value, assignment: &Value) {
    let Some(reply) = ask(node, known, keys, "AWSIdentityStore.CreateUser", user) else { return };
    let id = text(&reply["UserId"]);
    known.users.lock().unwrap().insert(id.clone());
    let mut input = assignment.clone();
    input["PrincipalId"] = json!(id);
    let operation = "SWBExternalService.CreateAccountAssignment";
    if let Some(reply) = ask(node, known, keys, operation, &input) {
        let id = text(&reply["AccountAssignmentCreationStatus"]["RequestId"]);
        known.assignments.lock().unwrap().insert(id);
    }
}

/// Makes a call; `None` if it was refused because the database is away or has too much to do.
fn ask(
    node: &Node<'_>,
    known: &Known,
    keys: &Keys,
    operation: &str,
    input: &Value,
) -> Option<Value> {
    let request: Request = keys.sign_call(operation, input, node.portico);
    let begun = now();
    let answer = request.send(node.address);
    {
        let mut longest = known.longest.lock().unwrap();
        *longest = (*longest).max(begun.elapsed());
    }
    if answer.status == 200 {
        *node.acknowledged.lock().unwrap() = now();
        return Some(answer.json());
    }
    *known.refused.lock().unwrap().entry(answer.status).or_default() += 1;
    let is_throttled =
        answer.error().contains("Throttl") || answer.error() == "TooManyRequestsException";
    let is_away = answer.status == 503 && answer.header("retry-after").is_some();
    assert!(is_throttled || is_away, "{answer}");
    thread::park_timeout(PAUSE);
    None
}

/// Waits until each server has acknowledged a write since `answered`, and fails if that took long.
fn wait_until_served(nodes: &[Node<'_>], answered: Instant, what: &str) {
    for node in nodes {
        let served = || *node.acknowledged.lock().unwrap();
        while served() <= answered {
            assert!(answered.elapsed() < ELECTED, "{what}: no write is acknowledged");
            thread::park_timeout(PAUSE);
        }
        let back = served().duration_since(answered);
        println!("{what}: a write is acknowledged {back:?} after the leader answers");
        assert!(back < BACK, "{what}: {back:?}");
    }
}

/// The ids of all users.
fn listed(organization: &Organization<'_>, store: &str) -> BTreeSet<String> {
    let mut input = json!({ "IdentityStoreId": store, "MaxResults": 100 });
    let mut ids = BTreeSet::new();
    loop {
        let page = organization.call("AWSIdentityStore.ListUsers", &input).ok();
        ids.extend(page["Users"].as_array().unwrap().iter().map(|user| text(&user["UserId"])));
        if page["NextToken"].is_null() {
            return ids;
        }
        input["NextToken"] = page["NextToken"].clone();
    }
}

#[expect(clippy::disallowed_methods, reason = "the test is about the time of answers")]
fn now() -> Instant {
    Instant::now()
}
