//! A one-time password.

use crate::layout::{Layout, Part};
use crate::place::{Place, shown};

pub(crate) fn password_reset(
    place: &Place<'_>,
    display_name: &str,
    user_name: &str,
    one_time_password: &str,
) -> Layout {
    Layout {
        subject: "A one-time password for your account",
        greeting: format!("Hello {},", shown(display_name)),
        parts: vec![
            Part::Paragraph(format!(
                "{} reset your password at {}. Your former password does not work any more, and you are signed out \
                 everywhere.",
                place.requester(),
                place.host()
            )),
            Part::Paragraph("Sign in with this one-time password, and choose a new one:".to_owned()),
            Part::Facts(vec![
                ("User name", shown(user_name)),
                ("One-time password", one_time_password.to_owned()),
                ("Good until", place.until()),
            ]),
            Part::Button("Sign in", format!("{}/start", place.url)),
            Part::Paragraph(
                "It works once. Keep it to yourself: an administrator never asks for it.".to_owned(),
            ),
            Part::Paragraph(
                "If you did not expect this message, do not use the password, and ask your administrator in another \
                 way than by answering this mail."
                    .to_owned(),
            ),
        ],
        footer: place.footer(),
    }
}
