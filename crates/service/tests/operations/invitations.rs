//! Invitations: a link for a first password, and what ends it.

use std::sync::Arc;

use ::sign_in::open_password_link::{OPERATION, OpenPasswordLinkRequest, OpenedLink};
use ::sign_in::verify_email::{self, VerifyEmailRequest, find_address};
use kernel::Portico;
use kernel::sessions::NewSession;
use model::Fault;
use model::ids::UserId;
use model::password::LinkPurpose;
use policy::Caller;
use serde_json::{Value, json};
use sign_in::authenticate::Authentication;
use testing::center::{Center, for_user, text};
use testing::people::{BROWSER, PASSWORD};
use testing::{ACCOUNT, Bench, administrator};

use crate::messages::{Post, set_address};
use crate::password_reset::person;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Bench with a person who has an address and no password.
struct Guest {
    post: Post,
    user: UserId,
}

impl Guest {
    fn new() -> Self {
        let post = Post::new();
        let user = post.bench.create_user("grace");
        set_address(&post.bench, &user, &json!([{ "Value": "grace@example.com" }]));
        Self { post, user }
    }

    fn bench(&self) -> &Bench {
        &self.post.bench
    }

    fn invite(&self) -> Result<Value, Fault> {
        self.bench().admin("InviteUser", &self.user, json!({}))
    }

    /// Invites the person. Returns the secret of the link in the mail.
    fn secret(&self) -> String {
        self.invite().unwrap();
        secret_in(&self.post.last_mail().text)
    }

    fn described(&self) -> Value {
        self.bench().admin("DescribeUserSignIn", &self.user, json!({})).unwrap()
    }
}

/// The secret of the link in the text of a message.
pub(super) fn secret_in(text: &str) -> String {
    let (_, rest) = text.split_once("?token=").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

pub(super) fn open(bench: &Bench, secret: &str) -> Result<OpenedLink, Fault> {
    let request =
        OpenPasswordLinkRequest { secret: secret.to_owned(), browser: BROWSER.to_owned() };
    bench.as_caller(&Portico::anonymous(), |ctx| OPERATION.call(ctx, &request))
}

/// Opens a link and sets a password.
pub(super) fn accept(bench: &Bench, secret: &str, password: &str) -> Result<NewSession, Fault> {
    bench.set_password(&open(bench, secret)?.ticket, BROWSER, password)
}

fn is_void<T>(outcome: &Result<T, Fault>) -> bool {
    matches!(outcome, Err(Fault::NoSession))
}

#[test]
fn an_invitation_leads_to_a_password_and_that_to_a_session() {
    let guest = Guest::new();
    let reply = guest.invite().unwrap();
    // 1,800,000,000 seconds, and 7 days.
    assert_eq!(reply["ExpirationTime"].as_f64(), Some(1_800_604_800.0));
    assert_eq!(guest.described()["InvitationExpirationTime"], reply["ExpirationTime"]);
    let mail = guest.post.last_mail();
    assert_eq!(
        (mail.to.as_str(), mail.subject.as_str()),
        ("grace@example.com", "Accept your invitation")
    );
    let secret = secret_in(&mail.text);
    assert!(mail.html.contains(&format!("http://localhost:8080/set-password?token={secret}")));
    let opened = open(guest.bench(), &secret).unwrap();
    assert_eq!((opened.purpose, opened.user_name.as_str()), (LinkPurpose::Invitation, "grace"));
    let session = guest.bench().set_password(&opened.ticket, BROWSER, PASSWORD).unwrap();
    assert!(guest.bench().caller_of(&session).is_ok());
    assert!(matches!(guest.bench().sign_in("grace", PASSWORD), Ok(Authentication::SignedIn(_))));
    let described = guest.described();
    assert_eq!(described["PasswordStatus"], "CHOSEN");
    assert_eq!(described["EmailVerified"], true);
    assert_eq!(described.get("InvitationExpirationTime"), None);
    // Neither the log nor the list has the secret.
    assert!(guest.bench().log().iter().all(|event| !format!("{event:?}").contains(&secret)));
    let events = guest.bench().logged("signin:SetPassword");
    let verified = events.iter().filter(|event| event.details.contains("VerifyEmail")).count();
    assert_eq!(verified, 1, "{events:?}");
    assert!(matches!(guest.invite(), Err(Fault::Conflict { .. })));
}

#[test]
fn a_link_is_opened_as_often_as_programs_like_and_used_once() {
    let guest = Guest::new();
    let secret = guest.secret();
    let tickets: Vec<String> =
        (0..3).map(|_| open(guest.bench(), &secret).unwrap().ticket).collect();
    assert_eq!(guest.described()["PasswordStatus"], "NONE");
    assert!(guest.bench().set_password(&tickets[1], BROWSER, PASSWORD).is_ok());
    for ticket in &tickets {
        assert!(is_void(&guest.bench().set_password(ticket, BROWSER, "Another-Horse-9")));
    }
    assert!(is_void(&open(guest.bench(), &secret)));
    assert!(matches!(guest.bench().sign_in("grace", PASSWORD), Ok(Authentication::SignedIn(_))));
}

#[test]
fn a_ticket_of_a_link_is_good_in_its_browser_for_a_quarter_of_an_hour() {
    let guest = Guest::new();
    let secret = guest.secret();
    let ticket = open(guest.bench(), &secret).unwrap().ticket;
    assert!(is_void(&guest.bench().set_password(&ticket, "another browser", PASSWORD)));
    guest.bench().clock.advance(15 * 60 * 1000);
    assert!(is_void(&guest.bench().set_password(&ticket, BROWSER, PASSWORD)));
    // The link is good still.
    assert!(accept(guest.bench(), &secret, PASSWORD).is_ok());
}

#[test]
fn a_link_ends_with_time_a_newer_one_another_password_and_its_person() {
    let first = Guest::new();
    let (former, secret) = (first.secret(), first.secret());
    assert!(is_void(&open(first.bench(), &former)));
    first.bench().clock.advance(7 * DAY_MS - 1);
    let ticket = open(first.bench(), &secret).unwrap().ticket;
    first.bench().clock.advance(1);
    assert!(is_void(&open(first.bench(), &secret)));
    assert!(is_void(&first.bench().set_password(&ticket, BROWSER, PASSWORD)));

    let end_by = |end: &dyn Fn(&Guest)| {
        let guest = Guest::new();
        let secret = guest.secret();
        let ticket = open(guest.bench(), &secret).unwrap().ticket;
        end(&guest);
        assert!(is_void(&open(guest.bench(), &secret)));
        assert!(is_void(&guest.bench().set_password(&ticket, BROWSER, PASSWORD)));
    };
    end_by(&|guest| {
        guest.bench().one_time_password(&guest.user);
    });
    end_by(&|guest| {
        guest.bench().admin("DisableUser", &guest.user, json!({})).unwrap();
    });
    end_by(&|guest| {
        let body = json!({"IdentityStoreId": guest.bench().store_id(), "UserId": guest.user});
        guest.bench().call("AWSIdentityStore.DeleteUser", &body).unwrap();
    });
    // The mailbox may be another person's by now.
    end_by(&|guest| {
        set_address(guest.bench(), &guest.user, &json!([{ "Value": "hopper@example.com" }]));
    });
    for text in ["", "x", &"A".repeat(43)] {
        assert!(is_void(&open(first.bench(), text)));
    }
}

#[test]
fn a_message_with_a_link_that_ended_is_not_sent() {
    let guest = Guest::new();
    let ids: Vec<String> = (0..2).map(|_| text(&guest.invite().unwrap(), "/MessageId")).collect();
    assert_eq!(
        ids.iter().map(|id| guest.post.status(id)).collect::<Vec<_>>(),
        ["ENDED", "WAITING"]
    );
    guest.bench().one_time_password(&guest.user);
    assert_eq!(guest.post.status(&ids[1]), "ENDED");
    assert_eq!(guest.post.count(), 0);
}

#[test]
fn who_cannot_be_invited_is_told() {
    let guest = Guest::new();
    let nobody = guest.bench().create_user("nobody");
    let refused = guest.bench().admin("InviteUser", &nobody, json!({}));
    let Err(Fault::Conflict { because }) = refused else { panic!("{refused:?}") };
    assert!(because.contains("no e-mail address"), "{because}");
    guest.bench().admin("DisableUser", &guest.user, json!({})).unwrap();
    assert!(matches!(guest.invite(), Err(Fault::Conflict { .. })));
}

#[test]
fn an_invitation_that_was_handed_over_proves_no_address() {
    let guest = Guest::new();
    let id = text(&guest.invite().unwrap(), "/MessageId");
    let shown = guest.post.get(&id).unwrap();
    let secret = secret_in(shown["Text"].as_str().unwrap());
    accept(guest.bench(), &secret, PASSWORD).unwrap();
    let described = guest.described();
    assert_eq!(
        (&described["PasswordStatus"], &described["EmailVerified"]),
        (&json!("CHOSEN"), &json!(false))
    );
}

fn invite_as(center: &Center, by: &Arc<Caller>, user: &UserId) -> Result<Value, Fault> {
    let body = json!({ "IdentityStoreId": center.bench.store_id(), "UserId": user.as_str() });
    center.bench.call_as(by, "PorticoAdmin.InviteUser", &body)
}

fn read_as(center: &Center, by: &Arc<Caller>, id: &str) -> Result<String, Fault> {
    let body = json!({ "IdentityStoreId": center.bench.store_id(), "MessageId": id });
    let shown = center.bench.call_as(by, "PorticoAdmin.GetMessage", &body)?;
    Ok(secret_in(shown["Text"].as_str().unwrap()))
}

#[test]
fn an_invitation_makes_its_reader_nobody_stronger() {
    let center = Center::new();
    let helper = person(&center, "helper", &["portico:InviteUser", "portico:GetMessage"]);
    let guest = |name: &str| {
        let user = center.bench.create_user(name);
        let address = json!([{ "Value": format!("{name}@example.com") }]);
        set_address(&center.bench, &user, &address);
        user
    };
    let everything = center.create_set_of("Everything", &["*"]);
    let boss = guest("boss");
    center.assign(&for_user(&everything, boss.as_str()));
    // Who may change the address could read the mail.
    assert!(matches!(invite_as(&center, &helper.caller, &boss), Err(Fault::Denied(_))));
    let invited = invite_as(&center, &administrator(ACCOUNT), &boss).unwrap();
    let id = text(&invited, "/MessageId");
    assert!(matches!(read_as(&center, &helper.caller, &id), Err(Fault::Denied(_))));
    let secret = read_as(&center, &administrator(ACCOUNT), &id).unwrap();
    assert!(open(&center.bench, &secret).is_ok());

    // An invitation from before the person got a role is compared when it is used.
    let later = guest("later");
    let id = text(&invite_as(&center, &helper.caller, &later).unwrap(), "/MessageId");
    let secret = read_as(&center, &helper.caller, &id).unwrap();
    let ticket = open(&center.bench, &secret).unwrap().ticket;
    center.assign(&for_user(&everything, later.as_str()));
    assert!(is_void(&open(&center.bench, &secret)));
    assert!(is_void(&center.bench.set_password(&ticket, BROWSER, PASSWORD)));
    center.unassign(&for_user(&everything, later.as_str()));
    assert!(accept(&center.bench, &secret, PASSWORD).is_ok());

    // The reader answers for it, whoever asked.
    let read = guest("read");
    let invited = invite_as(&center, &administrator(ACCOUNT), &read).unwrap();
    let secret = read_as(&center, &helper.caller, &text(&invited, "/MessageId")).unwrap();
    center.assign(&for_user(&everything, read.as_str()));
    assert!(is_void(&open(&center.bench, &secret)));
}

#[test]
fn an_address_is_confirmed_by_the_person_who_signs_in() {
    let post = Post::new();
    let bench = &post.bench;
    let token = || {
        bench.admin("SendEmailVerification", &post.user, json!({})).unwrap();
        secret_in(&post.last_mail().text)
    };
    let is_verified = || {
        let described = bench.admin("DescribeUserSignIn", &post.user, json!({})).unwrap();
        described["EmailVerified"] == true
    };
    let session = |name: &str| match bench.sign_in(name, PASSWORD) {
        Ok(Authentication::SignedIn(session)) => bench.caller_of(&session).unwrap(),
        other => panic!("{other:?}"),
    };
    let verify = |by: &Arc<Caller>, token: &str| {
        let request = VerifyEmailRequest { token: token.to_owned() };
        bench.as_caller(by, |ctx| {
            let shown = find_address(ctx, &request).map(|address| address.to_string());
            let done = verify_email::OPERATION.call(ctx, &request);
            assert_eq!(shown.is_ok(), done.is_ok());
            done.map(|()| shown.unwrap())
        })
    };
    let first = token();
    bench.create_person("mallory");
    assert!(matches!(verify(&session("mallory"), &first), Err(Fault::Conflict { .. })));
    assert!(verify(&Portico::anonymous(), &first).is_err());
    assert!(!is_verified());
    let alice = session("alice");
    assert_eq!(verify(&alice, &first).as_deref(), Ok("alice@example.com"));
    assert!(is_verified());
    // Another address is not confirmed, whatever the former was.
    set_address(bench, &post.user, &json!([{ "Value": "a@example.com" }]));
    assert!(!is_verified());
    assert!(matches!(verify(&alice, &first), Err(Fault::Conflict { .. })));
    let second = token();
    bench.clock.advance(7 * DAY_MS);
    assert!(matches!(verify(&session("alice"), &second), Err(Fault::Conflict { .. })));
    assert!(verify(&session("alice"), &token()).is_ok());
}
