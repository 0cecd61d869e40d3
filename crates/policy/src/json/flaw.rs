//! The reason for which a document is refused, and its place.

use model::fault::Text;

/// Maximum number of characters of a document that an error repeats.
const QUOTED_CHARACTERS_MAX: usize = 64;

/// A flaw of a document. `must` ends the sentence `<document> must …`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Flaw {
    at: usize,
    must: Text,
}

impl Flaw {
    /// A flaw of what begins at this byte of the document.
    pub(crate) fn new(at: usize, must: impl Into<Text>) -> Self {
        Self { at, must: must.into() }
    }

    /// Adds what the place belongs to, such as a statement.
    pub(crate) fn within(self, whole: &impl std::fmt::Display) -> Self {
        Self { at: self.at, must: format!("{}, in {whole}", self.must).into() }
    }

    /// The end of the sentence, with line and column of the flaw, counted from 1. Columns are characters.
    pub(crate) fn located(&self, document: &str) -> Text {
        let before = document.get(..self.at).unwrap_or(document);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|letter| *letter != '\n').count() + 1;
        format!("{} (line {line}, column {column})", self.must).into()
    }
}

/// Text of a document as errors repeat it: short, and without control characters.
pub(crate) fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED_CHARACTERS_MAX) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}
