//! The patterns of a service model, translated from Java's syntax to that of the crate `regex`.

use regex::Regex;

/// A pattern that matches whole texts: services ignore whether the model anchors its pattern.
pub struct Pattern(Regex);

impl Pattern {
    pub fn new(java: &str) -> Result<Self, String> {
        let pattern = format!(r"\A(?:{})\z", translated(java));
        Regex::new(&pattern).map(Self).map_err(|why| format!("{java}: {why}"))
    }

    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// Translates `\uXXXX`, and `\d` and `\w` as ASCII. Look-ahead is left out, so that the result accepts
/// a little more.
fn translated(java: &str) -> String {
    let mut text = String::new();
    let mut rest = java.trim_start_matches('^').trim_end_matches('$');
    let mut in_class = false;
    while let Some(letter) = rest.chars().next() {
        let escaped = rest.get(..2).filter(|_| letter == '\\');
        if let Some(ahead) = rest.strip_prefix("(?=") {
            rest = ahead.split_once(')').map_or("", |(_, after)| after);
        } else if let Some(digits) = rest.strip_prefix(r"\u") {
            let (code, after) = digits.split_at_checked(4).unwrap_or((digits, ""));
            text.extend([r"\x{", code, "}"]);
            rest = after;
        } else if let Some(escaped) = escaped {
            let inner = match escaped {
                r"\d" => Some("0-9"),
                r"\w" => Some("A-Za-z0-9_"),
                _ => None,
            };
            match inner {
                Some(inner) if in_class => text.push_str(inner),
                Some(inner) => text.extend(["[", inner, "]"]),
                None => text.push_str(escaped),
            }
            rest = rest.get(2..).unwrap_or_default();
        } else {
            in_class = (in_class || letter == '[') && letter != ']';
            text.push(letter);
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).unwrap().matches(text)
    }

    #[test]
    fn the_whole_text_must_match() {
        assert!(matches(r"\d{12}", "123456789012"));
        assert!(!matches(r"\d{12}", "1234567890123"));
        assert!(!matches("a|b", "ab"));
        assert!(!matches("a+", "a\n"));
    }

    #[test]
    fn words_and_digits_are_ascii() {
        assert!(matches(r"[\w+=,.@-]+", "a_B.9@x"));
        assert!(!matches(r"[\w+=,.@-]+", "ä"));
        assert!(!matches(r"\d", "٣"));
    }

    #[test]
    fn characters_named_by_number_are_known() {
        let pattern = r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*";
        assert!(matches(pattern, "tab\tand é"));
        assert!(!matches(pattern, "bell\u{7}"));
    }

    #[test]
    fn a_duration_needs_no_look_ahead() {
        let pattern = r"(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:T(?:(\d+)H)?)?";
        assert!(matches(pattern, "PT12H"));
        assert!(!matches(pattern, "12H"));
    }
}
