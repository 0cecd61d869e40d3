//! Invitations, "Forgot password" and addresses that are confirmed, in a browser without scripts, with the mail of a sandbox.

use serde_json::{Value, json};

use crate::support::{Answer, Organization, PASSWORD, Portico, Request, Visitor};

/// Maximum number of looks for a message. Nothing sleeps between them.
const LOOKS_MAX: usize = 20_000;

const OTHER: &str = "Another-Flock-of-Birds-20";

fn mail(portico: &Portico) -> Vec<Value> {
    portico.get("/_sandbox/mail").ok().as_array().unwrap().clone()
}

/// The path of the link in the message with this number, counted from 1.
fn link(portico: &Portico, number: usize) -> String {
    let found = (0..LOOKS_MAX).find_map(|_| mail(portico).get(number - 1).cloned());
    let found = found.unwrap_or_else(|| panic!("there is no message {number}"));
    link_in(found["text"].as_str().unwrap())
}

/// The path of the link in the text of a message.
pub fn link_in(text: &str) -> String {
    let (before, token) = text.split_once("?token=").unwrap_or_else(|| panic!("{text}"));
    let path = &before[before.rfind('/').unwrap()..];
    format!("{path}?token={}", token.split_whitespace().next().unwrap())
}

pub fn user_with_address(organization: &Organization<'_>, name: &str) -> String {
    let user = organization.create_user(name);
    let emails = json!([{ "Value": format!("{name}@example.com") }]);
    let operations = json!([{ "AttributePath": "emails", "AttributeValue": emails }]);
    let update = organization.of_store(json!({ "UserId": user, "Operations": operations }));
    organization.call("AWSIdentityStore.UpdateUser", &update).ok();
    user
}

pub fn invite(organization: &Organization<'_>, user: &str) -> Answer {
    let input = organization.of_store(json!({ "UserId": user }));
    organization.call("PorticoAdmin.InviteUser", &input)
}

fn assert_void(portico: &Portico, link: &str) {
    let page = Visitor::of(portico).open(link);
    assert_eq!(page.answer.status, 403, "{}", page.answer);
    page.assert_says("This link is not good any more");
}

/// The fields of the form, filled in.
pub const NEW: [(&str, &str); 2] = [("new_password", PASSWORD), ("confirm_password", PASSWORD)];

#[test]
fn an_invitation_is_accepted_without_scripts() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = user_with_address(&organization, "grace");
    invite(&organization, &user).ok();
    let link = link(&portico, 1);
    // A program that looks for harmful mail opens the link, and each link of the page.
    for _ in 0..3 {
        let page = Visitor::of(&portico).open(&link);
        assert_eq!(page.answer.status, 200, "{}", page.answer);
        assert_eq!(page.answer.header("referrer-policy"), Some("strict-origin"));
        assert_eq!(portico.send(&Request::new("HEAD", &link)).status, 200);
    }
    let mut browser = Visitor::of(&portico);
    let page = browser.open(&link);
    page.assert_says("Set your password");
    assert!(!page.text().contains("none of your last"), "{}", page.answer);
    page.assert_says("grace");
    page.assert_says("You accept the invitation");
    let secret = link.split_once('=').unwrap().1;
    assert!(!page.text().contains(secret), "{}", page.answer);
    // A password that is not taken leads to the same form.
    let weak = [("new_password", "weak"), ("confirm_password", "weak")];
    let again = browser.submit(&page, &weak);
    assert_eq!(again.answer.status, 422, "{}", again.answer);
    let home = browser.submit(&again, &NEW);
    assert_eq!((home.target.as_str(), home.answer.status), ("/start", 200), "{}", home.answer);
    assert_void(&portico, &link);
    // The person signs in with the password from then on.
    let signed = organization.sign_in("grace").open("/start");
    assert_eq!(signed.answer.status, 200, "{}", signed.answer);
    // The page was open in another browser too.
    let late = browser.submit(&page, &NEW);
    assert_eq!(late.answer.status, 403, "{}", late.answer);
}

#[test]
fn a_link_ends_with_a_newer_one_with_time_and_with_its_person() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = user_with_address(&organization, "grace");
    invite(&organization, &user).ok();
    let former = link(&portico, 1);
    invite(&organization, &user).ok();
    let latter = link(&portico, 2);
    assert_void(&portico, &former);
    let mut browser = Visitor::of(&portico);
    let page = browser.open(&latter);
    assert_eq!(page.answer.status, 200, "{}", page.answer);
    organization
        .call("AWSIdentityStore.DeleteUser", &organization.of_store(json!({ "UserId": user })))
        .ok();
    assert_void(&portico, &latter);
    assert_eq!(browser.submit(&page, &NEW).answer.status, 403);
    let other = user_with_address(&organization, "ada");
    invite(&organization, &other).ok();
    let link = link(&portico, 3);
    portico.advance(7 * 24 * 60 * 60);
    assert_void(&portico, &link);
    for target in ["/set-password", "/set-password?token=", "/set-password?token=x"] {
        assert_void(&portico, target);
    }
}

#[test]
fn the_form_of_a_link_is_good_in_its_browser_alone() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = user_with_address(&organization, "grace");
    invite(&organization, &user).ok();
    let link = link(&portico, 1);
    let mut browser = Visitor::of(&portico);
    let page = browser.open(&link);
    // Another browser has another token, and the ticket is of the first.
    let mut other = Visitor::of(&portico);
    assert_eq!(other.submit(&page, &NEW).answer.status, 403);
    let own = other.open("/sign-in");
    let token = own.text().split("name=\"form_token\" value=\"").nth(1).unwrap().to_owned();
    let token = token.split('"').next().unwrap();
    let forged = [("form_token", token), NEW[0], NEW[1]];
    assert_eq!(other.submit(&page, &forged).answer.status, 403);
    assert_eq!(browser.submit(&page, &NEW).target, "/start");
}

#[test]
fn a_forgotten_password_is_set_again_and_nobody_learns_who_is_a_user() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = user_with_address(&organization, "grace");
    let mut former = organization.sign_in_first("grace", &user);
    let mut browser = Visitor::of(&portico);
    let ask = |browser: &mut Visitor<'_>, name: &str| {
        let page = browser.open("/forgot-password");
        browser.submit(&page, &[("user_name", name)])
    };
    browser.open("/sign-in").assert_says("href=\"/forgot-password\"");
    let known = ask(&mut browser, "grace");
    known.assert_says("Look into your mail");
    let unknown = ask(&mut browser, "nobody-at-all");
    assert_eq!(known.answer.status, unknown.answer.status);
    assert_eq!(known.text_without_nonce(), unknown.text_without_nonce());
    let link = link(&portico, 1);
    let page = browser.open(&link);
    page.assert_says("It takes the place of the former one");
    let new = [("new_password", OTHER), ("confirm_password", OTHER)];
    assert_eq!(browser.submit(&page, &new).target, "/start");
    assert_eq!(former.open("/start").target, "/sign-in?return_to=%2Fstart");
    assert_void(&portico, &link);
    let notice = (0..LOOKS_MAX).find_map(|_| mail(&portico).get(1).cloned()).unwrap();
    assert_eq!(notice["subject"], "Your password was changed");
    // The unknown name has no message.
    assert_eq!(mail(&portico).len(), 2);
    let empty = ask(&mut browser, " ");
    assert_eq!(empty.answer.status, 422, "{}", empty.answer);
    let refused = (0..20).map(|_| ask(&mut browser, "grace")).find(|it| it.answer.status == 429);
    assert!(refused.unwrap().answer.header("retry-after").is_some());
}

#[test]
fn an_address_is_confirmed_by_who_is_signed_in() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = user_with_address(&organization, "grace");
    let of_user = organization.of_store(json!({ "UserId": user }));
    organization.sign_in_first("grace", &user);
    organization.call("PorticoAdmin.SendEmailVerification", &of_user).ok();
    let link = link(&portico, 1);
    let is_verified = || {
        organization.call("PorticoAdmin.DescribeUserSignIn", &of_user).ok()["EmailVerified"].clone()
    };
    let mut browser = Visitor::of(&portico);
    let page = browser.open(&link);
    assert!(page.target.starts_with("/sign-in?return_to=%2Fverify-email"), "{}", page.target);
    let page = browser.submit(&page, &[("user_name", "grace"), ("password", PASSWORD)]);
    page.assert_says("grace@example.com");
    assert_eq!(is_verified(), false);
    let done = browser.press(&page, "/verify-email");
    done.assert_says("Your address is confirmed");
    assert_eq!(is_verified(), true);
    // The link of one person is nothing to another.
    let mallory = organization.create_user("mallory");
    let mut other = organization.sign_in_first("mallory", &mallory);
    assert_eq!(other.open(&link).answer.status, 403);
}

/// The code in the message with this number, counted from 1.
fn code(portico: &Portico, number: usize) -> String {
    let found = (0..LOOKS_MAX).find_map(|_| mail(portico).get(number - 1).cloned()).unwrap();
    let text = found["text"].as_str().unwrap();
    let code = text.lines().find_map(|line| line.trim().strip_prefix("Code: "));
    code.unwrap_or_else(|| panic!("{text}")).to_owned()
}

#[test]
fn a_person_without_a_password_asks_for_a_code_and_nobody_learns_who_has_none() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    user_with_address(&organization, "grace");
    let known = user_with_address(&organization, "ada");
    organization.sign_in_first("ada", &known);
    let mut browser = Visitor::of(&portico);
    // It is off for a new instance.
    assert!(!browser.open("/sign-in").text().contains("/sign-in/email-otp"));
    assert_eq!(browser.open("/sign-in/email-otp").target, "/sign-in");
    let on = organization.of_instance(json!({ "SendEmailOtp": true }));
    organization.call("PorticoAdmin.PutStandardAuthentication", &on).ok();
    browser.open("/sign-in").assert_says("href=\"/sign-in/email-otp\"");
    let ask = |browser: &mut Visitor<'_>, name: &str| {
        let page = browser.open("/sign-in/email-otp");
        browser.submit(&page, &[("user_name", name)])
    };
    let same = |text: String, name: &str| text.replace(name, "NAME");
    let page = ask(&mut browser, "grace");
    page.assert_says("Enter the code");
    for name in ["nobody-at-all", "ada"] {
        let other = ask(&mut browser, name);
        assert_eq!(
            same(other.text_without_nonce(), name),
            same(page.text_without_nonce(), "grace")
        );
        let wrong = browser.submit(&other, &[("code", "AAAA-AAAA-AAAA")]);
        assert_eq!(wrong.answer.status, 422, "{}", wrong.answer);
        let wrong_of_grace = browser.submit(&page, &[("code", "AAAA-AAAA-AAAA")]);
        let of_grace = same(wrong_of_grace.text_without_nonce(), "grace");
        assert_eq!(same(wrong.text_without_nonce(), name), of_grace);
    }
    let code = code(&portico, 1);
    let chosen = browser.submit(&page, &[("code", &code.to_lowercase())]);
    chosen.assert_says("Set your password");
    let again = browser.submit(&page, &[("code", &code)]);
    assert_eq!(again.answer.status, 422, "{}", again.answer);
    let home = browser.submit(&chosen, &NEW);
    assert_eq!((home.target.as_str(), home.answer.status), ("/start", 200), "{}", home.answer);
    assert_eq!(mail(&portico).len(), 1);
}
