//! The part of a source that the program is made of: without items that only tests compile.

use super::lexer::{Token, tokens};

/// The tokens of `text`, without each item under `#[test]` or `#[cfg(test)]`.
pub fn product_tokens(text: &str) -> Vec<Token<'_>> {
    let all = tokens(text);
    let mut kept = Vec::new();
    let mut rest = all.as_slice();
    while let Some((first, after)) = rest.split_first() {
        match attribute(rest) {
            Some((words, after)) if is_of_tests(words) => rest = after_item(after),
            Some((words, after)) => {
                kept.extend_from_slice(words);
                rest = after;
            }
            None => {
                kept.push(*first);
                rest = after;
            }
        }
    }
    kept
}

/// The attribute that begins here, and what follows it.
pub fn attribute<'a, 'text>(
    tokens: &'a [Token<'text>],
) -> Option<(&'a [Token<'text>], &'a [Token<'text>])> {
    let mut texts = tokens.iter().map(|token| token.text);
    if texts.next()? != "#" || !matches!(texts.next()?, "[" | "!") {
        return None;
    }
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate() {
        match token.text {
            "[" => depth += 1,
            "]" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return tokens.split_at_checked(place + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Tells whether the item under this attribute is compiled for tests only: `#[test]`,
/// `#[cfg(test)]`, or a feature for tests of other crates, `#[cfg(any(test, feature = "testing"))]`.
pub fn is_of_tests(attribute: &[Token]) -> bool {
    let words: Vec<&str> = attribute.iter().map(|token| token.text).collect();
    let is_condition = words.get(2) == Some(&"cfg") && !words.contains(&"not");
    words == ["#", "[", "test", "]"]
        || is_condition && words.iter().any(|word| matches!(*word, "test" | "\"testing\""))
}

/// Returns the tokens after the item that begins here. Its other attributes are part of it.
fn after_item<'a, 'text>(tokens: &'a [Token<'text>]) -> &'a [Token<'text>] {
    let mut item = tokens;
    while let Some((_, after)) = attribute(item) {
        item = after;
    }
    // Braces end each item but `use`.
    let is_import = item.first().is_some_and(|token| token.text == "use");
    let mut depth = 0_usize;
    for (place, token) in item.iter().enumerate() {
        let is_end = match token.text {
            "(" | "[" | "{" => {
                depth += 1;
                false
            }
            ")" | "]" | "}" if depth == 0 => return item.get(place..).unwrap_or_default(),
            ")" | "]" | "}" => {
                depth -= 1;
                depth == 0 && token.text == "}" && !is_import
            }
            ";" => depth == 0,
            _ => false,
        };
        if is_end {
            return item.get(place + 1..).unwrap_or_default();
        }
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(text: &str) -> String {
        let texts: Vec<&str> = product_tokens(text).into_iter().map(|token| token.text).collect();
        texts.join(" ")
    }

    #[test]
    fn items_of_tests_are_left_out() {
        assert_eq!(product("a(); #[cfg(test)] mod tests { x(); } b();"), "a ( ) ; b ( ) ;");
        assert_eq!(product("#[cfg(test)]\n#[expect(x)]\nmod testing; b();"), "b ( ) ;");
        assert_eq!(product("#[cfg(test)] use a::{b, c}; d();"), "d ( ) ;");
        assert_eq!(product("#[cfg(any(test, feature = \"testing\"))] pub mod kit; d"), "d");
        assert_eq!(product("#[test] fn f(x: [u8; 3]) { y; } g"), "g");
        assert_eq!(product("#[cfg(test)] const X: [u8; 2] = [1; 2]; g"), "g");
    }

    #[test]
    fn everything_else_stays() {
        assert_eq!(product("#[cfg(not(test))] a;"), "# [ cfg ( not ( test ) ) ] a ;");
        assert_eq!(product("#[derive(Debug)] struct A;"), "# [ derive ( Debug ) ] struct A ;");
        assert_eq!(product("{ #[cfg(test)] x } y"), "{ } y");
    }
}
