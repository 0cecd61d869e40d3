//! "Forgot password": the same for every name, and a link for a person who may set another password.

use kernel::Portico;
use model::ids::UserId;
use model::password::LinkPurpose;
use model::{AuditEvent, Fault};
use serde_json::json;
use sign_in::authenticate::Authentication;
use store::{LoggedEvent, password_link};
use testing::center::{Center, for_user};
use testing::people::PASSWORD;
use testing::{ACCOUNT, administrator};

use crate::invitations::{accept, open, secret_in};
use crate::messages::{Post, set_address};
use crate::password_reset::person;

const MINUTE_MS: i64 = 60 * 1000;
const OTHER: &str = "Another-Horse-9";

fn forget(post: &Post, name: &str) {
    post.bench.forgot_password(name).unwrap();
    post.bench.finish_jobs();
}

fn secret(post: &Post) -> String {
    forget(post, "alice");
    secret_in(&post.last_mail().text)
}

#[test]
fn a_person_who_forgot_the_password_sets_another_by_mail() {
    let post = Post::new();
    let Ok(Authentication::SignedIn(session)) = post.bench.sign_in("alice", PASSWORD) else {
        panic!("not signed in")
    };
    forget(&post, " ALICE ");
    let mail = post.last_mail();
    assert_eq!(mail.to, "alice@example.com");
    assert!(mail.text.contains("Asked from: 192.0.2.1"), "{}", mail.text);
    // Until the link is used, the password is as it was.
    assert!(matches!(post.bench.sign_in("alice", PASSWORD), Ok(Authentication::SignedIn(_))));
    let secret = secret_in(&mail.text);
    assert_eq!(open(&post.bench, &secret).unwrap().purpose, LinkPurpose::PasswordReset);
    assert!(accept(&post.bench, &secret, OTHER).is_ok());
    assert!(post.bench.caller_of(&session).is_err());
    assert!(matches!(post.bench.sign_in("alice", PASSWORD), Ok(Authentication::Wrong)));
    assert!(matches!(post.bench.sign_in("alice", OTHER), Ok(Authentication::SignedIn(_))));
    assert!(matches!(open(&post.bench, &secret), Err(Fault::NoSession)));
    assert_eq!(post.last_mail().subject, "Your password was changed");
    let described = post.bench.admin("DescribeUserSignIn", &post.user, json!({})).unwrap();
    assert_eq!(described["EmailVerified"], true);
}

#[test]
fn a_link_is_good_for_an_hour_and_ends_with_a_newer_one() {
    let post = Post::new();
    let (former, latter) = (secret(&post), secret(&post));
    assert!(open(&post.bench, &former).is_err());
    post.bench.clock.advance(60 * MINUTE_MS - 1);
    assert!(open(&post.bench, &latter).is_ok());
    post.bench.clock.advance(1);
    assert!(open(&post.bench, &latter).is_err());
}

#[test]
fn nobody_learns_who_is_a_user() {
    let post = Post::new();
    post.bench.create_user("without-password");
    post.bench.create_person("without-address");
    let (disabled, _) = post.bench.create_person("disabled");
    set_address(&post.bench, &disabled, &json!([{ "Value": "disabled@example.com" }]));
    post.bench.admin("DisableUser", &disabled, json!({})).unwrap();
    let event = |name: &str| {
        // Events of one millisecond have no order.
        post.bench.clock.advance(1);
        let before = post.bench.log().len();
        post.bench.forgot_password(name).unwrap();
        let mut added = post.bench.log().split_off(before);
        assert_eq!(added.len(), 1, "{added:?}");
        let event = added.remove(0);
        assert!(!format!("{event:?}").contains(name), "{event:?}");
        (event.action, event.resource, event.error)
    };
    let of_alice = event("alice");
    for name in ["nobody", "without-password", "without-address", "disabled", "Correct-Horse-9"] {
        assert_eq!(event(name), of_alice, "{name}");
    }
    post.bench.finish_jobs();
    assert_eq!(post.count(), 1);
    // The log of a person has why there was no message.
    let events = post.bench.logged("signin:ForgotPassword");
    let with =
        |words: &str| events.iter().filter(|event| format!("{event:?}").contains(words)).count();
    assert_eq!(with("the person is disabled"), 1);
    assert_eq!(with("the person has no address"), 1);
    assert_eq!(with("has not chosen a password yet"), 1);
    assert_eq!(with("messageId"), 1);
}

#[test]
fn a_network_asks_a_few_times_and_a_person_gets_a_few_messages() {
    let post = Post::new();
    for number in 0..10 {
        let name = if number % 2 == 0 { "alice" } else { "nobody" };
        assert_eq!(post.bench.forgot_password(name), Ok(()));
    }
    for name in ["alice", "nobody"] {
        let refused = post.bench.forgot_password(name);
        assert!(matches!(refused, Err(Fault::Throttled { .. })), "{refused:?}");
    }
    assert_eq!(post.bench.forgot_password_from("198.51.100.1", "nobody"), Ok(()));
    post.bench.finish_jobs();
    assert_eq!(post.count(), 3 - 2, "a newer message ends those that wait");
    post.bench.clock.advance(MINUTE_MS);
    assert_eq!(post.bench.forgot_password("alice"), Ok(()));
    post.bench.finish_jobs();
    assert_eq!(post.count(), 1, "three an hour");
    post.bench.clock.advance(20 * MINUTE_MS);
    forget(&post, "alice");
    assert_eq!(post.count(), 2);
}

/// The job that makes a link reads a snapshot, so its commit may follow that of a reset which it has not seen.
#[test]
fn a_link_that_was_made_beside_a_reset_is_good_no_more() {
    let post = Post::new();
    let secret = secret(&post);
    let store_id = post.bench.store_id().parse().unwrap();
    let kept = post.bench.as_caller(&Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:Test", "*").unwrap();
        let (mut read, purpose) = (ctx.read(&permit).unwrap(), LinkPurpose::PasswordReset);
        let now_ms = ctx.now_ms();
        password_link::find_of_user(&mut read, &store_id, &post.user, purpose, now_ms).unwrap()
    });
    let once = post.bench.one_time_password(&post.user);
    post.bench.as_caller(&Portico::itself(), |ctx| {
        let mut tx = ctx.begin(ctx.authorize("portico:Test", "*").unwrap()).unwrap();
        password_link::put(&mut tx, &kept.unwrap()).unwrap();
        tx.commit(&AuditEvent::new()).unwrap();
    });
    assert_eq!(open(&post.bench, &secret).err(), Some(Fault::NoSession));
    let signed = post.bench.sign_in("alice", &once);
    assert!(matches!(signed, Ok(Authentication::MustSetPassword { .. })), "{signed:?}");
}

/// Makes the helper, who may change addresses, the one who set the address of the person.
pub(super) fn set_address_as(
    center: &Center,
    helper: &std::sync::Arc<policy::Caller>,
    user: &UserId,
) {
    let emails = json!([{ "Value": "helper@example.com" }]);
    let operations = json!([{ "AttributePath": "emails", "AttributeValue": emails }]);
    let body = json!({
        "IdentityStoreId": center.bench.store_id(), "UserId": user.as_str(), "Operations": operations,
    });
    center.bench.call_as(helper, "AWSIdentityStore.UpdateUser", &body).unwrap();
}

#[test]
fn who_changes_the_address_of_a_person_gets_no_link_to_act_as_them() {
    let center = Center::new();
    let actions = ["identitystore:UpdateUser", "portico:SendEmailVerification"];
    let helper = person(&center, "helper", &actions);
    let boss = person(&center, "boss", &["*"]);
    let messages = || {
        center.bench.forgot_password("boss").unwrap();
        center.bench.finish_jobs();
        center.bench.clock.advance(60 * MINUTE_MS);
        let body = json!({ "IdentityStoreId": center.bench.store_id() });
        let list = center.bench.call("PorticoAdmin.ListMessages", &body).unwrap();
        list["Messages"].as_array().unwrap().len()
    };
    assert_eq!(messages(), 0, "the boss has no address");
    set_address_as(&center, &helper.caller, &boss.id);
    assert_eq!(messages(), 0);
    let events = center.bench.logged("signin:ForgotPassword");
    let is_told = |event: &LoggedEvent| event.details.contains("is not verified");
    assert!(events.iter().any(is_told), "{events:?}");
    // An administrator who may do as much as the boss answers for the address.
    set_address(&center.bench, &boss.id, &json!([{ "Value": "boss@example.com" }]));
    assert_eq!(messages(), 1);
    // The helper answers for a later address of a person who is not stronger.
    let nobody = center.bench.create_person("nobody").0;
    set_address_as(&center, &helper.caller, &nobody);
    center.bench.forgot_password("nobody").unwrap();
    center.bench.finish_jobs();
    let list = json!({ "IdentityStoreId": center.bench.store_id(), "Status": "WAITING" });
    let list = center.bench.call("PorticoAdmin.ListMessages", &list).unwrap();
    let id = &list["Messages"][0]["MessageId"];
    let body = json!({ "IdentityStoreId": center.bench.store_id(), "MessageId": id });
    let shown = center.bench.call_as(&administrator(ACCOUNT), "PorticoAdmin.GetMessage", &body);
    let secret = secret_in(shown.unwrap()["Text"].as_str().unwrap());
    assert!(open(&center.bench, &secret).is_ok());
    let everything = center.create_set_of("Everything", &["*"]);
    center.assign(&for_user(&everything, nobody.as_str()));
    // The administrator has read the message, and answers for the link in place of the helper.
    assert!(open(&center.bench, &secret).is_ok());
}
