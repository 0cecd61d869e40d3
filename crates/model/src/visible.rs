//! Visible characters, as the patterns of AWS's service models define them.

/// Tells whether a character is a letter, a mark, a symbol, a number or punctuation: the classes
/// `\p{L}\p{M}\p{S}\p{N}\p{P}` of AWS's patterns.
pub(crate) fn is_visible(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_graphic();
    }
    // `escape_debug` turns exactly the other classes (controls, formats, unassigned and private
    // characters, separators) into `\u{…}`: the standard library keeps the table. It also escapes a
    // mark that begins a text, so the character is tested behind a letter.
    let mut bytes = [b'a'; 5];
    let length = bytes.get_mut(1..).map_or(0, |rest| c.encode_utf8(rest).len());
    let text = bytes.get(..=length).and_then(|bytes| std::str::from_utf8(bytes).ok());
    text.is_some_and(|text| text.escape_debug().count() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_marks_symbols_numbers_and_punctuation_are_visible() {
        let visible =
            ['a', '~', '!', 'ä', 'ß', '漢', '\u{301}', '\u{fe0f}', '₤', '½', 'Ⅷ', '«', '🦀'];
        for c in visible {
            assert!(is_visible(c), "{c:?}");
        }
    }

    #[test]
    fn separators_controls_formats_and_unassigned_characters_are_not_visible() {
        let invisible = [
            '\0',
            '\t',
            '\n',
            ' ',
            '\u{7f}',
            '\u{85}',
            '\u{a0}',
            '\u{ad}',
            '\u{200b}',
            '\u{202e}',
            '\u{2028}',
            '\u{3000}',
            '\u{feff}',
            '\u{378}',
            '\u{e000}',
            '\u{fffe}',
            '\u{e0041}',
            '\u{10ffff}',
        ];
        for c in invisible {
            assert!(!is_visible(c), "{c:?}");
        }
    }
}
