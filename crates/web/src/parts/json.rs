//! JSON text, indented for reading. Only white space between tokens changes.

/// Indents JSON text by two spaces for each level. Text that is not JSON stays readable text.
#[must_use]
pub fn indented(json: &str) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    let (mut depth, mut is_quoted, mut is_escaped) = (0_usize, false, false);
    let mut rest = json.chars().peekable();
    while let Some(letter) = rest.next() {
        if is_quoted {
            text.push(letter);
            is_quoted = is_escaped || letter != '"';
            is_escaped = !is_escaped && letter == '\\';
            continue;
        }
        match letter {
            '{' | '[' => {
                text.push(letter);
                while rest.next_if(|next| next.is_whitespace()).is_some() {}
                if let Some(end) = rest.next_if(|next| matches!(next, '}' | ']')) {
                    text.push(end);
                } else {
                    depth += 1;
                    new_line(&mut text, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut text, depth);
                text.push(letter);
            }
            ',' => {
                text.push(letter);
                new_line(&mut text, depth);
            }
            ':' => text.push_str(": "),
            '"' => {
                text.push(letter);
                is_quoted = true;
            }
            letter if letter.is_whitespace() => {}
            letter => text.push(letter),
        }
    }
    text
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_stay_and_levels_are_indented() {
        let json = r#"{"b" :[1,{ },"x, {y}: \"z\\"],  "a":null,"c":[ ]}"#;
        let expected = r#"{
  "b": [
    1,
    {},
    "x, {y}: \"z\\"
  ],
  "a": null,
  "c": []
}"#;
        assert_eq!(indented(json), expected);
        assert_eq!(indented(&indented(json)), expected);
    }

    #[test]
    fn text_that_is_not_json_is_no_reason_to_stop() {
        assert_eq!(indented(""), "");
        assert_eq!(indented("}\"a"), "\n}\"a");
    }
}
