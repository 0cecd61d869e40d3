//! A notice that the person has a new second factor, or one less.

use crate::layout::{Layout, Part};
use crate::place::{Place, shown};

pub(crate) fn mfa_device_changed(
    place: &Place<'_>,
    (display_name, user_name): (&str, &str),
    (device_name, is_new): (&str, bool),
    source_address: &str,
) -> Layout {
    let (subject, what) = if is_new {
        ("A second factor was added to your account", "was added to")
    } else {
        ("A second factor was removed from your account", "was removed from")
    };
    Layout {
        subject,
        greeting: format!("Hello {},", shown(display_name)),
        parts: vec![
            Part::Paragraph(format!(
                "A device that proves who you are at sign-in {what} your account at {}.",
                place.host()
            )),
            Part::Facts(vec![
                ("User name", shown(user_name)),
                ("Device", shown(device_name)),
                ("Changed from", shown(source_address)),
                ("Changed at", place.created_at()),
            ]),
            Part::Paragraph("If it was you, there is nothing to do.".to_owned()),
            Part::Paragraph(
                "If it was not you, somebody has your password: tell your administrator at once, in another way than by \
                 answering this mail."
                    .to_owned(),
            ),
        ],
        footer: place.footer(),
    }
}
