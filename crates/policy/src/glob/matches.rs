//! Matching a text with a pattern.

use super::pattern::{Case, Glob, Part, Piece};
use crate::facts::{Held, Request};

impl Glob {
    /// Tells whether the text matches the pattern.
    // AWS: a pattern with a variable that has no value or several values matches nothing.
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
}

impl Part {
    // INVARIANT: a value becomes text, so a `*` in the value is not a wildcard.
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

/// Tells whether the text matches the pattern.
fn fits(pattern: &[Piece], text: &str, case: Case) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    // The pattern behind the last run, and the text that the run leaves.
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
