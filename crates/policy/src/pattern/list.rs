//! A list of patterns, of which a text has to match one.

use std::borrow::Cow;

use super::automaton::{Automaton, states, tokens};
use super::piece::{Pattern, Piece, resolve};
use crate::evaluation::Evaluation;

/// Patterns, ready to match. Most patterns are plain text, or text with one `*` at its end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns {
    form: Form,
    every: bool,
    /// Sorted.
    exact: Box<[Box<str>]>,
    prefixes: Box<[Box<str>]>,
    /// The other patterns without variables.
    mixed: Option<Automaton>,
    varying: Box<[Pattern]>,
}

/// The way texts are compared.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Form {
    #[default]
    Plain,
    /// The case of ASCII letters does not matter.
    AnyCase,
    /// A wildcard in one of the first five components of an ARN stays in its component.
    Arn,
}

impl Patterns {
    pub(crate) fn compile(patterns: Vec<Pattern>, form: Form) -> Self {
        let mut compiled = Self { form, ..Self::default() };
        let (mut exact, mut prefixes) = (Vec::new(), Vec::new());
        let (mut mixed, mut varying) = (Vec::new(), Vec::new());
        for pattern in patterns {
            let pattern = if form == Form::AnyCase { pattern.to_lower_case() } else { pattern };
            let is_varying =
                pattern.pieces().iter().any(|piece| matches!(piece, Piece::Variable { .. }));
            match pattern.pieces() {
                [] => exact.push(Box::default()),
                [Piece::Text(text)] => exact.push(text.clone()),
                [Piece::Run] => compiled.every = true,
                [Piece::Text(text), Piece::Run] => prefixes.push(text.clone()),
                _ if is_varying => varying.push(pattern),
                pieces => mixed.extend(tokens(pieces, form == Form::Arn, |_| None)),
            }
        }
        exact.sort_unstable();
        compiled.mixed = (!mixed.is_empty()).then(|| Automaton::build(&mixed));
        (compiled.exact, compiled.prefixes) = (exact.into(), prefixes.into());
        compiled.varying = varying.into();
        compiled
    }

    /// Tells whether the text matches one of the patterns.
    pub(crate) fn contain(&self, text: &str, evaluation: &Evaluation<'_>) -> bool {
        let text = fold(text, self.form);
        self.every
            || self.exact.binary_search_by(|exact| (**exact).cmp(&text)).is_ok()
            || self.has_prefix_of(&text, evaluation)
            || self.mixed.as_ref().is_some_and(|mixed| mixed.accepts(&text, evaluation))
            || self.varying.iter().any(|pattern| self.fits(pattern, &text, evaluation))
    }

    fn has_prefix_of(&self, text: &str, evaluation: &Evaluation<'_>) -> bool {
        evaluation.spend(self.prefixes.len())
            && self.prefixes.iter().any(|prefix| text.starts_with(&**prefix))
    }

    /// Tells whether the text matches a pattern with variables.
    fn fits(&self, pattern: &Pattern, text: &str, evaluation: &Evaluation<'_>) -> bool {
        if pattern.is_straight() {
            return self.goes_straight(pattern.pieces(), text, evaluation);
        }
        let value = |piece| self.value(piece, evaluation);
        let Some(tokens) = tokens(pattern.pieces(), self.form == Form::Arn, value) else {
            return false;
        };
        // A pattern with more characters than the text does not match, and is not built.
        states(&tokens) <= text.len() + 1 && Automaton::build(&[tokens]).accepts(text, evaluation)
    }

    fn goes_straight(&self, pieces: &[Piece], text: &str, evaluation: &Evaluation<'_>) -> bool {
        let mut rest = text;
        for piece in pieces {
            let after = match piece {
                Piece::Text(start) => rest.strip_prefix(&**start),
                Piece::Variable { .. } => {
                    self.value(piece, evaluation).and_then(|value| rest.strip_prefix(&*value))
                }
                Piece::Run => return true,
                Piece::Character => None,
            };
            match after {
                Some(after) => rest = after,
                None => return false,
            }
        }
        rest.is_empty()
    }

    // INVARIANT: a value becomes text, so a `*` in the value is not a wildcard.
    fn value<'a>(&self, piece: &'a Piece, evaluation: &Evaluation<'a>) -> Option<Cow<'a, str>> {
        let Piece::Variable { key, default } = piece else { return None };
        let value = resolve(key, default.as_deref(), evaluation)?;
        evaluation.spend(value.len()).then_some(())?;
        match self.form {
            Form::AnyCase => Some(value.to_ascii_lowercase().into()),
            Form::Plain | Form::Arn => Some(value),
        }
    }
}

/// The text as lists of this form have it. Nothing is copied unless it has other letters.
fn fold(text: &str, form: Form) -> Cow<'_, str> {
    let is_other = form == Form::AnyCase && text.bytes().any(|byte| byte.is_ascii_uppercase());
    if is_other { text.to_ascii_lowercase().into() } else { text.into() }
}

impl Pattern {
    fn to_lower_case(&self) -> Self {
        let lower = |piece: &Piece| match piece {
            Piece::Text(text) => Piece::Text(text.to_ascii_lowercase().into()),
            Piece::Character | Piece::Run => piece.clone(),
            Piece::Variable { key, default } => Piece::Variable {
                key: key.clone(),
                default: default.as_ref().map(|text| text.to_ascii_lowercase().into()),
            },
        };
        Self(self.pieces().iter().map(lower).collect())
    }
}
