//! Who is signed in, below a question, and the way for somebody else.

use maud::{Markup, Render, html};

use super::{hidden, written};

/// The person who is asked.
#[derive(Clone, Copy)]
pub struct SignedIn<'a> {
    pub who: &'a str,
    /// Where whoever signs in instead comes back to.
    pub return_to: &'a str,
    /// Of the form that is sent to `/sign-out`.
    pub sign_out_token: &'a str,
}

impl Render for SignedIn<'_> {
    fn render(&self) -> Markup {
        html! {
            form class="person soft" method="post" action="/sign-out" {
                (hidden(self.sign_out_token, [("return_to", self.return_to)]))
                span { "Signed in as " strong { (written(self.who)) } "." }
                button class="link" { "Sign in as somebody else" }
            }
        }
    }
}
