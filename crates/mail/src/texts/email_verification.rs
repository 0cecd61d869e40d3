//! A link by which a person confirms the address.

use crate::layout::{Layout, Part};
use crate::place::{Place, shown};

pub(crate) fn email_verification(
    place: &Place<'_>,
    display_name: &str,
    user_name: &str,
    token: &str,
) -> Layout {
    Layout {
        subject: "Confirm your e-mail address",
        greeting: format!("Hello {},", shown(display_name)),
        parts: vec![
            Part::Paragraph(format!(
                "{} asks you to confirm that this is your e-mail address at {}. A link to set another password can \
                 reach you here from then on.",
                place.requester(),
                place.host()
            )),
            Part::Button("Confirm address", place.link("/verify-email", token)),
            Part::Facts(vec![("User name", shown(user_name)), ("Good until", place.until())]),
            Part::Paragraph("You sign in with your password to confirm it.".to_owned()),
            Part::Paragraph(
                "If the user name is not yours, do not open the link, and tell the administrator."
                    .to_owned(),
            ),
        ],
        footer: place.footer(),
    }
}
