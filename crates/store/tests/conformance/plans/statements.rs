//! Every statement of the store, read from its source, so that none is declared a second time for the test.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Statement with the place that it stands in.
#[derive(Debug)]
pub struct Statement {
    /// `file::function`, or the name of a constant instead of the function's.
    pub place: String,
    pub sql: String,
}

/// Tokens of the body of each macro that makes a part of a statement.
type Macros = BTreeMap<String, Vec<String>>;

/// Reads the statements of all sources, without those of the schema and of the listener, which are about the few nodes.
pub fn all() -> Vec<Statement> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files.sort();
    let sources: Vec<(String, Vec<String>)> =
        files.iter().map(|path| (module(path), tokens(path))).collect();
    let mut macros = Macros::new();
    for (_, tokens) in &sources {
        macros.extend(macros_of(tokens));
    }
    sources.iter().flat_map(|(module, tokens)| statements(module, tokens, &macros)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_other = ["engine", "listen", "migrations.rs", "tests.rs"]
            .iter()
            .any(|name| path.ends_with(name));
        if path.is_dir() && !is_other {
            collect(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") && !is_other {
            files.push(path);
        }
    }
}

/// Name of the module: of the file, or of the folder of a `mod.rs`.
fn module(path: &Path) -> String {
    let file = if path.ends_with("mod.rs") { path.parent().unwrap() } else { path };
    file.file_stem().unwrap().to_str().unwrap().to_owned()
}

/// Words, literals and punctuation, without comments and the tests at the end of a file.
fn tokens(path: &Path) -> Vec<String> {
    let token = r#"(?s)//[^\n]*|\br?"(?:\\.|[^"\\])*"|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'|\w+|\S"#;
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let found = Regex::new(token).unwrap();
    let tokens = found.find_iter(text).map(|token| token.as_str().to_owned());
    tokens.filter(|token| !token.starts_with("//")).collect()
}

/// Finds `macro_rules! name { (…) => { body } … }`. A macro for statements has one arm.
fn macros_of(tokens: &[String]) -> Macros {
    let mut macros = Macros::new();
    for (place, token) in tokens.iter().enumerate() {
        if token == "macro_rules" {
            let rest = &tokens[place..];
            let arrow = rest.windows(2).position(|two| two == ["=", ">"]).unwrap();
            let body = group(&rest[arrow + 2..]).unwrap();
            macros.insert(rest[2].clone(), body.to_vec());
        }
    }
    macros
}

fn statements(module: &str, tokens: &[String], macros: &Macros) -> Vec<Statement> {
    let mut found = Vec::new();
    let (mut name, mut rest) = ("", tokens);
    while let Some((first, after)) = rest.split_first() {
        match first.as_str() {
            "fn" | "const" => name = after.first().map_or("", String::as_str),
            // The body of a macro is read where it is used.
            "macro_rules" => {
                rest = &after[3 + group(&after[2..]).unwrap().len()..];
                continue;
            }
            _ => {}
        }
        let Some((sql, after)) = text(rest, macros) else {
            rest = after;
            continue;
        };
        let verb = sql.split_whitespace().next().unwrap_or_default();
        if matches!(verb, "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "WITH") {
            found.push(Statement { place: format!("{module}::{name}"), sql });
        }
        rest = after;
    }
    found
}

/// Evaluates the literal, the `concat!` or the macro that begins here. Returns its text and what follows it.
fn text<'a>(tokens: &'a [String], macros: &Macros) -> Option<(String, &'a [String])> {
    let (first, after) = tokens.split_first()?;
    if first.ends_with('"') {
        return Some((unquoted(first), after));
    }
    if after.first().is_none_or(|token| token != "!") {
        return None;
    }
    let inner = group(after.get(1..)?)?;
    let body = match macros.get(first) {
        Some(body) => expanded(body, inner),
        None if first == "concat" => inner.to_vec(),
        None => return None,
    };
    Some((joined(&body, macros), &after[inner.len() + 3..]))
}

/// Joins the texts of a list.
fn joined(mut tokens: &[String], macros: &Macros) -> String {
    let mut whole = String::new();
    while !tokens.is_empty() {
        let (part, after) = text(tokens, macros).unwrap_or_else(|| panic!("no text: {tokens:?}"));
        whole.push_str(&part);
        tokens = after.strip_prefix([",".to_owned()].as_slice()).unwrap_or(after);
    }
    whole
}

/// Puts the arguments in the place of `$rest` or `$($rest)+`.
fn expanded(body: &[String], arguments: &[String]) -> Vec<String> {
    let mut whole = Vec::new();
    let mut rest = body;
    while let Some((first, after)) = rest.split_first() {
        if first == "$" {
            whole.extend_from_slice(arguments);
            rest = &after[if after[0] == "(" { 5 } else { 1 }..];
        } else {
            whole.push(first.clone());
            rest = after;
        }
    }
    whole
}

/// The tokens within the bracket that opens here.
fn group(tokens: &[String]) -> Option<&[String]> {
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return tokens.get(1..place);
        }
    }
    None
}

fn unquoted(literal: &str) -> String {
    if let Some(raw) = literal.strip_prefix("r\"") {
        return raw.trim_end_matches('"').to_owned();
    }
    let goes_on = Regex::new(r"\\\n\s*").unwrap();
    let text = literal[1..].strip_suffix('"').unwrap();
    goes_on.replace_all(text, "").replace("\\\"", "\"")
}
