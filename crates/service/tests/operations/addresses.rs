//! Addresses of people: who set one may read what goes there, so nobody becomes stronger by setting one.

use ::sign_in::sequence::Ask;
use model::Fault;
use serde_json::json;
use testing::center::{Center, for_user, text};
use testing::people::{BROWSER, PASSWORD, browser_of};
use testing::{ACCOUNT, administrator};

use crate::forgot_password::set_address_as;
use crate::invitations::{accept, open, secret_in};
use crate::messages::{Post, set_address};
use crate::password_reset::person;

#[test]
fn an_address_that_looks_like_the_verified_one_is_another() {
    let post = Post::new();
    set_address(&post.bench, &post.user, &json!([{ "Value": "alice@github.com" }]));
    let link = || {
        post.bench.forgot_password("alice").unwrap();
        post.bench.finish_jobs();
        secret_in(&post.last_mail().text)
    };
    assert!(accept(&post.bench, &link(), "Another-Horse-9").is_ok());
    let is_verified = || {
        let described = post.bench.admin("DescribeUserSignIn", &post.user, json!({})).unwrap();
        described["EmailVerified"] == true
    };
    assert!(is_verified());
    let before = link();
    for other in ["alice@g\u{131}thub.com", "alice@GitHub.com", "Alice@github.com"] {
        set_address(&post.bench, &post.user, &json!([{ "Value": other }]));
        assert!(!is_verified(), "{other}");
        assert!(open(&post.bench, &before).is_err(), "{other}");
    }
}

#[test]
fn a_reset_by_mail_does_not_go_to_an_address_that_somebody_weaker_set() {
    let center = Center::new();
    let helper = person(&center, "helper", &["identitystore:UpdateUser"]);
    let boss = person(&center, "boss", &["*"]);
    let reset = || center.bench.admin("ResetUserPassword", &boss.id, json!({ "Mode": "EMAIL" }));
    set_address_as(&center, &helper.caller, &boss.id);
    assert!(matches!(reset(), Err(Fault::Conflict { .. })));
    // The password is as it was.
    assert!(center.bench.sign_in("boss", PASSWORD).is_ok());
    set_address(&center.bench, &boss.id, &json!([{ "Value": "boss@example.com" }]));
    assert!(reset().is_ok());
}

#[test]
fn an_invitation_to_an_address_is_no_stronger_than_who_set_it() {
    let center = Center::new();
    let helper = person(&center, "helper", &["identitystore:UpdateUser"]);
    let guest = center.bench.create_user("guest");
    set_address_as(&center, &helper.caller, &guest);
    let invited = center.bench.admin("InviteUser", &guest, json!({})).unwrap();
    let body = json!({
        "IdentityStoreId": center.bench.store_id(), "MessageId": text(&invited, "/MessageId"),
    });
    let everything = center.create_set_of("Everything", &["*"]);
    center.assign(&for_user(&everything, guest.as_str()));
    let again = center.bench.admin("InviteUser", &guest, json!({}));
    assert!(matches!(again, Err(Fault::Conflict { .. })), "{again:?}");
    // An administrator who reads the message answers for it instead.
    let read = center.bench.call_as(&administrator(ACCOUNT), "PorticoAdmin.GetMessage", &body);
    let secret = secret_in(read.unwrap()["Text"].as_str().unwrap());
    assert!(open(&center.bench, &secret).is_ok());
}

#[test]
fn a_code_does_not_go_to_an_address_that_somebody_weaker_set() {
    let center = Center::new();
    let helper = person(&center, "helper", &["identitystore:UpdateUser"]);
    let boss = person(&center, "boss", &["*"]);
    center.bench.put_mfa_settings(json!({ "NoMfaSignInBehavior": "EMAIL_OTP" }));
    let ask = || center.bench.second_step("boss", &browser_of(BROWSER)).ask;
    set_address(&center.bench, &boss.id, &json!([{ "Value": "boss@example.com" }]));
    assert!(matches!(ask(), Ask::EmailCode { .. }));
    set_address_as(&center, &helper.caller, &boss.id);
    assert_eq!(ask(), Ask::Blocked);
}

#[test]
fn wrong_codes_do_not_make_the_time_of_a_sign_in_longer() {
    use ::sign_in::verify_totp::{Verification, VerifyTotpRequest, verify_totp};
    use kernel::Portico;

    let center = Center::new();
    let bench = &center.bench;
    let (user, _) = bench.create_person("alice");
    bench.put_mfa_settings(json!({ "NoMfaSignInBehavior": "REQUIRE_REGISTRATION" }));
    bench.admin("CreateMfaDevice", &user, json!({ "DeviceName": "Phone" })).unwrap();
    let browser = browser_of(BROWSER);
    let mut ticket = bench.second_step("alice", &browser).ticket;
    for minutes in [0, 14] {
        bench.clock.advance(minutes * 60 * 1000);
        let request = VerifyTotpRequest {
            ticket,
            browser: browser.clone(),
            code: "12345".to_owned(),
            trusts: false,
        };
        let outcome = bench.as_caller(&Portico::anonymous(), |ctx| verify_totp(ctx, &request));
        let Ok(Verification::Wrong(_, step)) = outcome else { panic!("{outcome:?}") };
        ticket = step.ticket;
    }
    bench.clock.advance(60 * 1000);
    let request = VerifyTotpRequest { ticket, browser, code: "12345".to_owned(), trusts: false };
    let outcome = bench.as_caller(&Portico::anonymous(), |ctx| verify_totp(ctx, &request));
    assert!(matches!(outcome, Err(Fault::NoSession)), "{outcome:?}");
}
