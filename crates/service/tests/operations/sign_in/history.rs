//! The history of a person's sign-ins, and the warning about many attempts in vain.

use kernel::Portico;
use kernel::page::Page;
use model::Fault;
use model::sign_in_record::{CredentialType, SignInOutcome};
use serde_json::{Value, json};
use sign_in::history::write_failures;
use sign_in::own_sign_ins::{ListOwnSignInsRequest, OPERATION};
use testing::people::{BROWSER, PASSWORD, browser_of};

use super::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::messages::Post;

/// The history as administrators see it: what happened, with what, from where, how often.
fn history(post: &Post) -> Vec<(String, String, String, i64)> {
    write_failures(&post.bench.portico).unwrap();
    let reply = post.bench.admin("ListSignIns", &post.user, json!({})).unwrap();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
    let entries = reply["SignIns"].as_array().unwrap().iter();
    let told = |entry: &Value| {
        let [outcome, kind, address] =
            ["Outcome", "CredentialType", "SourceAddress"].map(|name| text(entry, name));
        (outcome, kind, address, entry["Attempts"].as_i64().unwrap())
    };
    entries.map(told).collect()
}

fn entry(outcome: &str, kind: &str, address: &str, attempts: i64) -> (String, String, String, i64) {
    (outcome.to_owned(), kind.to_owned(), address.to_owned(), attempts)
}

fn guess(post: &Post, address: &str, name: &str) {
    let outcome = post.bench.sign_in_from(address, "strange browser", name, "Wrong-Password-1");
    assert!(outcome.is_ok() || matches!(outcome, Err(Fault::Throttled { .. })), "{outcome:?}");
}

#[test]
fn administrators_see_how_a_person_signed_in_and_what_failed() {
    let post = Post::new();
    let first = entry("SUCCEEDED", "PASSWORD", "192.0.2.1", 1);
    assert_eq!(history(&post), std::slice::from_ref(&first));
    post.bench.clock.advance(1000);
    guess(&post, "203.0.113.9", "alice");
    guess(&post, "203.0.113.9", "ALICE");
    guess(&post, "203.0.113.9", "nobody");
    post.bench.clock.advance(1000);
    let failed = entry("FAILED", "PASSWORD", "203.0.113.9", 2);
    assert_eq!(history(&post), [failed.clone(), first.clone()]);
    post.bench.clock.advance(1000);
    guess(&post, "203.0.113.9", "alice");
    let failed = entry("FAILED", "PASSWORD", "203.0.113.9", 3);
    assert_eq!(history(&post), [failed.clone(), first.clone()]);
    post.bench.clock.advance(1000);
    assert!(post.bench.sign_in("alice", PASSWORD).is_ok());
    let second = entry("SUCCEEDED", "PASSWORD", "192.0.2.1", 1);
    assert_eq!(history(&post), [second, failed, first]);
}

#[test]
fn a_second_factor_is_what_the_history_tells() {
    let post = Post::new();
    let bench = &post.bench;
    bench.put_mfa_settings(json!({ "NoMfaSignInBehavior": "REQUIRE_REGISTRATION" }));
    let browser = browser_of(BROWSER);
    let step = bench.second_step("alice", &browser);
    // The password alone is no sign-in.
    assert_eq!(history(&post).len(), 1);
    let offer = bench.offer(&step, &browser).unwrap();
    let app = testing::people::App::of(&offer);
    bench.clock.advance(MINUTE_MS);
    let code = app.code_at(bench.portico.clock.now_ms());
    bench.register(&step, &browser, (&offer, &code)).unwrap();
    assert_eq!(history(&post)[0], entry("SUCCEEDED", "TOTP", "192.0.2.1", 1));
    bench.clock.advance(MINUTE_MS);
    let step = bench.second_step("alice", &browser);
    let request = sign_in::verify_totp::VerifyTotpRequest {
        ticket: step.ticket,
        browser,
        code: "000000".to_owned(),
        trusts: false,
    };
    bench
        .as_caller(&Portico::anonymous(), |ctx| sign_in::verify_totp::verify_totp(ctx, &request))
        .unwrap();
    assert_eq!(history(&post)[0], entry("FAILED", "TOTP", "192.0.2.1", 1));
}

#[test]
fn a_person_sees_their_own_history_by_pages() {
    let post = Post::new();
    let (user, mut session) = post.bench.create_person("bob");
    for _ in 0..11 {
        post.bench.clock.advance(1000);
        let outcome = post.bench.sign_in("bob", PASSWORD).unwrap();
        let sign_in::authenticate::Authentication::SignedIn(new) = outcome else { panic!() };
        session = new;
    }
    let caller = post.bench.caller_of(&session).unwrap();
    let list = |next: &str| {
        let request = ListOwnSignInsRequest { page: Page::new(10, next) };
        post.bench.as_caller(&caller, |ctx| OPERATION.call(ctx, &request))
    };
    let first = list("").unwrap();
    let next = first.next_token.clone().unwrap();
    let second = list(&next).unwrap();
    assert_eq!((first.sign_ins.len(), second.sign_ins.len()), (10, 2));
    assert_eq!(second.next_token, None);
    for record in first.sign_ins.iter().chain(&second.sign_ins) {
        assert_eq!((&record.user_id, record.outcome), (&user, SignInOutcome::Succeeded));
        assert_eq!(record.credential_type, CredentialType::Password);
    }
    assert!(list("other").is_err());
}

#[test]
fn a_person_is_warned_of_many_failures_once_a_day() {
    let post = Post::new();
    let guess_from_many = |count: u32| {
        for number in 0..count {
            guess(&post, &format!("203.0.{number}.9"), "alice");
            guess(&post, &format!("203.0.{number}.9"), "nobody");
            post.bench.clock.advance(1000);
        }
        write_failures(&post.bench.portico).unwrap();
    };
    guess_from_many(29);
    assert_eq!(post.count(), 0);
    guess_from_many(1);
    let mail = post.last_mail();
    assert_eq!(
        (mail.to.as_str(), mail.subject.as_str()),
        ("alice@example.com", "Many attempts to sign in as you")
    );
    assert!(mail.text.contains("there were 30 attempts"), "{}", mail.text);
    assert_eq!(post.bench.events("signin:NoteFailedSignIns").len(), 1);
    post.bench.clock.advance(12 * HOUR_MS);
    guess_from_many(31);
    assert_eq!(post.count(), 1);
    post.bench.clock.advance(12 * HOUR_MS);
    guess_from_many(31);
    assert_eq!(post.count(), 2);
    post.bench.clock.advance(2 * DAY_MS);
    guess_from_many(1);
    assert_eq!(post.count(), 2);
}

#[test]
fn a_warning_waits_while_the_address_has_had_its_messages_of_the_hour() {
    let post = Post::new();
    post.send_ten();
    assert_eq!(post.count(), 10);
    for number in 0..30 {
        guess(&post, &format!("203.0.{number}.9"), "alice");
    }
    write_failures(&post.bench.portico).unwrap();
    assert_eq!(post.count(), 10);
    post.bench.clock.advance(HOUR_MS);
    assert_eq!(post.count(), 11);
}

#[test]
fn a_person_without_an_address_or_who_is_gone_is_no_trouble() {
    let post = Post::new();
    post.bench.create_person("bob");
    let (user, _) = post.bench.create_person("carol");
    for number in 0..30 {
        for name in ["bob", "carol"] {
            guess(&post, &format!("203.0.{number}.9"), name);
        }
        post.bench.clock.advance(1000);
    }
    post.bench
        .call(
            "AWSIdentityStore.DeleteUser",
            &json!({
                "IdentityStoreId": post.bench.store_id(), "UserId": user,
            }),
        )
        .unwrap();
    write_failures(&post.bench.portico).unwrap();
    assert_eq!(post.count(), 0);
    // No message was made, so no event says so.
    assert!(post.bench.events("signin:NoteFailedSignIns").is_empty());
}
