//! Matching and parsing patterns.

use proptest::prelude::*;

use super::{Case, Glob, Syntax};
use crate::facts::{Facts, NoFacts, Request};

const LIKE: Syntax = Syntax { wildcards: true, variables: true };

struct Named(&'static str, &'static [&'static str]);

impl Facts for Named {
    fn values(&self, key: &str) -> Option<Vec<String>> {
        let values = || self.1.iter().map(|&value| value.to_owned()).collect();
        (key == self.0).then(values)
    }
}

fn matches_with(pattern: &str, text: &str, facts: &dyn Facts) -> bool {
    let request = Request { action: "a:B", resource: "*", facts };
    Glob::parse(pattern, LIKE).unwrap().matches(text, Case::Matters, &request)
}

fn matches(pattern: &str, text: &str) -> bool {
    matches_with(pattern, text, &NoFacts)
}

#[test]
fn a_star_stands_for_any_run_and_a_question_mark_for_one_character() {
    for (pattern, text) in [
        ("*", ""),
        ("*", "a:b/c"),
        ("a*", "a"),
        ("*b", "abab"),
        ("a*b*c", "a-b-b-c-c"),
        ("?", "é"),
        ("?", "😀"),
        ("*é?", "aéb"),
        ("", ""),
        ("arn:aws:s3:::*/x", "arn:aws:s3:::bucket/a/b/x"),
        ("a**?b", "acb"),
    ] {
        assert!(matches(pattern, text), "{pattern} {text}");
    }
    for (pattern, text) in [
        ("", "a"),
        ("?", ""),
        ("?", "ab"),
        ("a*b", "abc"),
        ("a*b*c", "acb"),
        ("abc", "ABC"),
        ("**?", ""),
    ] {
        assert!(!matches(pattern, text), "{pattern} {text}");
    }
}

#[test]
fn a_hostile_pattern_takes_no_exponential_time() {
    let pattern = "*a?".repeat(1000) + "b";
    assert!(!matches(&pattern, &"a".repeat(4000)));
}

#[test]
fn a_variable_stands_for_the_one_value_of_its_key() {
    let ada = Named("aws:userid", &["AROA:ada"]);
    assert!(matches_with("home/${aws:userid}/*", "home/AROA:ada/x", &ada));
    assert!(matches_with("home/${AWS:UserId}/*", "home/AROA:ada/x", &ada));
    assert!(!matches_with("home/${aws:userid}/*", "home/AROA:bob/x", &ada));
    assert!(!matches_with("*${aws:username}*", "anything", &ada));
    assert!(!matches_with("${aws:userid}", "a", &Named("aws:userid", &["a", "b"])));
}

#[test]
fn a_wildcard_in_the_value_of_a_variable_is_plain_text() {
    let star = Named("aws:userid", &["*"]);
    assert!(matches_with("home/${aws:userid}", "home/*", &star));
    assert!(!matches_with("home/${aws:userid}", "home/bob", &star));
    let variable = Named("aws:userid", &["${aws:userid}"]);
    assert!(matches_with("${aws:userid}", "${aws:userid}", &variable));
}

#[test]
fn a_default_replaces_what_is_missing_but_not_what_is_ambiguous() {
    let pattern = "team-${aws:PrincipalTag/Team, 'all of us'}";
    assert!(matches(pattern, "team-all of us"));
    let tag = |values| Named("aws:principaltag/team", values);
    assert!(matches_with(pattern, "team-red", &tag(&["red"])));
    assert!(!matches_with(pattern, "team-all of us", &tag(&["red"])));
    assert!(!matches_with(pattern, "team-all of us", &tag(&["red", "blue"])));
}

#[test]
fn wildcards_and_the_dollar_can_be_written_as_variables() {
    assert!(matches("a${*}${?}${$}b", "a*?$b"));
    assert!(!matches("a${*}b", "aXb"));
    assert!(matches("$a{b}$", "$a{b}$"));
}

#[test]
fn variables_that_are_not_well_formed_are_refused() {
    for text in [
        "${",
        "a${aws:userid",
        "${}",
        "${username}",
        "${ aws:userid}",
        "${aws:userid,'x'}",
        "${aws:userid, x}",
        "${aws:userid, 'x}",
        "${aws:userid, 'x'y'}",
        "${aws:SourceVpc}",
        "${**}",
    ] {
        assert!(Glob::parse(text, LIKE).is_err(), "{text}");
    }
}

#[test]
fn the_old_language_has_no_variables() {
    let old = Syntax { wildcards: true, variables: false };
    assert_eq!(
        Glob::parse("${aws:userid}", old).unwrap_err(),
        "have the Version \"2012-10-17\" to use the policy variable \"${aws:userid}\""
    );
}

/// The meaning of wildcards, written down as plainly as can be.
fn obviously_matches(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['*', rest @ ..] => (0..=text.len()).any(|n| obviously_matches(rest, &text[n..])),
        ['?', rest @ ..] => !text.is_empty() && obviously_matches(rest, &text[1..]),
        [c, rest @ ..] => text.first() == Some(c) && obviously_matches(rest, &text[1..]),
    }
}

proptest! {
    #[test]
    fn matching_agrees_with_the_plain_definition(
        pattern in "[abé*?:]{0,10}",
        text in "[abé:]{0,12}",
    ) {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        let expected = obviously_matches(&letters(&pattern), &letters(&text));
        prop_assert_eq!(matches(&pattern, &text), expected);
    }

    #[test]
    fn without_wildcards_only_the_same_text_matches(pattern in "[a*?]{0,6}", text in "[a*?]{0,6}") {
        let plain = Syntax { wildcards: false, variables: true };
        let request = Request { action: "a:B", resource: "*", facts: &NoFacts };
        let glob = Glob::parse(&pattern, plain).unwrap();
        prop_assert_eq!(glob.matches(&text, Case::Matters, &request), pattern == text);
    }

    #[test]
    fn any_text_parses_or_is_refused(text in "\\PC*|[${}a:,' *]*") {
        let _ = Glob::parse(&text, LIKE);
    }
}
