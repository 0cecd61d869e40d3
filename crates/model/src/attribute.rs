//! Texts in the attributes of users and groups.

use crate::case_fold::{fold, is_indexable};
use crate::text_type::text_type;
use crate::visible::is_visible;

text_type! {
    /// 1 to 1,024 letters, marks, symbols, numbers, punctuation and plain spaces.
    // AWS: SensitiveStringType.
    AttributeText, is_attribute_text
}

text_type! {
    /// An attribute text with an `@` between two other texts, and no spaces.
    // AWS: any SensitiveStringType. Portico takes only addresses: mail to any other text fails, and a
    // line end would add headers to a mail.
    EmailAddress, |text| {
        is_attribute_text(text)?;
        is_indexable(text)?;
        let parts = text.split_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty());
        let plain = parts.is_some_and(|(_, host)| !host.contains('@'));
        if plain && text.chars().all(is_visible) { Ok(()) } else { Err("be an e-mail address") }
    }
}

text_type! {
    /// A day of the calendar, `YYYY-MM-DD`.
    Birthdate, |text| {
        if is_day(text) { Ok(()) } else { Err("be a day in the form YYYY-MM-DD") }
    }
}

impl EmailAddress {
    /// The key under which two spellings of an address are equal.
    #[must_use]
    pub fn key(&self) -> String {
        email_key(self.as_str())
    }
}

impl EmailAddress {
    /// The mailbox that mail to the address goes to. Of two spellings with one [`key`](Self::key) the mail may go to
    /// different people: `ı` is no `i` in the name of a domain. So what a person proves of a mailbox, and who answers for
    /// one, holds for the very text.
    #[must_use]
    pub fn mailbox(&self) -> &str {
        self.as_str()
    }
}

/// The key of any text in the place of an address, even of one that is not an address.
#[must_use]
pub fn email_key(text: &str) -> String {
    fold(text)
}

pub(crate) fn is_attribute_text(text: &str) -> Result<(), &'static str> {
    // Characters are counted only if the text has more bytes than it may have characters.
    if text.is_empty() || (text.len() > 1024 && text.chars().count() > 1024) {
        return Err("have length between 1 and 1024");
    }
    // AWS: `[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r  　]+`, with a no-break and an ideographic space.
    let space = |c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{a0}' | '\u{3000}');
    if text.chars().all(|c| space(c) || is_visible(c)) {
        Ok(())
    } else {
        Err("hold only letters, marks, symbols, numbers, punctuation and spaces")
    }
}

fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    let form = bytes.len() == 10
        && bytes.iter().enumerate().all(|(place, byte)| match place {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let mut parts = text.split('-').map(|part| part.parse::<u32>().unwrap_or(0));
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let (Some(year @ 1..), Some(month), Some(day)) = (year, month, day) else { return false };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    form && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_no_control_characters_and_a_length() {
        assert!("Zürich\u{a0}\n東京\u{3000}".parse::<AttributeText>().is_ok());
        for text in ["", "a\0b", "a\u{1b}[m", "a\u{202e}b", "a\u{2028}b"] {
            assert!(text.parse::<AttributeText>().is_err(), "{text:?}");
        }
        assert!("ä".repeat(1024).parse::<AttributeText>().is_ok());
        assert!("ä".repeat(1025).parse::<AttributeText>().is_err());
    }

    #[test]
    fn an_address_has_two_sides_and_cannot_end_a_line() {
        assert!("jane@example.com".parse::<EmailAddress>().is_ok());
        for text in ["jane", "@example.com", "jane@", "a@b@c", "jane@example.com\r\nBcc: x@y"] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text:?}");
        }
        assert!(format!("{}@example.com", "東".repeat(700)).parse::<EmailAddress>().is_err());
    }

    #[test]
    fn a_birthdate_is_a_day_that_there_was() {
        assert!("2000-02-29".parse::<Birthdate>().is_ok());
        for text in
            ["1900-02-29", "2001-13-01", "2001-04-31", "2001-1-01", "0000-01-01", "+001-01-01"]
        {
            assert!(text.parse::<Birthdate>().is_err(), "{text:?}");
        }
    }
}
