//! A code in place of a second factor.

use crate::layout::{Layout, Part};
use crate::place::{Place, shown};

pub(crate) fn sign_in_code(
    place: &Place<'_>,
    display_name: &str,
    user_name: &str,
    code: &str,
) -> Layout {
    Layout {
        subject: "Your sign-in code",
        greeting: format!("Hello {},", shown(display_name)),
        parts: vec![
            Part::Paragraph(format!(
                "Somebody signs in at {} with your user name and your password. If it is you, type this code on the page \
                 that asks for it:",
                place.host()
            )),
            Part::Facts(vec![
                ("User name", shown(user_name)),
                ("Code", code.to_owned()),
                ("Good until", place.until()),
            ]),
            Part::Paragraph(
                "It works once, and only in the browser that asked for it. Nobody else needs it: an administrator never \
                 asks for it."
                    .to_owned(),
            ),
            Part::Paragraph(
                "If it is not you, somebody knows your password. Do not pass the code on, and ask your administrator for a \
                 new password in another way than by answering this mail."
                    .to_owned(),
            ),
        ],
        footer: place.footer(),
    }
}
