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
            for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
                assert!(policy.contains(directive), "{target}: {policy}");
            }
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
