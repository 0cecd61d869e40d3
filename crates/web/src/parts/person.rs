//! The person who is signed in, below a question, with a button to sign in as another.

use maud::{Markup, Render, html};

use super::{hidden, written};
use crate::sample::{TOKEN, USER_NAME};

/// Person who is asked.
#[derive(Clone, Copy)]
pub struct SignedIn<'a> {
    pub who: &'a str,
    /// Address at which another person goes on after signing in instead.
    pub return_to: &'a str,
    /// Token of the form that is sent to `/sign-out`.
    pub sign_out_token: &'a str,
}

impl SignedIn<'_> {
    pub(crate) fn sample() -> Self {
        Self { who: USER_NAME, return_to: "/device", sign_out_token: TOKEN }
    }
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
