//! Three servers on one PostgreSQL: after the answer to a revocation no server accepts the keys.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{CommandLine, Database, Keys, Organization, Portico, Request};

/// Number of calls to each server after each revocation.
const CALLS: usize = 20;

/// Servers on one database with one key file.
struct Nodes {
    all: [Portico; 3],
    operator: Keys,
    _folders: [TempDir; 2],
    /// Dropped after the servers.
    database: Database,
}

impl Nodes {
    fn start() -> Self {
        let database = Database::create();
        let first = Portico::serve_on(&database);
        let data = first.data();
        let url = database.url.as_str();
        let operator =
            Organization::operator(&["--data", data.to_str().unwrap(), "--database", url]);
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let beside = folders.each_ref().map(|folder| second(folder.path(), &first, url));
        let [second, third] = beside;
        Self { all: [first, second, third], operator, _folders: folders, database }
    }
}

/// Starts a server with the key file and the public URL of the first one.
pub(super) fn second(folder: &Path, first: &Portico, url: &str) -> Portico {
    std::fs::copy(first.data().join("portico.key"), folder.join("portico.key")).unwrap();
    Portico::serve_in(folder, &["--database", url, "--public-url", first.url()])
}

/// What a server says that does not start in this folder.
#[track_caller]
fn complaint(folder: &Path, url: &str, more: &[&str]) -> String {
    let folder = folder.to_str().unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", folder, "--database", url];
    let output = Portico::run(&[&serve[..], more].concat());
    assert!(!output.status.success(), "it started");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_server_that_does_not_fit_to_the_others_is_refused() {
    let database = Database::create();
    let url = database.url.as_str();
    let first = Portico::serve_on(&database);
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("portico.key");
    let said = complaint(folder.path(), url, &[]);
    assert!(said.contains("copy its portico.key to"), "{said}");
    assert!(!key.exists());

    std::fs::copy(first.data().join("portico.key"), &key).unwrap();
    let said = complaint(folder.path(), url, &["--public-url", "http://localhost:1"]);
    let both = [first.url(), "http://localhost:1"];
    assert!(both.iter().all(|url| said.contains(url)), "{said}");
    let said = complaint(
        folder.path(),
        url,
        &["--public-url", first.url(), "--s3-domain", "s3.localhost"],
    );
    assert!(said.contains("--s3-domain s3.localhost"), "{said}");

    let second = second(folder.path(), &first, url);
    second.terminate();
    // No server with the former public URL is left.
    first.terminate();
    Portico::serve_in(folder.path(), &["--database", url]).terminate();
}

#[test]
fn a_server_without_the_files_of_the_others_serves_nothing() {
    let nodes = Nodes::start();
    let [first, second, _] = &nodes.all;
    let ask =
        |node: &Portico, request: Request| node.send(&nodes.operator.sign("s3", request, node));
    assert_eq!(second.send(&Request::get("/readyz")).status, 200);
    ask(first, Request::new("PUT", "/photos")).ok();
    ask(first, Request::new("PUT", "/photos/cat").body("meow")).ok();
    for request in [Request::get("/photos/cat"), Request::new("PUT", "/photos/dog").body("woof")] {
        let refused = ask(second, request);
        assert_eq!((refused.status, refused.header("retry-after").is_some()), (503, true));
    }
    let ready = second.send(&Request::get("/readyz"));
    assert_eq!(ready.status, 503);
    assert!(ready.text().contains("the files of objects are missing"), "{ready}");
    assert_eq!(first.send(&Request::get("/readyz")).status, 200);

    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(first.data().join("portico.key"), folder.path().join("portico.key")).unwrap();
    let url = nodes.database.url.as_str();
    let shared = ["--public-url", first.url()];
    let said = complaint(folder.path(), url, &shared);
    assert!(said.contains("has none of the files that the database names"), "{said}");
    let arguments = ["--database", url, "--public-url", first.url()];
    let accepting = [&arguments[..], &["--accept-missing-objects"]].concat();
    Portico::serve_in(folder.path(), &accepting).terminate();
    let objects = folder.path().join("objects");
    std::fs::remove_dir_all(&objects).unwrap();
    std::os::unix::fs::symlink(first.data().join("objects"), &objects).unwrap();
    let fourth = Portico::serve_in(folder.path(), &arguments);
    assert_eq!(ask(&fourth, Request::get("/photos/cat")).text(), "meow");
}

/// Alice, who has a role through a group.
pub(super) struct Alice<'a> {
    pub(super) organization: Organization<'a>,
    pub(super) user: String,
    group: String,
    membership: String,
    set: String,
    line: CommandLine,
}

impl<'a> Alice<'a> {
    fn at(nodes: &'a Nodes) -> Self {
        Self::new(&nodes.all[0], nodes.operator.clone())
    }

    pub(super) fn new(portico: &'a Portico, operator: Keys) -> Self {
        let organization = Organization::of(portico, operator);
        let set = organization.create_permission_set("Reader", &["s3:ListAllMyBuckets"]);
        let (group, user) =
            (organization.create_group("Readers"), organization.create_user("alice"));
        let membership = organization.join(&user, &group);
        organization.assign("GROUP", &group, &organization.account, &set);
        let mut browser = organization.sign_in_first("alice", &user);
        let line = organization.command_line(&mut browser);
        Self { organization, user, group, membership, set, line }
    }

    pub(super) fn role_keys(&self) -> Keys {
        self.organization.role_keys(&self.line, &self.organization.account, "Reader")
    }

    /// Keys that every server knows already.
    fn keys(&self, nodes: &Nodes) -> Keys {
        let keys = self.role_keys();
        for node in &nodes.all {
            assert_eq!(who(node, &keys), 200);
        }
        keys
    }

    pub(super) fn call(&self, operation: &str, input: &Value) {
        self.organization.call(operation, input).ok();
    }
}

/// The status of `GetCallerIdentity`.
fn who(node: &Portico, keys: &Keys) -> u16 {
    node.send(&asking(node, keys)).status
}

fn asking(node: &Portico, keys: &Keys) -> Request {
    keys.sign_query("sts", &[("Action", "GetCallerIdentity"), ("Version", "2011-06-15")], node)
}

#[track_caller]
fn assert_refused_everywhere(nodes: &Nodes, keys: &Keys) {
    for _ in 0..CALLS {
        for node in &nodes.all {
            assert_eq!(who(node, keys), 403);
        }
    }
}

#[test]
fn what_is_revoked_on_one_server_is_refused_on_all_once_it_is_answered() {
    let nodes = Nodes::start();
    let alice = Alice::at(&nodes);
    let organization = &alice.organization;
    let user = || organization.of_store(json!({ "UserId": alice.user }));

    let keys = alice.keys(&nodes);
    let person = organization.of_instance(json!({ "PrincipalId": alice.user }));
    alice.call("PorticoAdmin.RevokeRoleCredentials", &person);
    assert_refused_everywhere(&nodes, &keys);

    let keys = alice.keys(&nodes);
    organization.unassign("GROUP", &alice.group, &organization.account, &alice.set);
    assert_refused_everywhere(&nodes, &keys);
    organization.assign("GROUP", &alice.group, &organization.account, &alice.set);
    assert_refused_everywhere(&nodes, &keys);

    let keys = alice.keys(&nodes);
    let membership = organization.of_store(json!({ "MembershipId": alice.membership }));
    alice.call("AWSIdentityStore.DeleteGroupMembership", &membership);
    assert_refused_everywhere(&nodes, &keys);
    organization.join(&alice.user, &alice.group);
    assert_refused_everywhere(&nodes, &keys);

    let keys = alice.keys(&nodes);
    alice.call("PorticoAdmin.DisableUser", &user());
    assert_refused_everywhere(&nodes, &keys);
    alice.call("PorticoAdmin.EnableUser", &user());
    assert_refused_everywhere(&nodes, &keys);
}

#[test]
fn a_server_that_was_stopped_meanwhile_refuses_what_was_revoked() {
    let nodes = Nodes::start();
    let alice = Alice::at(&nodes);
    let keys = alice.keys(&nodes);
    let [_, stopped, third] = &nodes.all;
    stopped.pause();
    let person = alice.organization.of_instance(json!({ "PrincipalId": alice.user }));
    alice.call("PorticoAdmin.RevokeRoleCredentials", &person);
    assert_eq!(who(third, &keys), 403);
    // The call waits for the stopped server.
    let (request, address) = (asking(stopped, &keys), stopped.address);
    let asked = std::thread::spawn(move || request.send(address).status);
    stopped.go_on();
    assert_eq!(asked.join().unwrap(), 403);
    assert_refused_everywhere(&nodes, &keys);
    // It hears again: the next revocation waits for its confirmation, and it remembers new keys.
    let keys = alice.keys(&nodes);
    let everyone = alice.organization.of_instance(json!({}));
    alice.call("PorticoAdmin.RevokeRoleCredentials", &everyone);
    assert_refused_everywhere(&nodes, &keys);
}
