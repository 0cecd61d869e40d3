//! Parts of the pages that ask for a code: the clock, and the box for a browser of one's own.

use maud::{Markup, html};

use super::when::utc;

/// Says what time it is here, because the codes of a device with another time are wrong.
pub(crate) fn clock_hint(now_ms: i64) -> Markup {
    html! { "The clock here says " (utc(now_ms)) ". If your device’s differs, its codes are not right." }
}

/// Renders the box by which a person calls the browser their own.
pub(crate) fn own_device() -> Markup {
    html! {
        label class="check" {
            input type="checkbox" name="own_device" value="true";
            span {
                "This is my own device"
                small { "For 30 days you are not asked again in this browser, as long as you stay in this network." }
            }
        }
    }
}
