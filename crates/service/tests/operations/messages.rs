//! Messages to people: posted by operations, sent or handed over, ended with what they are about.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use mail::{Delivery, Mail, Mailer, Refusal, Totals};
use model::Fault;
use model::ids::UserId;
use policy::Caller;
use serde_json::{Value, json};
use sign_in::authenticate::Authentication;
use testing::center::{Center, for_user, text};
use testing::people::PASSWORD;
use testing::{ACCOUNT, Bench, administrator};

use crate::password_reset::{HELP, confirm, person, request};

/// Mail server whose next answers are set. Without one it takes the mail.
#[derive(Clone, Default)]
pub(super) struct Server {
    answers: Arc<Mutex<VecDeque<Refusal>>>,
    taken: Arc<Mutex<Vec<Mail>>>,
}

impl Mailer for Server {
    fn send(&self, mail: &Mail) -> Result<(), Refusal> {
        let answer = self.answers.lock().unwrap().pop_front();
        answer.map_or(Ok(()), Err)?;
        self.taken.lock().unwrap().push(mail.clone());
        Ok(())
    }
}

impl Server {
    pub(super) fn refuse(&self, refusal: Refusal) {
        self.answers.lock().unwrap().push_back(refusal);
    }

    pub(super) fn taken(&self) -> Vec<Mail> {
        self.taken.lock().unwrap().clone()
    }
}

/// Bench with a mail server and a person who has an address.
pub(super) struct Post {
    pub(super) bench: Bench,
    server: Server,
    pub(super) delivery: Delivery,
    pub(super) user: UserId,
}

impl Post {
    pub(super) fn new() -> Self {
        let (bench, server) = (Bench::new(), Server::default());
        let delivery = Delivery::new(Box::new(server.clone()));
        let user = person_with_address(&bench, "alice", "alice@example.com");
        Self { bench, server, delivery, user }
    }

    pub(super) fn call(&self, operation: &str, mut body: Value) -> Result<Value, Fault> {
        body["IdentityStoreId"] = self.bench.store_id().into();
        self.bench.call(&format!("PorticoAdmin.{operation}"), &body)
    }

    /// Resets the password by a message. Returns the id of the message.
    fn reset(&self) -> String {
        let reply = self.bench.admin("ResetUserPassword", &self.user, json!({"Mode": "EMAIL"}));
        let reply = reply.unwrap();
        assert_eq!(reply.get("OneTimePassword"), None);
        text(&reply, "/MessageId")
    }

    pub(super) fn send_all(&self) {
        while self.delivery.send_one(&self.bench.portico).unwrap() {}
    }

    /// Sends what waits. Returns the text of the last mail.
    pub(super) fn last_mail(&self) -> Mail {
        self.send_all();
        self.server.taken().pop().unwrap()
    }

    /// Sends as many messages to the person as one address gets in an hour.
    pub fn send_ten(&self) {
        for _ in 0..10 {
            let test = json!({ "EmailAddress": "alice@example.com" });
            self.call("SendTestMessage", test).unwrap();
        }
    }

    /// The number of mails that the server took.
    pub(super) fn count(&self) -> usize {
        self.send_all();
        self.server.taken().len()
    }

    /// The message with this id in the list.
    pub(super) fn listed(&self, id: &str) -> Value {
        let listed = self.call("ListMessages", json!({})).unwrap();
        let messages = listed["Messages"].as_array().unwrap();
        messages.iter().find(|message| message["MessageId"] == id).unwrap().clone()
    }

    pub(super) fn status(&self, id: &str) -> String {
        text(&self.listed(id), "/Status")
    }

    pub(super) fn get(&self, id: &str) -> Result<Value, Fault> {
        self.call("GetMessage", json!({ "MessageId": id }))
    }
}

pub(super) fn person_with_address(bench: &Bench, name: &str, address: &str) -> UserId {
    let (user, _) = bench.create_person(name);
    set_address(bench, &user, &json!([{ "Value": address }]));
    user
}

pub(super) fn set_address(bench: &Bench, user: &UserId, emails: &Value) {
    let operation = json!([{ "AttributePath": "emails", "AttributeValue": emails }]);
    let body =
        json!({"IdentityStoreId": bench.store_id(), "UserId": user, "Operations": operation});
    bench.call("AWSIdentityStore.UpdateUser", &body).unwrap();
}

/// The one-time password in the text of a message.
fn password_in(text: &str) -> String {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("One-time password: "));
    line.unwrap().to_owned()
}

#[test]
fn a_reset_by_mail_reaches_the_person_and_works_once() {
    let post = Post::new();
    let id = post.reset();
    assert_eq!(post.status(&id), "WAITING");
    assert!(matches!(post.bench.sign_in("alice", PASSWORD), Ok(Authentication::Wrong)));
    post.send_all();
    let taken = post.server.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!((taken[0].to.as_str(), taken[0].id.as_str()), ("alice@example.com", id.as_str()));
    let password = password_in(&taken[0].text);
    assert!(taken[0].html.contains(&password));
    let signed = post.bench.sign_in("alice", &password);
    assert!(matches!(signed, Ok(Authentication::MustSetPassword { .. })));
    assert_eq!(post.status(&id), "SENT");
    assert_eq!(post.delivery.totals(), Totals { sent: 1, put_off: 0, failed: 0 });
    // Neither the list nor the log has the secret, and a sent message is shown no more.
    assert!(!post.listed(&id).to_string().contains(&password));
    assert!(post.bench.log().iter().all(|event| !format!("{event:?}").contains(&password)));
    assert!(matches!(post.get(&id), Err(Fault::Conflict { .. })));
}

#[test]
fn a_message_without_a_mail_server_is_handed_over_once() {
    let post = Post::new();
    let id = post.reset();
    let shown = post.get(&id).unwrap();
    assert_eq!(shown["Message"]["Status"], "HANDED_OVER");
    let password = password_in(shown["Text"].as_str().unwrap());
    assert_eq!(post.bench.logged("portico:GetMessage").len(), 1);
    assert!(matches!(post.get(&id), Err(Fault::Conflict { .. })));
    post.send_all();
    assert!(post.server.taken().is_empty());
    let signed = post.bench.sign_in("alice", &password);
    assert!(matches!(signed, Ok(Authentication::MustSetPassword { .. })));
    post.call("DeleteMessage", json!({ "MessageId": id })).unwrap();
    assert!(matches!(post.get(&id), Err(Fault::NotFound { .. })));
}

#[test]
fn a_mail_server_that_is_away_delays_a_message_for_longer_and_longer() {
    let post = Post::new();
    let id = post.reset();
    for _ in 0..3 {
        post.server.refuse(Refusal::ForNow("connection refused".to_owned()));
    }
    post.send_all();
    let listed = post.listed(&id);
    let told = (&listed["Status"], &listed["Reason"]);
    assert_eq!(told, (&json!("WAITING"), &json!("connection refused")));
    let mut attempts_at_s = Vec::new();
    for second in 1..=20 {
        post.bench.clock.advance(1000);
        if post.delivery.send_one(&post.bench.portico).unwrap() {
            attempts_at_s.push(second);
        }
    }
    assert_eq!(attempts_at_s, [2, 6, 14]);
    assert_eq!(post.delivery.totals(), Totals { sent: 1, put_off: 3, failed: 0 });
    assert_eq!((post.status(&id).as_str(), post.server.taken().len()), ("SENT", 1));
}

#[test]
fn a_message_that_is_refused_for_good_is_told_and_can_be_handed_over() {
    let post = Post::new();
    let id = post.reset();
    post.server.refuse(Refusal::ForGood("550 no such mailbox".to_owned()));
    post.send_all();
    let listed = post.listed(&id);
    assert_eq!(
        (&listed["Status"], &listed["Reason"]),
        (&json!("FAILED"), &json!("550 no such mailbox"))
    );
    assert_eq!(post.delivery.totals(), Totals { sent: 0, put_off: 0, failed: 1 });
    post.bench.clock.advance(60 * 60 * 1000);
    post.send_all();
    assert!(post.server.taken().is_empty());
    assert!(post.get(&id).is_ok());
}

#[test]
fn a_server_that_dies_while_it_sends_leaves_the_message_to_its_lease() {
    struct Dies;
    impl Mailer for Dies {
        fn send(&self, _: &Mail) -> Result<(), Refusal> {
            panic!("the server dies")
        }
    }
    let post = Post::new();
    let id = post.reset();
    let dying = Delivery::new(Box::new(Dies));
    let sent = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        dying.send_one(&post.bench.portico)
    }));
    assert!(sent.is_err());
    post.bench.clock.advance(mail::delivery::LEASE_MS - 1);
    post.send_all();
    assert!(post.server.taken().is_empty());
    post.bench.clock.advance(1);
    post.send_all();
    assert_eq!((post.status(&id).as_str(), post.server.taken().len()), ("SENT", 1));
    assert_eq!(post.listed(&id)["Attempts"], 2);
}

#[test]
fn a_message_ends_with_its_password() {
    let post = Post::new();
    let first = post.reset();
    let second = post.reset();
    assert_eq!((post.status(&first).as_str(), post.status(&second).as_str()), ("ENDED", "WAITING"));
    post.bench.one_time_password(&post.user);
    assert_eq!(post.status(&second), "ENDED");
    let expired = post.reset();
    post.bench.clock.advance(24 * 60 * 60 * 1000);
    post.send_all();
    assert_eq!(post.status(&expired), "ENDED");
    let disabled = post.reset();
    post.bench.admin("DisableUser", &post.user, json!({})).unwrap();
    post.send_all();
    assert_eq!(post.status(&disabled), "ENDED");
    assert!(post.server.taken().is_empty());
}

#[test]
fn a_person_without_an_address_gets_no_message() {
    let post = Post::new();
    let nobody = post.bench.create_user("nobody");
    let refused = post.bench.admin("ResetUserPassword", &nobody, json!({"Mode": "EMAIL"}));
    let Err(Fault::Conflict { because }) = refused else { panic!("{refused:?}") };
    assert!(because.contains("ONE_TIME_PASSWORD"), "{because}");
}

#[test]
fn names_do_not_get_into_headers_nor_markup() {
    let post = Post::new();
    let name = "<b>Eve</b>\r\nBcc: all@example.com \u{3164}";
    let operations = json!([{ "AttributePath": "displayName", "AttributeValue": name }]);
    let body = json!({
        "IdentityStoreId": post.bench.store_id(), "UserId": post.user, "Operations": operations,
    });
    post.bench.call("AWSIdentityStore.UpdateUser", &body).unwrap();
    post.reset();
    post.send_all();
    let mail = &post.server.taken()[0];
    assert_eq!(mail.subject, "A one-time password for your account");
    assert!(mail.text.starts_with("Hello <b>Eve</b> Bcc: all@example.com,\n"), "{}", mail.text);
    assert!(mail.html.contains("Hello &lt;b&gt;Eve&lt;/b&gt; Bcc: all@example.com,"));
}

#[test]
fn an_address_gets_a_few_messages_an_hour() {
    let post = Post::new();
    let test = || post.call("SendTestMessage", json!({"EmailAddress": "ops@example.com"}));
    for _ in 0..10 {
        test().unwrap();
    }
    assert!(matches!(test(), Err(Fault::Quota { .. })));
    assert!(post.call("SendTestMessage", json!({"EmailAddress": "other@example.com"})).is_ok());
    post.bench.clock.advance(60 * 60 * 1000);
    assert!(test().is_ok());
}

#[test]
fn messages_are_listed_by_pages_and_by_status() {
    let post = Post::new();
    let ids: Vec<String> = (0..3)
        .map(|number| {
            post.bench.clock.advance(1);
            let address = json!({ "EmailAddress": format!("ops{number}@example.com") });
            text(&post.call("SendTestMessage", address).unwrap(), "/MessageId")
        })
        .collect();
    post.delivery.send_one(&post.bench.portico).unwrap();
    let list = |body: Value| post.call("ListMessages", body).unwrap();
    let ids_of = |reply: &Value| -> Vec<String> {
        let messages = reply["Messages"].as_array().unwrap();
        messages.iter().map(|message| text(message, "/MessageId")).collect()
    };
    let first = list(json!({ "MaxResults": 2 }));
    assert_eq!(ids_of(&first), [ids[2].clone(), ids[1].clone()]);
    let next = list(json!({ "MaxResults": 2, "NextToken": first["NextToken"] }));
    assert_eq!(ids_of(&next), [ids[0].clone()]);
    assert_eq!(ids_of(&list(json!({ "Status": "SENT" }))), [ids[0].clone()]);
    let other = json!({ "Status": "WAITING", "NextToken": first["NextToken"] });
    assert!(post.call("ListMessages", other).is_err());
    assert!(post.call("ListMessages", json!({ "Status": "LOST" })).is_err());
}

/// Calls an operation on one message as somebody else.
fn read_as(center: &Center, by: &Arc<Caller>, id: &str) -> Result<Value, Fault> {
    let body = json!({ "IdentityStoreId": center.bench.store_id(), "MessageId": id });
    center.bench.call_as(by, "PorticoAdmin.GetMessage", &body)
}

fn reset_as(center: &Center, by: &Arc<Caller>, user: &UserId) -> Result<String, Fault> {
    let body = json!({
        "IdentityStoreId": center.bench.store_id(), "UserId": user.as_str(), "Mode": "EMAIL",
    });
    let reply = center.bench.call_as(by, "PorticoAdmin.ResetUserPassword", &body)?;
    Ok(text(&reply, "/MessageId"))
}

#[test]
fn a_message_makes_its_reader_nobody_stronger() {
    let center = Center::new();
    let actions = [HELP.as_slice(), &["portico:GetMessage"]].concat();
    let helper = person(&center, "helper", &actions);
    let boss = person(&center, "boss", &["*"]);
    set_address(&center.bench, &boss.id, &json!([{ "Value": "boss@example.com" }]));
    // Who may not reset the password may not send it either, since they could have changed the address.
    assert!(matches!(reset_as(&center, &helper.caller, &boss.id), Err(Fault::Denied(_))));
    let id = reset_as(&center, &administrator(ACCOUNT), &boss.id).unwrap();
    let Err(Fault::Denied(denial)) = read_as(&center, &helper.caller, &id) else { panic!() };
    assert!(denial.because.contains("hand it over"), "{}", denial.because);
    // A confirmed request lets the helper send the message, and not read it.
    let asked = request(&center, &helper.caller, &boss.id);
    confirm(&center, &administrator(ACCOUNT), &asked).unwrap();
    let id = reset_as(&center, &helper.caller, &boss.id).unwrap();
    assert!(matches!(read_as(&center, &helper.caller, &id), Err(Fault::Denied(_))));
    assert!(read_as(&center, &administrator(ACCOUNT), &id).is_ok());
}

#[test]
fn the_reader_of_a_message_answers_for_its_password() {
    let center = Center::new();
    let helper = person(&center, "helper", &["portico:GetMessage"]);
    let user = person_with_address(&center.bench, "alice", "alice@example.com");
    // The administrator who asks may do everything, and the helper who reads may not.
    let id = reset_as(&center, &administrator(ACCOUNT), &user).unwrap();
    let shown = read_as(&center, &helper.caller, &id).unwrap();
    let password = password_in(shown["Text"].as_str().unwrap());
    let set = center.create_set_of("Everything", &["*"]);
    center.assign(&for_user(&set, user.as_str()));
    assert!(matches!(center.bench.sign_in("alice", &password), Ok(Authentication::Wrong)));
    center.unassign(&for_user(&set, user.as_str()));
    let signed = center.bench.sign_in("alice", &password);
    assert!(matches!(signed, Ok(Authentication::MustSetPassword { .. })));
}
