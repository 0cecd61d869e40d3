//! A pattern, parsed.

use std::borrow::Cow;

use crate::evaluation::Evaluation;
use crate::key::Key;

/// A pattern, in pieces.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Pattern(pub(super) Box<[Piece]>);

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Piece {
    Text(Box<str>),
    /// `?`
    Character,
    /// `*`
    Run,
    /// `${key}` or `${key, 'default'}`
    Variable {
        key: Key,
        default: Option<Box<str>>,
    },
}

impl Pattern {
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Tells whether the pattern is `*` alone.
    pub(crate) fn is_run(&self) -> bool {
        matches!(&*self.0, [Piece::Run])
    }

    /// Tells whether the pattern has the form of an ARN: `arn:` and at least five colons.
    pub(crate) fn is_arn(&self) -> bool {
        let mut texts = self.0.iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some(text),
            Piece::Character | Piece::Run | Piece::Variable { .. } => None,
        });
        matches!(self.0.first(), Some(Piece::Text(text)) if text.starts_with("arn:"))
            && texts
                .try_fold(0, |colons, text| {
                    let colons = colons + text.matches(':').count();
                    if colons < 5 { Ok(colons) } else { Err(()) }
                })
                .is_err()
    }

    /// Tells whether no wildcard stands before the end, so that the pattern is matched piece by piece.
    pub(super) fn is_straight(&self) -> bool {
        let before_end = self.0.split_last().map_or(&[][..], |(_, before)| before);
        let is_straight = |piece: &Piece| matches!(piece, Piece::Text(_) | Piece::Variable { .. });
        before_end.iter().all(is_straight) && !matches!(self.0.last(), Some(Piece::Character))
    }
}

/// The text that stands for a variable, or `None` if it has no single value.
// AWS: a pattern with a variable that has no value or several values matches nothing.
pub(super) fn resolve<'a>(
    key: &Key,
    default: Option<&'a str>,
    evaluation: &Evaluation<'a>,
) -> Option<Cow<'a, str>> {
    match evaluation.values(key) {
        crate::request::Values::Missing => default.map(Cow::Borrowed),
        crate::request::Values::One(value) => Some(value),
        crate::request::Values::Several(_) => None,
    }
}
