//! A link for another password, since the former was forgotten.

use crate::layout::{Layout, Part};
use crate::place::{Place, shown};

pub(crate) fn forgot_password(
    place: &Place<'_>,
    display_name: &str,
    (user_name, source_address): (&str, &str),
    secret: &str,
) -> Layout {
    Layout {
        subject: "Set another password",
        greeting: format!("Hello {},", shown(display_name)),
        parts: vec![
            Part::Paragraph(format!(
                "Somebody said at the sign-in page of {} that you have forgotten your password. If it was you, set \
                 another one:",
                place.host()
            )),
            Part::Button("Set another password", place.link("/set-password", secret)),
            Part::Facts(vec![
                ("User name", shown(user_name)),
                ("Asked from", shown(source_address)),
                ("Good until", place.until()),
            ]),
            Part::Paragraph(
                "The link works once, and signs you out everywhere. Keep it to yourself.".to_owned(),
            ),
            Part::Paragraph(
                "If it was not you, there is nothing to do: your password is as it was, and the link ends by itself."
                    .to_owned(),
            ),
        ],
        footer: place.footer(),
    }
}
