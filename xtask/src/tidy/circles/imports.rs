//! The paths that a source file names: its imports, and paths written out in code.

use crate::tidy::source::Token;

/// One path that a file names.
#[derive(Debug, Eq, PartialEq)]
pub struct Import<'text> {
    /// As written, with the inline modules around it put before a `self` or `super`.
    pub path: Vec<&'text str>,
    /// The name that the import binds in its file; none for a path in code.
    pub binds: Option<&'text str>,
    /// `pub use`: hands the name on.
    pub is_reexport: bool,
    /// Counted from 0.
    pub line: usize,
}

/// Every `use` of a file, one entry for each name, and every path in code that begins with
/// `crate`, `self` or `super`.
pub fn imports<'text>(tokens: &[Token<'text>]) -> Vec<Import<'text>> {
    let mut found = Vec::new();
    let mut inline = InlineModules::default();
    let (mut before, mut rest) = ("", tokens);
    while let Some((token, after)) = rest.split_first() {
        inline.see(token, after);
        let next = after.first().map_or("", |next| next.text);
        if token.text == "use" && !matches!(next, "<" | ">" | ",") {
            let end = after.iter().position(|token| token.text == ";").unwrap_or(after.len());
            let (tree, after) = after.split_at_checked(end).unwrap_or((after, &[]));
            let mut names = Vec::new();
            read_tree(tree, &mut Vec::new(), &mut names);
            let is_reexport = matches!(before, "pub" | ")");
            found.extend(names.into_iter().map(|name| Import {
                path: inline.seen_from_file(name.path),
                binds: name.binds,
                is_reexport,
                line: name.line,
            }));
            (before, rest) = (";", after);
            continue;
        }
        let is_start = matches!(token.text, "crate" | "self" | "super") && next == "::";
        if is_start && before != "::" && before != "in" {
            let path = inline.seen_from_file(path_at_start(rest));
            found.push(Import { path, binds: None, is_reexport: false, line: token.line });
        }
        (before, rest) = (token.text, after);
    }
    found
}

/// `a::b::c` at the start of the tokens.
fn path_at_start<'text>(tokens: &[Token<'text>]) -> Vec<&'text str> {
    let mut path = Vec::new();
    let mut texts = tokens.iter().map(|token| token.text);
    while let Some(name) = texts.next().filter(|text| is_name(text)) {
        path.push(name);
        if texts.next() != Some("::") {
            break;
        }
    }
    path
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first == '_' || first.is_alphabetic())
}

struct Name<'text> {
    path: Vec<&'text str>,
    binds: Option<&'text str>,
    line: usize,
}

/// Reads `a::{b, c::d as e}` into its names. Returns what follows the tree.
fn read_tree<'a, 'text>(
    tokens: &'a [Token<'text>],
    prefix: &mut Vec<&'text str>,
    names: &mut Vec<Name<'text>>,
) -> &'a [Token<'text>] {
    let depth = prefix.len();
    let mut rest = tokens;
    let mut line = rest.first().map_or(0, |token| token.line);
    while let Some((token, after)) = rest.split_first() {
        rest = after;
        match token.text {
            "::" => {}
            "{" => {
                while !matches!(rest.first().map(|token| token.text), Some("}") | None) {
                    rest = read_tree(rest, prefix, names);
                }
                prefix.truncate(depth);
                let after = rest.get(1..).unwrap_or_default();
                return after_comma(after);
            }
            "as" => {
                let alias = rest.first().map(|token| token.text);
                names.push(Name { path: prefix.clone(), binds: alias, line });
                prefix.truncate(depth);
                return after_comma(rest.get(1..).unwrap_or_default());
            }
            "," => break,
            "}" => {
                push_plain(prefix, names, line);
                prefix.truncate(depth);
                // The brace belongs to the tree around this one.
                let consumed = tokens.len() - rest.len() - 1;
                return tokens.get(consumed..).unwrap_or_default();
            }
            name => {
                prefix.push(name);
                line = token.line;
            }
        }
    }
    push_plain(prefix, names, line);
    prefix.truncate(depth);
    rest
}

/// Adds the name that the path ends in; `a::self` binds `a`.
fn push_plain<'text>(prefix: &[&'text str], names: &mut Vec<Name<'text>>, line: usize) {
    let mut path = prefix.to_vec();
    if path.len() > 1 && path.last() == Some(&"self") {
        path.pop();
    }
    let binds = path.last().copied();
    if binds.is_some() {
        names.push(Name { path, binds, line });
    }
}

fn after_comma<'a, 'text>(tokens: &'a [Token<'text>]) -> &'a [Token<'text>] {
    match tokens.split_first() {
        Some((token, after)) if token.text == "," => after,
        _ => tokens,
    }
}

/// The `mod x { … }` blocks around a place in a file.
#[derive(Default)]
struct InlineModules<'text> {
    depth: usize,
    /// Names, with the depth of the braces that they stand in.
    open: Vec<(&'text str, usize)>,
}

impl<'text> InlineModules<'text> {
    fn see(&mut self, token: &Token<'text>, after: &[Token<'text>]) {
        let mut following = after.iter().map(|token| token.text);
        match (token.text, following.next(), following.next()) {
            ("mod", Some(name), Some("{")) => self.open.push((name, self.depth)),
            ("{", _, _) => self.depth += 1,
            ("}", _, _) => {
                self.depth = self.depth.saturating_sub(1);
                if self.open.last().is_some_and(|(_, depth)| *depth == self.depth) {
                    self.open.pop();
                }
            }
            _ => {}
        }
    }

    /// A relative path, as it would be written outside of the inline modules.
    fn seen_from_file(&self, path: Vec<&'text str>) -> Vec<&'text str> {
        let mut open: Vec<&str> = self.open.iter().map(|(name, _)| *name).collect();
        let Some((first, mut rest)) = path.split_first() else { return path };
        if open.is_empty() || !matches!(*first, "self" | "super") {
            return path;
        }
        let mut is_super = *first == "super";
        while is_super && open.pop().is_some() {
            is_super = rest.first() == Some(&"super");
            if is_super {
                rest = rest.get(1..).unwrap_or_default();
            }
        }
        let start = if is_super { "super" } else { "self" };
        [start].into_iter().chain(open).chain(rest.iter().copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source::tokens;

    fn paths(text: &str) -> Vec<String> {
        let found = imports(&tokens(text));
        found
            .iter()
            .map(|import| {
                let path = import.path.join("::");
                let binds = import.binds.map(|name| format!(" as {name}")).unwrap_or_default();
                let handed = if import.is_reexport { "pub " } else { "" };
                format!("{}: {handed}{path}{binds}", import.line)
            })
            .collect()
    }

    #[test]
    fn a_tree_of_imports_is_one_path_for_each_name() {
        let text = "use crate::{\n    a::{self, B as C, d::E},\n    F,\n};\npub(crate) use g::H;";
        assert_eq!(
            paths(text),
            [
                "1: crate::a as a",
                "1: crate::a::B as C",
                "1: crate::a::d::E as E",
                "2: crate::F as F",
                "4: pub g::H as H",
            ]
        );
    }

    #[test]
    fn a_path_in_code_is_an_import_of_its_own() {
        let text = "pub(crate) fn f() {\n    super::g::h(crate::X::new())\n}";
        assert_eq!(paths(text), ["1: super::g::h", "1: crate::X::new"]);
    }

    #[test]
    fn a_path_in_an_inline_module_counts_from_its_file() {
        let text = "mod a { mod b { use super::c; use super::super::d; use super::super::super::e; use self::f; } } use super::g;";
        assert_eq!(
            paths(text),
            [
                "0: self::a::c as c",
                "0: self::d as d",
                "0: super::e as e",
                "0: self::a::b::f as f",
                "0: super::g as g"
            ]
        );
    }
}
