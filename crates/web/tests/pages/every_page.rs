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
    let mut shown = 0;
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
            assert_eq!(admitted(policy), loaded(&page.body), "{target}");
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

/// The files that a policy admits, after checking that it has nothing else.
fn admitted(policy: &str) -> Vec<String> {
    let directives: Vec<(&str, &str)> =
        policy.split("; ").map(|directive| directive.split_once(' ').unwrap()).collect();
    let value = |name| directives.iter().find(|(known, _)| *known == name).unwrap().1;
    for name in ["default-src", "object-src", "base-uri", "frame-ancestors"] {
        assert_eq!(value(name), "'none'", "{policy}");
    }
    assert_eq!(value("form-action"), "'self'", "{policy}");
    assert_eq!(directives.len(), 8, "{policy}");
    let path = |source: &str| source.strip_prefix("http://localhost:8080").unwrap().to_owned();
    let script = value("script-src").trim_matches('\'').to_owned();
    vec![path(value("img-src")), path(value("style-src")), script]
}

/// The files that a page loads: the addresses of links, and the hash of the script.
fn loaded(body: &str) -> Vec<String> {
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let links = body.split("<link").skip(1).map(|tag| attribute(tag, "href"));
    let scripts = body.split("<script").skip(1).map(|tag| attribute(tag, "integrity"));
    for tag in ["<img", "<iframe", "<object", "<embed", "<base"] {
        assert!(!body.contains(tag), "{tag}");
    }
    links.chain(scripts).collect()
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
