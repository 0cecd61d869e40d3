//! Characters that a reader does not see, which make two names look like one.

/// Tells whether a character is invisible in most fonts, or changes how its neighbours are shown.
// Unicode, Default_Ignorable_Code_Point: joiners, controls of the writing direction, variation
// selectors, fillers of Hangul, tags. Beside them some that are drawn as nothing: the marks around
// annotations and in the place of an object, the empty Braille pattern, the filler of Khitan letters
// and the head of a note that has none.
// INVARIANT: a change of this list changes likenesses; see `store::likeness::VERSION`.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffc}'
            | '\u{16fe4}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d159}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Tells whether a text shows nothing: it has only white space and invisible characters.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_text_shows_nothing() {
        for text in ["", " \u{a0}\t", "\u{3164}", "\u{2800}\u{fe0f}"] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["a", " \u{301}", "❤\u{fe0f}", "葛\u{e0100}"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
