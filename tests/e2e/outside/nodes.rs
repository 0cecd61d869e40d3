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
    _database: Database,
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
        let beside = folders.each_ref().map(|folder| second(folder.path(), &data, url));
        let [second, third] = beside;
        Self { all: [first, second, third], operator, _folders: folders, _database: database }
    }
}

/// Starts a server with the key file of the first one.
fn second(folder: &Path, first: &Path, url: &str) -> Portico {
    std::fs::copy(first.join("portico.key"), folder.join("portico.key")).unwrap();
    Portico::serve_in(folder, &["--database", url])
}

/// Alice, who has a role through a group.
struct Alice<'a> {
    organization: Organization<'a>,
    user: String,
    group: String,
    membership: String,
    set: String,
    line: CommandLine,
}

impl<'a> Alice<'a> {
    fn at(nodes: &'a Nodes) -> Self {
        let organization = Organization::of(&nodes.all[0], nodes.operator.clone());
        let set = organization.create_permission_set("Reader", &["s3:ListAllMyBuckets"]);
        let (group, user) =
            (organization.create_group("Readers"), organization.create_user("alice"));
        let membership = organization.join(&user, &group);
        organization.assign("GROUP", &group, &organization.account, &set);
        let mut browser = organization.sign_in_first("alice", &user);
        let line = organization.command_line(&mut browser);
        Self { organization, user, group, membership, set, line }
    }

    /// Keys that every server knows already.
    fn keys(&self, nodes: &Nodes) -> Keys {
        let keys = self.organization.role_keys(&self.line, &self.organization.account, "Reader");
        for node in &nodes.all {
            assert_eq!(who(node, &keys), 200);
        }
        keys
    }

    fn call(&self, operation: &str, input: &Value) {
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
