//! Patterns: text with `*`, `?` and policy variables.
//!
//! IAM User Guide, "Resource" (wildcards) and "Policy variables".
//!
//! INVARIANT: matching takes at most as many steps as the lengths of pattern and text multiplied,
//! and no recursion: whatever a pattern looks like, only its last `*` is ever tried again.

use model::fault::Text;

use crate::facts::{Held, Request, parse_key};
use crate::json::quoted;

/// What a text may hold beside letters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Syntax {
    /// Whether `*` and `?` stand for others.
    pub(crate) wildcards: bool,
    /// Whether `${…}` stands for a value of the request.
    // AWS: only since the version 2012-10-17 of the language.
    pub(crate) variables: bool,
}

/// Whether `a` and `A` differ.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Case {
    Matters,
    Ignored,
}

/// A pattern, ready to match.
#[derive(Clone, Debug)]
pub(crate) enum Glob {
    Fixed(Box<[Piece]>),
    /// With variables, whose values each request brings.
    Varying(Box<[Part]>),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Piece {
    Text(String),
    /// `?`
    Character,
    /// `*`
    Run,
}

#[derive(Clone, Debug)]
pub(crate) enum Part {
    Piece(Piece),
    Variable { key: Box<str>, default: Option<Box<str>> },
}

impl Glob {
    /// Reads a pattern; the complaint finishes "<document> must …".
    pub(crate) fn parse(text: &str, syntax: Syntax) -> Result<Self, Text> {
        let mut parts = Vec::new();
        let mut rest = text;
        loop {
            if let Some(variable) = rest.strip_prefix("${") {
                let (inside, after) = variable.split_once('}').ok_or_else(|| {
                    Text::from(format!(
                        "close the brace of the policy variable in {}",
                        quoted(text)
                    ))
                })?;
                if !syntax.variables {
                    return Err(format!(
                        "have the Version \"2012-10-17\" to use the policy variable {}",
                        quoted(&format!("${{{inside}}}"))
                    )
                    .into());
                }
                push(&mut parts, parse_variable(inside)?);
                rest = after;
                continue;
            }
            let mut letters = rest.char_indices();
            let (piece, end) = match letters.next() {
                None => break,
                Some((_, '*')) if syntax.wildcards => (Piece::Run, 1),
                Some((_, '?')) if syntax.wildcards => (Piece::Character, 1),
                Some(_) => {
                    let special = letters.find(|(_, letter)| matches!(letter, '*' | '?' | '$'));
                    let end = special.map_or(rest.len(), |(at, _)| at);
                    (Piece::Text(rest.get(..end).unwrap_or_default().to_owned()), end)
                }
            };
            push(&mut parts, Part::Piece(piece));
            rest = rest.get(end..).unwrap_or_default();
        }
        let fixed: Option<Vec<Piece>> = parts
            .iter()
            .map(|part| match part {
                Part::Piece(piece) => Some(piece.clone()),
                Part::Variable { .. } => None,
            })
            .collect();
        Ok(fixed.map_or_else(|| Self::Varying(parts.into()), |pieces| Self::Fixed(pieces.into())))
    }

    /// Whether the text is of this pattern.
    // AWS: a variable without a value, or with several, equals nothing and is like nothing.
    pub(crate) fn matches(&self, text: &str, case: Case, request: &Request<'_>) -> bool {
        match self {
            Self::Fixed(pieces) => fits(pieces, text, case),
            Self::Varying(parts) => {
                let pieces: Option<Vec<Piece>> =
                    parts.iter().map(|part| part.resolve(request)).collect();
                pieces.is_some_and(|pieces| fits(&pieces, text, case))
            }
        }
    }

    /// Whether it is an ARN as far as can be told: `arn:` and five fields more.
    pub(crate) fn is_arn(&self) -> bool {
        let texts: Vec<&str> = match self {
            Self::Fixed(pieces) => pieces.iter().filter_map(Piece::text).collect(),
            Self::Varying(parts) => parts.iter().filter_map(Part::text).collect(),
        };
        texts.first().is_some_and(|text| text.starts_with("arn:"))
            && texts.iter().flat_map(|text| text.bytes()).filter(|&byte| byte == b':').count() >= 5
    }
}

impl Piece {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Character | Self::Run => None,
        }
    }
}

impl Part {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Piece(piece) => piece.text(),
            Self::Variable { .. } => None,
        }
    }

    // INVARIANT: a value becomes text, so a `*` in a user's name is a star and nothing more.
    fn resolve(&self, request: &Request<'_>) -> Option<Piece> {
        match self {
            Self::Piece(piece) => Some(piece.clone()),
            Self::Variable { key, default } => match request.held(key) {
                Held::One(value) => Some(Piece::Text(value)),
                Held::Nothing => default.as_ref().map(|text| Piece::Text(text.to_string())),
                Held::Several => None,
            },
        }
    }
}

/// Adds a part; text joins the text before it, and a run of runs is one.
fn push(parts: &mut Vec<Part>, part: Part) {
    match (parts.last_mut(), &part) {
        (Some(Part::Piece(Piece::Text(before))), Part::Piece(Piece::Text(text))) => {
            before.push_str(text);
        }
        (Some(Part::Piece(Piece::Run)), Part::Piece(Piece::Run)) => {}
        _ => parts.push(part),
    }
}

/// Reads what is between the braces.
fn parse_variable(inside: &str) -> Result<Part, Text> {
    // AWS: the three characters that could not be written otherwise.
    if matches!(inside, "*" | "?" | "$") {
        return Ok(Part::Piece(Piece::Text(inside.to_owned())));
    }
    let (key, default) = match inside.split_once(',') {
        None => (inside, None),
        Some((key, default)) => {
            let text = default.strip_prefix(" '").and_then(|text| text.strip_suffix('\''));
            let text = text.filter(|text| !text.contains('\'')).ok_or_else(|| {
                let variable = quoted(&format!("${{{inside}}}"));
                Text::from(format!(
                    "write the default of the policy variable {variable} after a comma and a \
                    space, in single quotes"
                ))
            })?;
            (key, Some(text.into()))
        }
    };
    Ok(Part::Variable { key: parse_key(key, "policy variable")?, default })
}

fn fits(pattern: &[Piece], text: &str, case: Case) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    // Behind the last run, and how much of the text that run leaves.
    let mut retry: Option<(&[Piece], &str)> = None;
    loop {
        let next = match pattern {
            [Piece::Run] => return true,
            [] if text.is_empty() => return true,
            [] => None,
            [Piece::Run, rest @ ..] => {
                retry = Some((rest, text));
                retry
            }
            [Piece::Character, rest @ ..] => skip_character(text).map(|text| (rest, text)),
            [Piece::Text(start), rest @ ..] => {
                strip_start(text, start, case).map(|text| (rest, text))
            }
        };
        if next.is_none() {
            retry = retry.and_then(|(rest, text)| Some((rest, skip_character(text)?)));
        }
        match next.or(retry) {
            Some(next) => (pattern, text) = next,
            None => return false,
        }
    }
}

fn skip_character(text: &str) -> Option<&str> {
    let mut letters = text.chars();
    letters.next().map(|_| letters.as_str())
}

fn strip_start<'t>(text: &'t str, start: &str, case: Case) -> Option<&'t str> {
    match case {
        Case::Matters => text.strip_prefix(start),
        Case::Ignored => {
            let (head, rest) = text.split_at_checked(start.len())?;
            head.eq_ignore_ascii_case(start).then_some(rest)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::NoFacts;
    use crate::facts::Facts;

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
}
