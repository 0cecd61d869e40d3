//! A notice that the person may sign in once without a second factor.

use crate::layout::{Layout, Part};
use crate::place::{Place, moment, shown};

/// `until_ms` is the end of the bypass, unless it ends with the message.
pub(crate) fn mfa_bypass(
    place: &Place<'_>,
    (display_name, user_name): (&str, &str),
    until_ms: Option<i64>,
) -> Layout {
    Layout {
        subject: "You may sign in once without your second factor",
        greeting: format!("Hello {},", shown(display_name)),
        parts: vec![
            Part::Paragraph(format!(
                "{} lets you sign in once at {} with your password alone, because you cannot use your authenticator app or \
                 your security key.",
                place.requester(),
                place.host()
            )),
            Part::Facts(vec![("User name", shown(user_name)), ("Good until", until_ms.map_or_else(|| place.until(), moment))]),
            Part::Button("Sign in", format!("{}/start", place.url)),
            Part::Paragraph("Then go to My security, Second factors: add a new device, and remove the one that you lost.".to_owned()),
            Part::Paragraph(
                "If you did not ask for it, somebody may know your password: tell your administrator at once, in another \
                 way than by answering this mail."
                    .to_owned(),
            ),
        ],
        footer: place.footer(),
    }
}
