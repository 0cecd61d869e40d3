//! Parsing and matching patterns.

use std::borrow::Cow;

use proptest::prelude::*;

use super::{Form, Pattern, Patterns, Syntax};
use crate::evaluation::Evaluation;
use crate::request::{Facts, NoFacts, Request, Values};

const LIKE: Syntax = Syntax { wildcards: true, variables: true };

struct Named(&'static str, &'static [&'static str]);

/// A request in which every key has a long value.
struct Long;

impl Facts for Long {
    fn values(&self, _: &str) -> Values<'_> {
        Values::One("ab".repeat(1000).into())
    }
}

impl Facts for Named {
    fn values(&self, key: &str) -> Values<'_> {
        match self.1 {
            [value] if key == self.0 => Values::One((*value).into()),
            values if key == self.0 => {
                Values::Several(values.iter().map(|value| Cow::Borrowed(*value)).collect())
            }
            _ => Values::Missing,
        }
    }
}

fn contain(patterns: &[&str], form: Form, text: &str, facts: &dyn Facts) -> bool {
    let parsed = patterns.iter().map(|pattern| Pattern::parse(pattern, LIKE).unwrap()).collect();
    let request = Request::new("a:B", "*", facts);
    let evaluation = Evaluation::new(&request);
    let contain = Patterns::compile(parsed, form).contain(text, &evaluation);
    assert!(!evaluation.is_exhausted());
    contain
}

fn matches_with(pattern: &str, text: &str, facts: &dyn Facts) -> bool {
    contain(&[pattern], Form::Plain, text, facts)
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
fn a_list_matches_if_one_of_its_patterns_does() {
    let long = format!("*{}*z", "x?".repeat(300));
    let list = ["exact", "start*", "a*z", "*?b*", "Ü*Ö?", &long, "q${aws:userid}?"];
    let ada = Named("aws:userid", &["ada"]);
    let text_of_long = format!("__{}z", "xy".repeat(301));
    for text in ["exact", "starter", "a-z", "0bb", "ÜäÖß", &text_of_long, "qada!"] {
        assert!(contain(&list, Form::Plain, text, &ada), "{text}");
    }
    for text in ["exactly", "Start", "a-", "b", "ÜÖ", "qada", "qxx!", ""] {
        assert!(!contain(&list, Form::Plain, text, &ada), "{text}");
    }
    assert!(!contain(&[], Form::Plain, "", &ada));
}

#[test]
fn patterns_that_fill_words_and_blocks_do_not_run_into_each_other() {
    for length in [62, 63, 64, 65, 254, 255, 256, 257, 511, 512, 513, 2047, 2048] {
        let (head, tail) = ("?".repeat(length - 1), "b");
        let list = [format!("{head}{tail}"), format!("c{head}"), "?d*e".to_owned()];
        let list: Vec<&str> = list.iter().map(String::as_str).collect();
        let text = |last: &str| format!("{}{last}", "a".repeat(length - 1));
        assert!(contain(&list, Form::Plain, &text("b"), &NoFacts), "{length}");
        assert!(!contain(&list, Form::Plain, &text("a"), &NoFacts), "{length}");
        assert!(!contain(&list, Form::Plain, &text("ab"), &NoFacts), "{length}");
        assert!(contain(&list, Form::Plain, &format!("c{}", text("")), &NoFacts), "{length}");
        assert!(contain(&list, Form::Plain, "ad--e", &NoFacts), "{length}");
    }
}

#[test]
fn the_case_of_letters_does_not_matter_where_it_must_not() {
    let bob = Named("aws:userid", &["AROA:Bob"]);
    for (pattern, text) in
        [("Get*", "getObject"), ("*OBJECT", "GetObject"), ("x-${aws:userid}", "X-aroa:bob")]
    {
        assert!(contain(&[pattern], Form::AnyCase, text, &bob), "{pattern} {text}");
        assert!(!contain(&[pattern], Form::Plain, text, &bob), "{pattern} {text}");
    }
}

#[test]
fn in_an_arn_a_wildcard_stays_in_its_component_except_in_the_last() {
    for (pattern, text, expected) in [
        ("arn:aws:iam::*:role/*", "arn:aws:iam::123456789012:role/a:b/c", true),
        ("arn:aws:*:role/*", "arn:aws:iam::123456789012:role/a", false),
        ("arn:*:iam:*:1?2:role/x?z", "arn:aws:iam::112:role/x:z", true),
        ("arn:aws:iam:?123456789012:role/*", "arn:aws:iam::123456789012:role/a", false),
        ("arn:*:*:*:*:*", "arn:aws:s3:::b", true),
        ("arn:*:*:*:*", "arn:aws:s3:::b", false),
        ("*:*:*:*:*:b", "arn:aws:s3:::b", true),
    ] {
        assert_eq!(contain(&[pattern], Form::Arn, text, &NoFacts), expected, "{pattern} {text}");
    }
    assert!(matches("arn:aws:*:role/*", "arn:aws:iam::123456789012:role/a"));
}

#[test]
fn hostile_patterns_stay_within_the_bound() {
    let text = "a".repeat(1100);
    let many: Vec<String> = (0..1400).map(|n| format!("*ab{n}*")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(!contain(&many, Form::Plain, &text, &NoFacts));
    let long = format!("*{}b", "?a".repeat(240));
    assert!(!contain(&[long.as_str(); 18], Form::Plain, &text, &NoFacts));
    let varying = format!("*{}${{aws:userid, 'b'}}", "?a".repeat(240));
    assert!(!contain(&[varying.as_str(); 18], Form::Plain, &text, &NoFacts));
}

#[test]
fn work_without_end_is_given_up() {
    let parsed = (0..200).map(|_| Pattern::parse("*${aws:userid}?", LIKE).unwrap()).collect();
    let patterns = Patterns::compile(parsed, Form::Plain);
    let request = Request::new("a:B", "*", &Long);
    let evaluation = Evaluation::new(&request);
    assert!(!patterns.contain(&"ab".repeat(1024), &evaluation));
    assert!(evaluation.is_exhausted());
}

#[test]
fn a_variable_stands_for_the_one_value_of_its_key() {
    let ada = Named("aws:userid", &["AROA:ada"]);
    assert!(matches_with("home/${aws:userid}/*", "home/AROA:ada/x", &ada));
    assert!(matches_with("home/${AWS:UserId}/*", "home/AROA:ada/x", &ada));
    assert!(!matches_with("home/${aws:userid}/*", "home/AROA:bob/x", &ada));
    assert!(matches_with("*/${aws:userid}/?", "home/AROA:ada/x", &ada));
    assert!(!matches_with("*${aws:username}*", "anything", &ada));
    assert!(!matches_with("${aws:userid}", "a", &Named("aws:userid", &["a", "b"])));
}

#[test]
fn a_wildcard_in_the_value_of_a_variable_is_plain_text() {
    let star = Named("aws:userid", &["*"]);
    for end in ["", "/*", "/?*"] {
        let pattern = format!("home/${{aws:userid}}{end}");
        assert_eq!(matches_with(&pattern, "home/*", &star), end.is_empty(), "{end}");
        assert!(!matches_with(&pattern, "home/bob/x", &star), "{end}");
        assert_eq!(matches_with(&pattern, "home/*/x", &star), !end.is_empty(), "{end}");
    }
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
        "${**}",
    ] {
        assert!(Pattern::parse(text, LIKE).is_err(), "{text}");
    }
}

#[test]
fn in_the_old_language_a_variable_is_text() {
    let old = Syntax { wildcards: true, variables: false };
    let ada = Named("aws:userid", &["ada"]);
    let request = Request::new("a:B", "*", &ada);
    for (pattern, text) in [("${aws:userid}", "${aws:userid}"), ("${a", "${a"), ("${*}", "${x}")] {
        let parsed = Pattern::parse(pattern, old).unwrap();
        let patterns = Patterns::compile(vec![parsed], Form::Plain);
        assert!(patterns.contain(text, &Evaluation::new(&request)), "{pattern}");
        assert!(!patterns.contain("ada", &Evaluation::new(&request)), "{pattern}");
    }
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

fn letters(text: &str) -> Vec<char> {
    text.chars().collect()
}

proptest! {
    #[test]
    fn matching_agrees_with_the_plain_definition(
        patterns in prop::collection::vec("[abé*?:]{0,10}", 0..5),
        text in "[abé:]{0,12}",
    ) {
        let expected =
            patterns.iter().any(|pattern| obviously_matches(&letters(pattern), &letters(&text)));
        let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        prop_assert_eq!(contain(&patterns, Form::Plain, &text, &NoFacts), expected);
    }

    #[test]
    fn arns_agree_with_their_components(
        pattern in "([ab*?]{0,2}:){5}[ab*?:]{0,3}",
        text in "([ab]{0,2}:){5}[ab:]{0,3}",
    ) {
        let components = |text: &str| text.splitn(6, ':').map(letters).collect::<Vec<_>>();
        let mut pairs = components(&pattern).into_iter().zip(components(&text));
        let expected = pairs.all(|(pattern, text)| obviously_matches(&pattern, &text));
        prop_assert_eq!(contain(&[pattern.as_str()], Form::Arn, &text, &NoFacts), expected);
    }

    #[test]
    fn without_wildcards_only_the_same_text_matches(pattern in "[a*?]{0,6}", text in "[a*?]{0,6}") {
        let plain = Syntax { wildcards: false, variables: true };
        let request = Request::new("a:B", "*", &NoFacts);
        let parsed = Pattern::parse(&pattern, plain).unwrap();
        let patterns = Patterns::compile(vec![parsed], Form::Plain);
        prop_assert_eq!(patterns.contain(&text, &Evaluation::new(&request)), pattern == text);
    }

    #[test]
    fn any_text_parses_or_is_refused(text in "\\PC*|[${}a:,' *]*") {
        let _ = Pattern::parse(&text, LIKE);
    }
}
