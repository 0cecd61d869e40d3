//! Parts of pages. Each part is a function or a small struct that renders itself.

pub mod browser;
pub mod ceremony;
pub mod copy;
pub mod field;
pub mod frame;
pub mod json;
pub mod key;
pub mod password_rules;
pub mod person;
pub mod second_factor;
pub mod surface;
pub mod table;
pub mod totp;
pub mod when;

use maud::{Markup, html};

/// Renders the hidden fields of a form: its token and further values.
pub fn hidden<'a>(token: &str, values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Markup {
    html! {
        input type="hidden" name=(crate::form_token::FIELD) value=(token);
        @for (name, value) in values {
            input type="hidden" name=(name) value=(value);
        }
    }
}

/// Renders the mark of an absent value.
#[must_use]
pub fn none() -> Markup {
    html! { span class="soft" { span aria-hidden="true" { "–" } span class="unseen" { "None" } } }
}

/// Renders text that people wrote. It may run from right to left, and must not turn the text beside it.
// Unicode Bidirectional Algorithm, HTML «bdi».
#[must_use]
pub fn written(text: &str) -> Markup {
    html! { bdi { (text) } }
}

/// Renders a name that somebody gave themselves, in quotation marks.
#[must_use]
pub fn quoted(text: &str) -> Markup {
    html! { "“" (written(text)) "”" }
}

/// Renders text that people wrote, or the mark of an absent value.
#[must_use]
pub fn perhaps(text: Option<&str>) -> Markup {
    text.map_or_else(none, written)
}

/// Writes a number and its noun: «1 role», «1,284 users».
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{} {noun}", grouped(number))
}

/// Writes a number with a comma before each three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_written_for_people() {
        assert_eq!(count(0, "role", "roles"), "0 roles");
        assert_eq!(count(1, "role", "roles"), "1 role");
        assert_eq!(count(999, "user", "users"), "999 users");
        assert_eq!(count(1_284, "user", "users"), "1,284 users");
        assert_eq!(count(200_000, "user", "users"), "200,000 users");
    }
}
