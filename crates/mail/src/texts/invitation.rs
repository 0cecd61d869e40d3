//! A link for a first password.

use crate::layout::{Layout, Part};
use crate::place::{Place, shown};

pub(crate) fn invitation(
    place: &Place<'_>,
    display_name: &str,
    user_name: &str,
    secret: &str,
) -> Layout {
    Layout {
        subject: "Accept your invitation",
        greeting: format!("Hello {},", shown(display_name)),
        parts: vec![
            Part::Paragraph(format!(
                "{} invited you to sign in at {}. Choose a password to accept:",
                place.requester(),
                place.host()
            )),
            Part::Button("Accept invitation", place.link("/set-password", secret)),
            Part::Facts(vec![("User name", shown(user_name)), ("Good until", place.until())]),
            Part::Paragraph(
                "The link works once. Keep it to yourself: who has it can choose the password in your place. A newer \
                 invitation ends it."
                    .to_owned(),
            ),
            Part::Paragraph(
                "If you did not expect this message, do not open the link. You can delete the message: the link ends \
                 by itself."
                    .to_owned(),
            ),
        ],
        footer: place.footer(),
    }
}
