//! The code that goes to a person's address in place of a second factor.

use ::sign_in::browser::Browser;
use ::sign_in::email_code::{
    SendEmailCodeRequest, VerifyEmailCodeRequest, send_email_code, verify_email_code,
};
use ::sign_in::sequence::{Ask, Progress, SecondStep};
use ::sign_in::verify_totp::{Verification, WrongCode};
use kernel::Portico;
use model::Fault;
use serde_json::{Value, json};
use testing::Bench;
use testing::people::{BROWSER, browser_of};

use super::MINUTE_MS;

/// Bench whose instance sends codes, with a person who has an address.
fn bench() -> Bench {
    let bench = Bench::new();
    let (user, _) = bench.create_person("alice");
    let body = json!({
        "IdentityStoreId": bench.store_id(),
        "UserId": user.to_string(),
        "Operations": [{
            "AttributePath": "emails",
            "AttributeValue": [{"Value": "alice@example.com", "Type": "work", "Primary": true}],
        }],
    });
    bench.call("AWSIdentityStore.UpdateUser", &body).unwrap();
    bench.put_mfa_settings(json!({"NoMfaSignInBehavior": "EMAIL_OTP"}));
    bench
}

fn send(bench: &Bench, step: &SecondStep) -> Result<SecondStep, Fault> {
    let request =
        SendEmailCodeRequest { ticket: step.ticket.clone(), browser: browser_of(BROWSER) };
    bench.as_caller(&Portico::anonymous(), |ctx| send_email_code(ctx, &request))
}

fn verify(
    bench: &Bench,
    step: &SecondStep,
    browser: &Browser,
    code: &str,
) -> Result<Verification, Fault> {
    let request = VerifyEmailCodeRequest {
        ticket: step.ticket.clone(),
        browser: browser.clone(),
        code: code.to_owned(),
        trusts: true,
    };
    bench.as_caller(&Portico::anonymous(), |ctx| verify_email_code(ctx, &request))
}

/// The code in the last message, which an administrator hands over.
fn read(bench: &Bench) -> String {
    let store = json!({"IdentityStoreId": bench.store_id()});
    let listed = bench.call("PorticoAdmin.ListMessages", &store).unwrap();
    let message = &listed["Messages"][0];
    assert_eq!(
        (&message["Kind"], &message["Recipient"]),
        (&Value::from("SIGN_IN_CODE"), &Value::from("alice@example.com"))
    );
    let body = json!({"IdentityStoreId": bench.store_id(), "MessageId": message["MessageId"]});
    let read = bench.call("PorticoAdmin.GetMessage", &body).unwrap();
    let text = read["Text"].as_str().unwrap();
    let code = text.lines().find_map(|line| line.trim().strip_prefix("Code: ")).unwrap();
    code.to_owned()
}

fn wrong(outcome: Result<Verification, Fault>) -> WrongCode {
    match outcome.unwrap() {
        Verification::Wrong(why, _) => why,
        right @ Verification::Right { .. } => panic!("{right:?}"),
    }
}

#[test]
fn a_code_by_mail_lets_in_once() {
    let bench = bench();
    let browser = browser_of(BROWSER);
    let step = bench.second_step("alice", &browser);
    assert_eq!(step.ask, Ask::EmailCode { may_trust: true });
    assert_eq!(wrong(verify(&bench, &step, &browser, "12345678")), WrongCode::Over);
    let step = send(&bench, &step).unwrap();
    let code = read(&bench);
    assert_eq!(code.len(), 8);
    assert_eq!(wrong(verify(&bench, &step, &browser, "x")), WrongCode::Mistyped);
    let elsewhere = browser_of("another");
    let other = bench.second_step("alice", &elsewhere);
    assert_eq!(wrong(verify(&bench, &other, &elsewhere, &code)), WrongCode::Mistyped);
    // Events of one millisecond are in no order.
    bench.clock.advance(1);
    let Ok(Verification::Right { progress: Progress::SignedIn(session), trusted }) =
        verify(&bench, &step, &browser, &format!(" {code} "))
    else {
        panic!("the code is not right")
    };
    assert!(bench.caller_of(&session).is_ok());
    assert_eq!(wrong(verify(&bench, &step, &browser, &code)), WrongCode::Over);
    let last = bench.events("signin:UserAuthentication").pop().unwrap();
    assert!(last.details.contains("EMAIL_OTP") && !last.details.contains(&code));
    // The browser is the person's own.
    let own = Browser { trusted: trusted.unwrap(), ..browser };
    let outcome = bench.sign_in_with("alice", testing::people::PASSWORD, &own).unwrap();
    assert!(matches!(outcome, ::sign_in::authenticate::Authentication::SignedIn(_)));
}

#[test]
fn a_code_by_mail_ends_with_the_next_one_and_after_ten_minutes() {
    let bench = bench();
    let browser = browser_of(BROWSER);
    let step = send(&bench, &bench.second_step("alice", &browser)).unwrap();
    let first = read(&bench);
    let step = send(&bench, &step).unwrap();
    let second = read(&bench);
    assert_eq!(wrong(verify(&bench, &step, &browser, &first)), WrongCode::Mistyped);
    bench.clock.advance(10 * MINUTE_MS);
    assert_eq!(wrong(verify(&bench, &step, &browser, &second)), WrongCode::Over);
}

#[test]
fn codes_by_mail_have_limits() {
    let bench = bench();
    let browser = browser_of(BROWSER);
    let mut step = bench.second_step("alice", &browser);
    for _ in 0..10 {
        step = send(&bench, &step).unwrap();
    }
    assert!(matches!(send(&bench, &step), Err(Fault::Quota { .. })));
    let heard = (0..20).filter(|_| verify(&bench, &step, &browser, "12345678").is_ok()).count();
    assert_eq!(heard, 5);
}

#[test]
fn a_person_without_an_address_is_blocked() {
    let bench = bench();
    bench.begin_person("bob");
    bench.clock.advance(1);
    let step = bench.second_step("bob", &browser_of(BROWSER));
    assert_eq!(step.ask, Ask::Blocked);
    assert_eq!(send(&bench, &step).unwrap_err(), Fault::NoSession);
    let last = bench.events("signin:UserAuthentication").pop().unwrap();
    assert!(last.details.contains("nor an address"), "{}", last.details);
}
