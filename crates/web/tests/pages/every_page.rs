//! Checks of every page of the table, which include a page that is added later.

use std::collections::HashSet;

use testing::ACCOUNT;
use testing::center::Center;

use crate::browser::Browser;

#[test]
fn every_page_is_guarded() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["*"]);
    let set = center.create_set_of("Reader", &["s3:Get*"]);
    // A page ignores the parameters of others.
    let query = format!("account_id={ACCOUNT}&role_name=Console&arn={set}");
    let (mut shown, mut nonces) = (0, HashSet::new());
    for path in web::pages() {
        for target in [path.to_owned(), format!("{path}?{query}"), format!("{path}?next=x")] {
            let page = browser.open(&target);
            assert!(page.status < 500, "{target}: {}", page.body);
            assert_eq!(page.header("cache-control"), Some("no-store"), "{target}");
            assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{target}");
            if page.header("location").is_some() {
                continue;
            }
            shown += 1;
            let policy = page.header("content-security-policy").unwrap();
            let admitted = admitted(policy);
            assert_eq!(admitted, loaded(&page.body), "{target}");
            assert!(nonces.insert(admitted), "{target}: a nonce was used before");
            for inline in [" style=", "<style", " onclick=", "<script>", "javascript:"] {
                assert!(!page.body.contains(inline), "{target} has {inline}");
            }
            let posts = page.body.split("<form").skip(1).filter(|form| form.contains("\"post\""));
            for form in posts {
                assert!(form.contains("name=\"form_token\""), "{target}: {form}");
            }
        }
    }
    assert!(shown > 2 * web::pages().count(), "{shown}");
}

/// The nonce of the style sheet and the hash of the script that a policy admits, after checking that it has nothing else.
fn admitted(policy: &str) -> Vec<String> {
    let directives: Vec<(&str, &str)> =
        policy.split("; ").map(|directive| directive.split_once(' ').unwrap()).collect();
    let value = |name| directives.iter().find(|(known, _)| *known == name).unwrap().1;
    for name in ["default-src", "object-src", "base-uri", "frame-ancestors"] {
        assert_eq!(value(name), "'none'", "{policy}");
    }
    assert_eq!(value("form-action"), "'self'", "{policy}");
    assert_eq!(value("img-src"), "data:", "{policy}");
    assert_eq!(directives.len(), 8, "{policy}");
    let quoted = |name| value(name).strip_prefix('\'').unwrap().strip_suffix('\'').unwrap();
    let nonce = quoted("style-src").strip_prefix("nonce-").unwrap();
    // 128 bits in base64 have 24 characters. CSP3 §7.1.
    assert!(nonce.len() == 24 && !nonce.contains([' ', ';', '\'']), "{policy}");
    vec![nonce.to_owned(), quoted("script-src").to_owned()]
}

/// What a page loads: the nonce of its style sheet, and the hash of its script.
fn loaded(body: &str) -> Vec<String> {
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let mut links = body.split("<link").skip(1);
    let (style, mark) = (links.next().unwrap(), links.next().unwrap());
    assert_eq!(links.next(), None);
    assert!(attribute(mark, "href").starts_with("data:image/svg+xml;base64,"), "{mark}");
    assert!(attribute(style, "href").starts_with("/assets/portico-"), "{style}");
    // Text that people wrote begins with the title.
    assert!(body.find("<link").unwrap() < body.find("<title").unwrap());
    let scripts = body.split("<script").skip(1).map(|tag| attribute(tag, "integrity"));
    for tag in ["<img", "<iframe", "<object", "<embed", "<base"] {
        assert!(!body.contains(tag), "{tag}");
    }
    std::iter::once(attribute(style, "nonce")).chain(scripts).collect()
}

#[test]
fn every_page_of_the_console_needs_a_role() {
    let center = Center::new();
    let mut browser = Browser::of_console(&center, &["*"]);
    browser.forget("portico-console-8080");
    for path in web::pages().filter(|path| path.starts_with("/console")) {
        let expected = if path == "/console/closed" { 200 } else { 403 };
        assert_eq!(browser.open(path).status, expected, "{path}");
    }
}

#[test]
fn samples_are_named_once_and_load_nothing_from_elsewhere() {
    let samples = web::samples();
    let names: HashSet<&str> = samples.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), samples.len());
    for (name, page) in &samples {
        let text = page.clone().into_string();
        assert!(text.starts_with("<!DOCTYPE html>"), "{name}");
        assert!(!text.contains("src=\"http") && !text.contains(" style="), "{name}");
    }
}
