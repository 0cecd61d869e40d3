//! User codes of device authorizations: RFC 8628 §6.1.

use std::str::FromStr;

use crate::random::{Random, random_text};
use crate::text_type::text_type;

/// The letters of user codes.
// RFC 8628 §6.1: without vowels no code spells a word, and no letter looks like another.
const USER_CODE_LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

text_type! {
    /// The code that a person types from a device into a browser: eight letters, shown as
    /// `XXXX-XXXX`.
    UserCode
}

impl UserCode {
    /// A code that is not yet known to be free.
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        let letters = random_text(random, USER_CODE_LETTERS, 8);
        let (head, tail) = letters.split_at_checked(4).unwrap_or((&letters, ""));
        Self(format!("{head}-{tail}"))
    }
}

impl FromStr for UserCode {
    type Err = &'static str;

    /// Takes the code as people type it: in any case, with or without hyphen and spaces.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const MUST: &str = "be the eight letters that your device shows, XXXX-XXXX";
        let mut letters = String::with_capacity(8);
        for character in text.chars().filter(|character| !is_separator(*character)) {
            let letter = character.to_ascii_uppercase();
            let known = u8::try_from(letter).is_ok_and(|byte| USER_CODE_LETTERS.contains(&byte));
            if !known || letters.len() == 8 {
                return Err(MUST);
            }
            letters.push(letter);
        }
        let (head, tail) =
            letters.split_at_checked(4).filter(|_| letters.len() == 8).ok_or(MUST)?;
        Ok(Self(format!("{head}-{tail}")))
    }
}

/// Tells whether the character is a space or one of the hyphens that phone keyboards insert.
fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Counting;

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for (number, byte) in (0..).zip(bytes) {
                *byte = number;
            }
        }
    }

    proptest! {
        #[test]
        fn a_user_code_is_the_same_however_it_is_typed(
            letters in "[BCDFGHJKLMNPQRSTVWXZ]{8}",
            small in any::<[bool; 8]>(),
            between in proptest::collection::vec("[ \\-\u{2013}\u{2011}._\t]{0,2}", 9),
        ) {
            let mut typed = between[0].clone();
            for ((letter, small), after) in letters.chars().zip(small).zip(&between[1..]) {
                typed.push(if small { letter.to_ascii_lowercase() } else { letter });
                typed.push_str(after);
            }
            let code = typed.parse::<UserCode>().unwrap();
            prop_assert_eq!(code.to_string(), format!("{}-{}", &letters[..4], &letters[4..]));
            prop_assert_eq!(code.to_string().parse(), Ok(code));
        }

        #[test]
        fn nothing_but_eight_letters_is_a_user_code(typed in ".{0,12}") {
            if let Ok(code) = typed.parse::<UserCode>() {
                let letters = typed.chars().filter(|character| !is_separator(*character));
                let letters: String = letters.collect();
                prop_assert_eq!(letters.to_ascii_uppercase(), code.to_string().replace('-', ""));
            }
        }
    }

    #[test]
    fn a_user_code_is_shown_in_one_form_and_read_in_many() {
        let code = UserCode::random(&Counting);
        assert_eq!(code.to_string(), "BCDF-GHJK");
        for typed in ["bcdfghjk", " BCDF GHJK ", "bcdf\u{2013}ghjk", "B.C.D.F-G.H.J.K"] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
    }

    #[test]
    fn what_is_no_user_code_is_refused() {
        for typed in ["", "BCDF", "BCDF-GHJKL", "ACDF-GHJK", "BCDF-GHJ1", "ＢCDFGHJK", "BCDF/GHJK"]
        {
            assert!(typed.parse::<UserCode>().is_err(), "{typed}");
        }
    }
}
