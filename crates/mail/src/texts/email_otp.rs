//! A code for a person without a password.

use crate::layout::{Layout, Part};
use crate::place::{Place, shown};

pub(crate) fn email_otp(
    place: &Place<'_>,
    display_name: &str,
    (user_name, source_address): (&str, &str),
    code: &str,
) -> Layout {
    Layout {
        subject: "Your code to sign in",
        greeting: format!("Hello {},", shown(display_name)),
        parts: vec![
            Part::Paragraph(format!(
                "Somebody asked at the sign-in page of {} for a code to sign in as you for the first time. If it was \
                 you, type it there, and choose a password:",
                place.host()
            )),
            Part::Facts(vec![
                ("Code", code.to_owned()),
                ("User name", shown(user_name)),
                ("Asked from", shown(source_address)),
                ("Good until", place.until()),
            ]),
            Part::Paragraph(
                "It works once. Keep it to yourself: an administrator never asks for it."
                    .to_owned(),
            ),
            Part::Paragraph(
                "If it was not you, there is nothing to do: the code ends by itself.".to_owned(),
            ),
        ],
        footer: place.footer(),
    }
}
