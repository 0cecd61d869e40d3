//! My security: password, sessions, and the proof that an instance may ask for. Without scripts.

use kernel::sessions::NewSession;
use kernel::upkeep::every_second;
use protocol::form::write_pairs;
use serde_json::json;
use sign_in::authenticate::Authentication::SignedIn;
use testing::ACCOUNT;
use testing::center::Center;
use testing::people::PASSWORD;
use web::Page;

use crate::browser::{Browser, hidden_fields};

const NEW_PASSWORD: &str = "Correct-Horse-9-2";

fn another_session(center: &Center) -> NewSession {
    match center.bench.sign_in("alice", PASSWORD) {
        Ok(SignedIn(session)) => session,
        other => panic!("{other:?}"),
    }
}

/// Fills in the form of a page that is sent to `action`, and sends it.
fn fill(browser: &mut Browser<'_>, page: &Page, action: &str, typed: &[(&str, &str)]) -> Page {
    let mut fields = hidden_fields(page, action);
    // A browser reads the entities of HTML.
    for (_, value) in &mut fields {
        *value = value.replace("&amp;", "&");
    }
    fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.submit(action, &fields)
}

fn change(browser: &mut Browser<'_>, current: &str, new: &str, confirm: &str) -> Page {
    let page = browser.open("/security/password");
    assert_eq!(page.status, 200, "{}", page.body);
    let typed =
        [("current_password", current), ("new_password", new), ("confirm_password", confirm)];
    fill(browser, &page, "/security/password", &typed)
}

#[test]
fn each_rule_is_shown_as_met_or_not_after_the_form_was_sent() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["*"]);
    let untouched = browser.open("/security/password");
    assert!(!untouched.body.contains("Met: ") && !untouched.body.contains("Not met: "));
    let page = change(&mut browser, PASSWORD, "alice-horse", "alice-horse");
    assert_eq!(page.status, 422);
    let verdict = |words: &str| {
        let (before, _) = page.body.rsplit_once(words).unwrap();
        before.rsplit("class=\"verdict\">").next().unwrap().split('<').next().unwrap().to_owned()
    };
    for (words, expected) in [
        ("8 to 64 characters", "Met: "),
        ("a lower-case letter", "Met: "),
        ("an upper-case letter", "Not met: "),
        ("a digit", "Not met: "),
        ("one of <code>", "Met: "),
        ("nothing of your user name", "Not met: "),
        ("none that is known from a leak", "Met: "),
        ("none of your last 3", ""),
    ] {
        assert_eq!(verdict(words), expected, "{words}");
    }
    // No password comes back.
    assert!(!page.body.contains("alice-horse") && !page.body.contains(PASSWORD));
    let again = change(&mut browser, PASSWORD, PASSWORD, PASSWORD);
    assert!(again.body.contains("Not met: </span>none of your last 3"), "{}", again.body);
}

#[test]
fn a_wrong_password_and_a_wrong_repetition_are_told_at_their_boxes() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["*"]);
    let complaint = |page: &Page, id: &str| {
        assert_eq!(page.status, 422);
        let (_, rest) =
            page.body.split_once(&format!("id=\"{id}-complaint\" role=\"alert\">")).unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    let wrong = change(&mut browser, "wrong", NEW_PASSWORD, NEW_PASSWORD);
    let expected = "Current password must be the password that you signed in with.";
    assert_eq!(complaint(&wrong, "current-password"), expected);
    let differs = change(&mut browser, PASSWORD, NEW_PASSWORD, "Other-Horse-9");
    let expected = "Confirm password must be the same as the new password. Type both again.";
    assert_eq!(complaint(&differs, "confirm-password"), expected);
}

#[test]
fn a_changed_password_keeps_this_browser_and_no_other() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["*"]);
    let other = another_session(&center);
    let page = change(&mut browser, PASSWORD, NEW_PASSWORD, NEW_PASSWORD);
    assert_eq!(page.header("location"), Some("/security?changed=password"), "{}", page.body);
    let shown = browser.open("/security?changed=password");
    assert!(shown.body.contains("Your password is changed."), "{}", shown.body);
    assert!(center.bench.caller_of(&other).is_err());
}

#[test]
fn a_person_ends_another_session_and_all_others() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["*"]);
    let page = browser.open("/security");
    assert!(
        page.body.contains("(this one)") && !page.body.contains("action=\"/security/sessions\"")
    );
    let others = [another_session(&center), another_session(&center), another_session(&center)];
    let good = || others.iter().filter(|it| center.bench.caller_of(it).is_ok()).count();
    let page = browser.open("/security");
    assert_eq!(page.body.matches("name=\"session_id\"").count(), 3);
    // The first form is "Sign out everywhere else".
    let mut one = hidden_fields(&page, "/security/sessions");
    one.retain(|(name, _)| name != "end");
    one.push(("session_id".to_owned(), others[0].session.id.to_string()));
    let ended = browser.submit("/security/sessions", &one);
    assert_eq!(ended.header("location"), Some("/security?changed=session"));
    assert_eq!(good(), 2);
    let ended = fill(&mut browser, &page, "/security/sessions", &[]);
    assert_eq!(ended.header("location"), Some("/security?changed=others"));
    assert_eq!(good(), 0);
    assert_eq!(browser.open("/security").status, 200);
}

/// A browser that was left alone gives nobody the console either.
#[test]
fn the_console_closes_with_the_inactivity_of_its_person() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["*"]);
    let settings = json!({"PortalSessionMinutes": 480, "InactivityMinutes": 10});
    center.bench.call("PorticoAdmin.PutSessionSettings", &center.body(settings)).unwrap();
    // Work in the console is a use of the session.
    for _ in 0..3 {
        center.bench.clock.advance(9 * 60_000);
        assert_eq!(browser.open("/console").status, 200);
        every_second(&center.bench.portico).unwrap();
    }
    assert_eq!(browser.open("/start").status, 200);
    center.bench.clock.advance(11 * 60_000);
    let closed = browser.open("/console");
    assert_eq!(closed.status, 403);
    assert!(closed.body.contains("The console is closed"), "{}", closed.body);
    assert_eq!(browser.open("/start").header("location"), Some("/sign-in?return_to=%2Fstart"));
}

#[test]
fn where_the_instance_asks_for_a_proof_keys_come_after_it() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["*"]);
    let settings = json!({"PortalSessionMinutes": 480, "FreshProofForKeys": true});
    center.bench.call("PorticoAdmin.PutSessionSettings", &center.body(settings)).unwrap();
    center.bench.clock.advance(3_600_000);
    let keys = format!("/start/access-keys?account_id={ACCOUNT}&role_name=Console");
    let asked = browser.open(&keys);
    let proof = format!("/security/proof?{}", write_pairs([("return_to", keys.as_str())]));
    assert_eq!(asked.header("location"), Some(proof.as_str()));
    let page = browser.open(&proof);
    let wrong = fill(&mut browser, &page, "/security/proof", &[("password", "wrong")]);
    assert_eq!(wrong.status, 422);
    assert!(browser.open(&keys).header("location").is_some());
    let right = fill(&mut browser, &page, "/security/proof", &[("password", PASSWORD)]);
    assert_eq!(right.header("location"), Some(keys.as_str()));
    let page = browser.open(&keys);
    assert_eq!(page.status, 200);
    let fields = hidden_fields(&page, "/start/access-keys#keys");
    let made = browser.submit("/start/access-keys", &fields);
    assert!(made.body.contains("ASIA"), "{}", made.body);
    // A page that leads elsewhere is not led to.
    let page = browser.open("/security/proof?return_to=//evil.example");
    let right = fill(&mut browser, &page, "/security/proof", &[("password", PASSWORD)]);
    assert_eq!(right.header("location"), Some("/start"));
}
