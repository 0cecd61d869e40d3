//! A notice that the password is another.

use crate::layout::{Layout, Part};
use crate::place::{Place, shown};

pub(crate) fn password_changed(
    place: &Place<'_>,
    display_name: &str,
    (user_name, source_address): (&str, &str),
) -> Layout {
    Layout {
        subject: "Your password was changed",
        greeting: format!("Hello {},", shown(display_name)),
        parts: vec![
            Part::Paragraph(format!(
                "The password of your account at {} was changed, and other sessions were signed out.",
                place.host()
            )),
            Part::Facts(vec![
                ("User name", shown(user_name)),
                ("Changed from", shown(source_address)),
                ("Changed at", place.created_at()),
            ]),
            Part::Paragraph("If it was you, there is nothing to do.".to_owned()),
            Part::Paragraph(
                "If it was not you, somebody can read your mail or had a password of yours: tell your administrator \
                 at once, in another way than by answering this mail."
                    .to_owned(),
            ),
        ],
        footer: place.footer(),
    }
}
