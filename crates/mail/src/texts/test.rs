//! A message that says only that mail arrives.

use crate::layout::{Layout, Part};
use crate::place::Place;

pub(crate) fn test(place: &Place<'_>) -> Layout {
    Layout {
        subject: "Test message",
        greeting: "Hello,".to_owned(),
        parts: vec![
            Part::Paragraph(format!(
                "{} sent this message from {} to see whether mail arrives. It does.",
                place.requester(),
                place.host()
            )),
            Part::Paragraph(
                "There is nothing to do. If you know nothing of it, you can delete it.".to_owned(),
            ),
        ],
        footer: place.footer(),
    }
}
