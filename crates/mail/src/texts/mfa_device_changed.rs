//! A notice that the person has a new second factor, or one less.

use crate::layout::{Layout, Part};
use crate::place::{Place, shown};

/// `source_address` is where the person's own change came from. Without it an administrator made the change.
pub(crate) fn mfa_device_changed(
    place: &Place<'_>,
    (display_name, user_name): (&str, &str),
    (device_name, is_new): (&str, bool),
    source_address: Option<&str>,
) -> Layout {
    let subject = match (is_new, source_address) {
        (true, Some(_)) => "A second factor was added to your account",
        (false, Some(_)) => "A second factor was removed from your account",
        (true, None) => "An administrator added a second factor to your account",
        (false, None) => "An administrator removed a second factor from your account",
    };
    let (what, done) = if is_new { ("added to", "added") } else { ("removed from", "removed") };
    let told = match source_address {
        Some(_) => format!(
            "A device that proves who you are at sign-in was {what} your account at {}.",
            place.host()
        ),
        None => format!(
            "{} {done} a device that proves who you are at sign-in, for your account at {}.",
            place.requester(),
            place.host()
        ),
    };
    let mut facts = vec![("User name", shown(user_name)), ("Device", shown(device_name))];
    facts.extend(source_address.map(|address| ("Changed from", shown(address))));
    facts.push(("Changed at", place.created_at()));
    let (known, unknown) = match source_address {
        Some(_) => (
            "If it was you, there is nothing to do.",
            "If it was not you, somebody has your password: tell your administrator at once, in another way than by \
             answering this mail.",
        ),
        None => (
            "If you asked for it, there is nothing to do. At My security, Second factors you see all devices of your account.",
            "If you did not ask for it, ask your administrator why, in another way than by answering this mail.",
        ),
    };
    Layout {
        subject,
        greeting: format!("Hello {},", shown(display_name)),
        parts: vec![
            Part::Paragraph(told),
            Part::Facts(facts),
            Part::Paragraph(known.to_owned()),
            Part::Paragraph(unknown.to_owned()),
        ],
        footer: place.footer(),
    }
}
