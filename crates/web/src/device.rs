//! Page "Confirm the code", RFC 8628 §3.3: the person compares the code with their device's.

use maud::{Markup, html};

use crate::asker::Asker;
use crate::parts::field::Field;
use crate::parts::frame::door;
use crate::parts::hidden;

/// What the page shows.
pub struct Device<'a> {
    /// As it came with the link, or as it was typed.
    pub code: &'a str,
    /// Who asked, once the code is known.
    pub asker: Option<Asker<'a>>,
    pub complaint: Option<&'a str>,
    pub who: &'a str,
    pub token: &'a str,
}

/// The page.
#[must_use]
pub fn render(view: &Device<'_>) -> Markup {
    let title = if view.asker.is_some() { "Is this your code?" } else { "Enter the code" };
    door(
        title,
        &html! {
            div class="panel" {
                hgroup {
                    h1 { (title) }
                    p class="soft" { "A program asks to act for you. It shows a code of eight letters." }
                }
                form method="post" action="/device" {
                    (hidden(view.token, []))
                    (Field::code("Code", "user_code")
                        .value(view.code)
                        .focused(view.code.is_empty())
                        .complaint(view.complaint))
                    @if let Some(asker) = &view.asker { (asker.facts()) }
                    p {
                        "Go on only if you started the program yourself and it shows the same code. \
                         If someone sent you the link or the code, close this page: they would get in as you."
                    }
                    button class="primary" { "Confirm and continue" }
                }
            }
            small { "Signed in as " (view.who) "." }
        },
    )
}
