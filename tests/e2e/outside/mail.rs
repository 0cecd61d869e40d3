//! Mail over a real mail server: STARTTLS, TLS, logins, refusals, lost connections and silence.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Ca, Database, Organization, Portico, Validity, part, scripts, text};

/// Time within which a message goes its way, with room for a machine that runs other tests.
const PATIENCE: Duration = Duration::from_mins(1);

/// A mail server, which ends with the test.
pub(super) struct Server {
    folder: TempDir,
    pub(super) port: u16,
    /// Another CA than that of the certificate.
    other_ca: PathBuf,
}

impl Server {
    /// Chooses a port. The server is away until it is started.
    fn away() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ca = Ca::new("a CA");
        ca.write(folder.path(), "ca");
        let other_ca = Ca::new("another CA").write(folder.path(), "other");
        ca.issue(folder.path(), "server", &["localhost"], Validity::Good);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { folder, port, other_ca }
    }

    fn start(&self, tls: &str) {
        part(&format!("mail start {} {} {tls}", self.folder.path().display(), self.port));
    }

    pub(super) fn started(tls: &str) -> Self {
        let server = Self::away();
        server.start(tls);
        server
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// The message with this number that the server took.
    pub(super) fn taken(&self, number: u32) -> Value {
        let path = self.folder.path().join(format!("{number}.json"));
        await_some(|| std::fs::read(&path).ok().map(|json| serde_json::from_slice(&json).unwrap()))
    }

    fn count(&self) -> usize {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        let is_mail = |path: PathBuf| path.extension().is_some_and(|it| it == "json");
        files.filter(|file| is_mail(file.as_ref().unwrap().path())).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let script = scripts().join("mail.sh");
        let _ = Command::new(script).arg("stop").arg(self.folder.path()).status();
    }
}

fn await_some<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let begun = now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE);
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

#[expect(clippy::disallowed_methods, reason = "the deadline of a test is real time")]
fn now() -> Instant {
    Instant::now()
}

pub(super) fn serve(data: &Path, url: &str, more: &[&str]) -> Portico {
    let mail = ["--smtp-url", url, "--mail-from", "Portico <no-reply@example.com>"];
    Portico::serve_in(data, &[&mail, more].concat())
}

pub(super) fn organization<'a>(
    portico: &'a Portico,
    data: &Path,
    more: &[&str],
) -> Organization<'a> {
    let data = ["--data", data.to_str().unwrap()];
    Organization::of(portico, Organization::operator(&[&data, more].concat()))
}

/// Posts a test message. Returns its id.
fn post(organization: &Organization<'_>, address: &str) -> String {
    let input = organization.of_store(json!({ "EmailAddress": address }));
    text(&organization.call("PorticoAdmin.SendTestMessage", &input).ok()["MessageId"])
}

fn listed(organization: &Organization<'_>, id: &str) -> Value {
    let list =
        organization.call("PorticoAdmin.ListMessages", &organization.of_store(json!({}))).ok();
    let messages = list["Messages"].as_array().unwrap().clone();
    messages.into_iter().find(|message| message["MessageId"] == id).unwrap()
}

/// Waits for a message to be in a status, and to have a reason with these words.
fn await_status(organization: &Organization<'_>, id: &str, status: &str, words: &str) -> Value {
    await_some(|| {
        let found = listed(organization, id);
        let reason = found["Reason"].as_str().unwrap_or_default();
        (found["Status"] == status && reason.contains(words)).then_some(found)
    })
}

#[test]
fn a_one_time_password_arrives_by_mail_and_signs_in() {
    let (server, data) = (Server::started("none"), tempfile::tempdir().unwrap());
    let portico = serve(data.path(), &format!("smtp://127.0.0.1:{}", server.port), &[]);
    let organization = organization(&portico, data.path(), &[]);
    let user = organization.create_user("alice");
    let address = json!([{ "Value": "alice@bücher.example" }]);
    let operation = json!([{ "AttributePath": "emails", "AttributeValue": address }]);
    let update = organization.of_store(json!({ "UserId": user, "Operations": operation }));
    organization.call("AWSIdentityStore.UpdateUser", &update).ok();
    let reset = organization.of_store(json!({ "UserId": user, "Mode": "EMAIL" }));
    let reply = organization.call("PorticoAdmin.ResetUserPassword", &reset).ok();
    assert_eq!(reply["OneTimePassword"], Value::Null);

    let mail = server.taken(1);
    assert_eq!(mail["to"], json!(["alice@xn--bcher-kva.example"]));
    assert_eq!(mail["from"], "no-reply@example.com");
    let header = |name: &str| {
        let headers = mail["headers"].as_array().unwrap();
        let found: Vec<&Value> = headers.iter().filter(|pair| pair[0] == name).collect();
        assert_eq!(found.len(), 1, "{name} {headers:?}");
        text(&found[0][1])
    };
    assert_eq!(header("From"), "Portico <no-reply@example.com>");
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    let id = text(&reply["MessageId"]);
    assert_eq!(header("Message-ID"), format!("<{id}@localhost>"));
    assert_eq!(header("Subject"), "A one-time password for your account");
    let body = text(&mail["text"]);
    let password = body.lines().find_map(|line| line.trim().strip_prefix("One-time password: "));
    organization.sign_in_once("alice", password.unwrap());
    await_status(&organization, &id, "SENT", "");
    assert_eq!(server.count(), 1);
    let metrics = portico.get("/metrics");
    assert!(metrics.text().contains("\nportico_messages_total{outcome=\"sent\"} 1\n"), "{metrics}");
}

#[test]
fn messages_go_over_tls_to_a_server_that_is_trusted_with_a_password_that_is_right() {
    for (tls, scheme) in [("starttls", "smtp"), ("wrapped", "smtps")] {
        let (server, data) = (Server::started(tls), tempfile::tempdir().unwrap());
        let (ca, password) = (server.file("trusted.crt"), server.file("password"));
        std::fs::copy(&server.other_ca, &ca).unwrap();
        std::fs::write(&password, "wrong\n").unwrap();
        let url = format!("{scheme}://portico@localhost:{}", server.port);
        let files = ["--smtp-ca-file", &ca, "--smtp-password-file", &password];
        let portico = serve(data.path(), &url, &files);
        let organization = organization(&portico, data.path(), &[]);
        let id = post(&organization, "ops@example.com");
        await_status(&organization, &id, "WAITING", "certificate");
        // The files are read for each attempt.
        std::fs::copy(server.file("ca.crt"), &ca).unwrap();
        await_status(&organization, &id, "WAITING", "535");
        std::fs::write(&password, "mailpw\n").unwrap();
        await_status(&organization, &id, "SENT", "");
        let mail = server.taken(1);
        assert_eq!((&mail["is_tls"], &mail["is_authenticated"]), (&json!(true), &json!(true)));
    }
}

#[test]
fn a_server_without_starttls_gets_nothing_if_it_is_required() {
    let (server, data) = (Server::started("none"), tempfile::tempdir().unwrap());
    let url = format!("smtp://localhost:{}?tls=required", server.port);
    let portico = serve(data.path(), &url, &[]);
    let organization = organization(&portico, data.path(), &[]);
    let id = post(&organization, "ops@example.com");
    await_status(&organization, &id, "WAITING", "STARTTLS");
    assert_eq!(server.count(), 0);
}

#[test]
fn what_a_mail_server_refuses_is_told_and_what_it_cannot_take_now_is_sent_later() {
    let (server, data) = (Server::started("none"), tempfile::tempdir().unwrap());
    let portico = serve(data.path(), &format!("smtp://127.0.0.1:{}", server.port), &[]);
    let organization = organization(&portico, data.path(), &[]);
    let id = post(&organization, "reject1@example.com");
    await_status(&organization, &id, "FAILED", "550");
    let message = organization.of_store(json!({ "MessageId": id }));
    let shown = organization.call("PorticoAdmin.GetMessage", &message).ok();
    assert_eq!(shown["Subject"], "Test message");
    for (number, (name, words)) in (1_u32..).zip([("later", "451"), ("busy", "421"), ("close", "")])
    {
        let id = post(&organization, &format!("{name}1@example.com"));
        if !words.is_empty() {
            await_status(&organization, &id, "WAITING", words);
        }
        await_status(&organization, &id, "SENT", "");
        assert_eq!(server.taken(number)["to"], json!([format!("{name}1@example.com")]));
    }
    assert_eq!(server.count(), 3);
}

#[test]
fn a_mail_server_that_is_silent_is_in_the_way_of_nothing() {
    let (server, data) = (Server::started("none"), tempfile::tempdir().unwrap());
    let portico = serve(data.path(), &format!("smtp://127.0.0.1:{}", server.port), &[]);
    let organization = organization(&portico, data.path(), &[]);
    let id = post(&organization, "stall1@example.com");
    await_some(|| (listed(&organization, &id)["Attempts"] == 1).then_some(()));
    let begun = now();
    organization.create_account("Meanwhile");
    assert!(begun.elapsed() < PATIENCE / 4, "{:?}", begun.elapsed());
    let begun = now();
    assert!(portico.terminate().success());
    assert!(begun.elapsed() < PATIENCE / 4, "{:?}", begun.elapsed());
}

#[test]
fn a_message_survives_the_death_of_its_server_and_is_sent_once() {
    let database = Database::create();
    for more in [vec![], vec!["--database", database.url.as_str()]] {
        let (server, data) = (Server::away(), tempfile::tempdir().unwrap());
        let url = format!("smtp://127.0.0.1:{}", server.port);
        let portico = serve(data.path(), &url, &more);
        let first = organization(&portico, data.path(), &more);
        let id = post(&first, "ops@example.com");
        await_status(&first, &id, "WAITING", "refused");
        portico.kill();
        server.start("none");
        let portico = serve(data.path(), &url, &more);
        let second = organization(&portico, data.path(), &more);
        await_status(&second, &id, "SENT", "");
        let mail = server.taken(1);
        assert_eq!((mail["to"].clone(), server.count()), (json!(["ops@example.com"]), 1));
    }
}
