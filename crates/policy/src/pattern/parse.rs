//! Parsing patterns.

use model::fault::Text;

use super::piece::{Pattern, Piece};
use crate::json::quoted;
use crate::key::Key;

/// The syntax of a text: the special characters that it may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Syntax {
    /// True if `*` and `?` are wildcards.
    pub(crate) wildcards: bool,
    /// True if `${…}` is a policy variable. Otherwise it is text.
    // AWS: variables came with version 2012-10-17 of the language.
    pub(crate) variables: bool,
}

impl Pattern {
    /// Reads a pattern. The error ends the sentence `<document> must …`.
    pub(crate) fn parse(text: &str, syntax: Syntax) -> Result<Self, Text> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some(variable) = rest.strip_prefix("${").filter(|_| syntax.variables) {
                let (inside, after) = variable.split_once('}').ok_or_else(|| {
                    let text = quoted(text);
                    Text::from(format!("close the brace of the policy variable in {text}"))
                })?;
                push(&mut pieces, parse_variable(inside)?);
                rest = after;
                continue;
            }
            let (piece, end) = match first {
                '*' if syntax.wildcards => (Piece::Run, 1),
                '?' if syntax.wildcards => (Piece::Character, 1),
                _ => {
                    let mut others = rest.char_indices().skip(1);
                    let special = others.find(|(_, letter)| matches!(letter, '*' | '?' | '$'));
                    let end = special.map_or(rest.len(), |(at, _)| at);
                    (Piece::Text(rest.get(..end).unwrap_or_default().into()), end)
                }
            };
            push(&mut pieces, piece);
            rest = rest.get(end..).unwrap_or_default();
        }
        Ok(Self(pieces.into()))
    }
}

/// Adds a piece. Adjacent texts become one text, and adjacent runs one run.
fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    match (pieces.last_mut(), &piece) {
        (Some(Piece::Text(before)), Piece::Text(text)) => {
            *before = format!("{before}{text}").into();
        }
        (Some(Piece::Run), Piece::Run) => {}
        _ => pieces.push(piece),
    }
}

/// Reads the text between the braces of a variable.
fn parse_variable(inside: &str) -> Result<Piece, Text> {
    // AWS: the three special characters, written as variables.
    if matches!(inside, "*" | "?" | "$") {
        return Ok(Piece::Text(inside.into()));
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
    Ok(Piece::Variable { key: Key::parse(key, "policy variable")?, default })
}
