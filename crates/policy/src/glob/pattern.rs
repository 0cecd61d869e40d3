//! A pattern, parsed.

/// The syntax of a text: the special characters that it may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Syntax {
    /// True if `*` and `?` are wildcards.
    pub(crate) wildcards: bool,
    /// True if `${…}` is a policy variable.
    // AWS: since version 2012-10-17 of the language.
    pub(crate) variables: bool,
}

/// Case sensitivity of a comparison.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Case {
    Matters,
    Ignored,
}

/// A pattern, ready to match.
#[derive(Clone, Debug)]
pub(crate) enum Glob {
    /// A pattern without variables.
    Fixed(Box<[Piece]>),
    /// A pattern with variables, whose values come from each request.
    Varying(Box<[Part]>),
}

/// A part of a pattern with a fixed meaning.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Piece {
    Text(String),
    /// `?`
    Character,
    /// `*`
    Run,
}

/// A part of a pattern.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Piece(Piece),
    Variable { key: Box<str>, default: Option<Box<str>> },
}

impl Glob {
    /// Tells whether the pattern has the form of an ARN: `arn:` and at least five colons.
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
}
