//! A name that a request gives to a user, a group or an account.

use std::str::FromStr;

use crate::legible::Legible;
use crate::likeness::Likeness;
use crate::reserved_name::{RESERVED, is_reserved_likeness};

/// A name that does not deceive: it is legible, does not look like a reserved name, and has a key
/// under which it is unique.
///
/// Names that are stored may be older than these rules, so the type of a stored name does not have
/// them.
// AWS: the patterns of names admit variation selectors, the fillers of Hangul and the empty Braille
// pattern; that of an account's address admits all invisible characters. Portico refuses them,
// because two people would have names that nobody can tell apart, and names of white space.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewName<T>(pub T);

impl<T: FromStr<Err = &'static str>> FromStr for NewName<T> {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Legible(name) = text.parse()?;
        let likeness = Likeness::of(text);
        if is_reserved_likeness(&likeness) {
            return Err(RESERVED);
        }
        if likeness.indexed().is_none() {
            return Err("have at most 2048 bytes in UTF-8 once it is normalized");
        }
        Ok(Self(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::EmailAddress;
    use crate::group::GroupName;
    use crate::organization::AccountEmail;
    use crate::user::UserName;

    fn is_accepted<T: FromStr<Err = &'static str>>(text: &str) -> bool {
        text.parse::<NewName<T>>().is_ok()
    }

    #[test]
    fn names_of_all_scripts_are_accepted() {
        for name in ["jane", "josé", "jose\u{301}", "東京", "نرگس", "नीला", "김철수", "🦀"]
        {
            assert!(is_accepted::<UserName>(name), "{name}");
            assert!(is_accepted::<GroupName>(name), "{name}");
            assert!(is_accepted::<EmailAddress>(&format!("{name}@example.com")), "{name}");
            assert!(is_accepted::<AccountEmail>(&format!("{name}@example.com")), "{name}");
        }
    }

    #[test]
    fn names_with_invisible_characters_are_refused() {
        for c in [
            '\u{202e}',
            '\u{2066}',
            '\u{200b}',
            '\u{200d}',
            '\u{2060}',
            '\u{feff}',
            '\u{ad}',
            '\u{34f}',
            '\u{fe0f}',
            '\u{e0101}',
            '\u{e0041}',
            '\u{115f}',
            '\u{3164}',
            '\u{ffa0}',
            '\u{2800}',
            '\u{17b4}',
            '\u{fff9}',
            '\u{fffc}',
            '\u{16fe4}',
            '\u{1d159}',
        ] {
            let name = format!("ja{c}ne");
            assert!(!is_accepted::<UserName>(&name), "{name:?}");
            assert!(!is_accepted::<GroupName>(&name), "{name:?}");
            assert!(!is_accepted::<EmailAddress>(&format!("{name}@example.com")), "{name:?}");
            assert!(!is_accepted::<AccountEmail>(&format!("{name}@example.com")), "{name:?}");
        }
    }

    #[test]
    fn reserved_names_in_other_letters_are_refused() {
        for name in ["\u{ff21}dministrator", "adm\u{131}nistrator", "aw\u{17f}administrators"] {
            assert!(!is_accepted::<UserName>(name), "{name}");
            assert!(!is_accepted::<GroupName>(name), "{name}");
        }
        assert!(!is_accepted::<GroupName>("\u{a0}Administrator"));
        assert!(!is_accepted::<GroupName>(" Administrator"));
        assert!(!is_accepted::<GroupName>(" \u{a0}"));
    }

    #[test]
    fn a_name_with_a_long_key_is_refused() {
        assert!(!is_accepted::<UserName>(&"\u{fdfa}".repeat(128)));
        assert!(is_accepted::<UserName>(&"\u{fdfa}".repeat(62)));
    }
}
