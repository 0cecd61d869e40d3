//! A notice that somebody tries to sign in as the person.

use crate::layout::{Layout, Part};
use crate::place::{Place, shown};

pub(crate) fn failed_sign_ins(
    place: &Place<'_>,
    display_name: &str,
    user_name: &str,
    failures: i64,
) -> Layout {
    Layout {
        subject: "Many attempts to sign in as you",
        greeting: format!("Hello {},", shown(display_name)),
        parts: vec![
            Part::Paragraph(format!(
                "Within a day there were {failures} attempts to sign in to {} under your name that failed: with a wrong \
                 password, or a wrong code.",
                place.host()
            )),
            Part::Facts(vec![("User name", shown(user_name))]),
            Part::Paragraph(
                "If it was you, there is nothing to do. If you have forgotten your password, set another one at the \
                 sign-in page."
                    .to_owned(),
            ),
            Part::Paragraph(
                "If it was not you: nobody has signed in by these attempts, and Portico slows them down. Under “My \
                 security” you see where they came from. Register a second factor if you have none, and tell your \
                 administrator."
                    .to_owned(),
            ),
            Part::Button("My security", format!("{}/security", place.url)),
            Part::Paragraph("You get this message once a day at most.".to_owned()),
        ],
        footer: place.footer(),
    }
}
