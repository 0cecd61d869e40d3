//! The name that a user signs in with.

use crate::case_fold::fold;
use crate::reserved_name::{RESERVED, is_reserved};
use crate::text_type::text_type;
use crate::visible::is_visible;

text_type! {
    /// 1 to 128 visible characters; not a name that AWS reserves.
    // AWS: UserName.
    UserName, |text| {
        if text.is_empty() || (text.len() > 128 && text.chars().count() > 128) {
            return Err("have length between 1 and 128");
        }
        if !text.chars().all(is_visible) {
            return Err("hold only letters, marks, symbols, numbers and punctuation");
        }
        if is_reserved(text) { Err(RESERVED) } else { Ok(()) }
    }
}

impl UserName {
    /// The key under which two spellings of a name are equal.
    #[must_use]
    pub fn key(&self) -> String {
        user_name_key(self.as_str())
    }
}

/// The key of any text in the place of a user name, even of one that no user can have.
#[must_use]
pub fn user_name_key(text: &str) -> String {
    fold(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_is_visible_and_not_reserved() {
        assert!("jane.doe+test@example.com".parse::<UserName>().is_ok());
        assert!("ä".repeat(128).parse::<UserName>().is_ok());
        let bad = [
            "",
            "jane doe",
            "jane\n",
            "jane\0",
            "jane\u{a0}",
            "ADMINISTRATOR",
            "awsAdministrators",
        ];
        for text in bad {
            assert!(text.parse::<UserName>().is_err(), "{text:?}");
        }
        assert!("ä".repeat(129).parse::<UserName>().is_err());
    }
}
