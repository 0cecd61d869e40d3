//! Splits Rust source into tokens and comments, with the numbers of their lines.

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Token<'text> {
    /// An identifier, a literal with its quotes, `::`, or one character of punctuation.
    pub text: &'text str,
    /// Counted from 0, as `enumerate` does.
    pub line: usize,
}

/// The tokens of a source, without blanks and comments.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let is_token =
        |token: &Token| !is_comment(token.text) && !token.text.starts_with(char::is_whitespace);
    pieces(text).into_iter().filter(is_token).collect()
}

/// The comments of a source, one for each line of `//`.
pub fn comments(text: &str) -> Vec<Token<'_>> {
    pieces(text).into_iter().filter(|piece| is_comment(piece.text)).collect()
}

fn is_comment(text: &str) -> bool {
    text.starts_with("//") || text.starts_with("/*")
}

fn pieces(text: &str) -> Vec<Token<'_>> {
    let mut pieces = Vec::new();
    let (mut rest, mut line) = (text, 0);
    while let Some(first) = rest.chars().next() {
        let length = length_of_piece(rest, first);
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        pieces.push(Token { text: piece, line });
        line += piece.matches('\n').count();
        rest = after;
    }
    pieces
}

fn length_of_piece(rest: &str, first: char) -> usize {
    if first.is_whitespace() {
        run(rest, char::is_whitespace)
    } else if rest.starts_with("//") {
        rest.find('\n').unwrap_or(rest.len())
    } else if rest.starts_with("/*") {
        length_of_block_comment(rest)
    } else if let Some(length) = length_of_string(rest) {
        length
    } else if first == '\'' {
        length_of_quote(rest)
    } else if is_word(first) {
        run(rest, is_word)
    } else if rest.starts_with("::") {
        2
    } else {
        first.len_utf8()
    }
}

fn is_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

/// The length of the beginning in which every character passes.
fn run(text: &str, passes: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !passes(letter)).unwrap_or(text.len())
}

/// Block comments nest in Rust.
fn length_of_block_comment(text: &str) -> usize {
    let mut depth = 0;
    for (place, _) in text.char_indices() {
        let here = text.get(place..).unwrap_or_default();
        if here.starts_with("/*") {
            depth += 1;
        } else if here.starts_with("*/") {
            depth -= 1;
            if depth == 0 {
                return place + 2;
            }
        }
    }
    text.len()
}

/// The length of the string literal that begins here: `"…"`, `b"…"`, `r#"…"#` and their kin.
fn length_of_string(text: &str) -> Option<usize> {
    let prefix = run(text, |letter| matches!(letter, 'b' | 'c' | 'r'));
    let is_raw = text.get(..prefix)?.contains('r');
    let after_prefix = text.get(prefix..)?;
    let hashes = run(after_prefix, |letter| letter == '#');
    let body = after_prefix.get(hashes..)?.strip_prefix('"')?;
    if hashes > 0 && !is_raw {
        return None;
    }
    let start = prefix + hashes + 1;
    if is_raw {
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(body.find(&end).map_or(text.len(), |place| start + place + end.len()));
    }
    let mut is_escaped = false;
    for (place, letter) in body.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(start + place + 1),
            _ => {}
        }
    }
    Some(text.len())
}

/// The length of a character literal or of a lifetime.
fn length_of_quote(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1);
    let Some((_, second)) = letters.next() else { return text.len() };
    if second == '\\' {
        let after_escape = letters.nth(1).map_or(text.len(), |(place, _)| place);
        let rest = text.get(after_escape..).unwrap_or_default();
        return rest.find('\'').map_or(text.len(), |place| after_escape + place + 1);
    }
    match letters.next() {
        Some((place, '\'')) => place + 1,
        _ => 1 + run(text.get(1..).unwrap_or_default(), is_word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_paths_and_punctuation_are_tokens() {
        assert_eq!(texts("use crate::a_b;"), ["use", "crate", "::", "a_b", ";"]);
        assert_eq!(texts("x/y"), ["x", "/", "y"]);
    }

    #[test]
    fn literals_are_one_token_each() {
        for literal in [
            r#""a \" b""#,
            r#"b"x""#,
            "r\"a\\\"",
            "r#\"a \" b\"#",
            "\"// no comment\"",
            "'a'",
            "'\"'",
            r"'\''",
            r"'\\'",
            r"'\u{1F600}'",
            "'ä'",
            "'static",
        ] {
            assert_eq!(texts(&format!("f({literal})")), ["f", "(", literal, ")"], "{literal}");
        }
    }

    #[test]
    fn comments_are_no_tokens() {
        let text = "a // one\n/* two /* nested */ \n */ b /// three";
        assert_eq!(texts(text), ["a", "b"]);
        assert_eq!(tokens(text).last().map(|token| token.line), Some(2));
        let found: Vec<(usize, &str)> =
            comments(text).into_iter().map(|comment| (comment.line, comment.text)).collect();
        assert_eq!(found, [(0, "// one"), (1, "/* two /* nested */ \n */"), (2, "/// three")]);
    }
}
