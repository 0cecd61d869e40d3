//! Page "Signed out".

use maud::{Markup, html};

use crate::parts::frame::door;

/// The page.
#[must_use]
pub fn render() -> Markup {
    door(
        "Signed out",
        &html! {
            div class="panel" {
                h1 { "You are signed out" }
                p { "The session of this browser has ended, and the command lines that you let in with it. You may close this window." }
                div class="actions" { a class="button primary" href="/sign-in" { "Sign in again" } }
            }
        },
    )
}
