//! Parsing patterns.

use model::fault::Text;

use super::pattern::{Glob, Part, Piece, Syntax};
use crate::facts::parse_key;
use crate::json::quoted;

impl Glob {
    /// Reads a pattern. The error ends the sentence `<document> must …`.
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
}

/// Adds a part. Adjacent texts become one text, and adjacent runs one run.
fn push(parts: &mut Vec<Part>, part: Part) {
    match (parts.last_mut(), &part) {
        (Some(Part::Piece(Piece::Text(before))), Part::Piece(Piece::Text(text))) => {
            before.push_str(text);
        }
        (Some(Part::Piece(Piece::Run)), Part::Piece(Piece::Run)) => {}
        _ => parts.push(part),
    }
}

/// Reads the text between the braces of a variable.
fn parse_variable(inside: &str) -> Result<Part, Text> {
    // AWS: the three special characters, written as variables.
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
