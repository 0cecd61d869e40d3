//! Who asks to act for a person: what the device page and the consent page show of it.
//!
//! RFC 8628 §5.4 (remote phishing): the person is shown where the request came from, so that they
//! can tell their own from a stranger's.

use maud::{Markup, html};

use crate::parts::surface::{Shape, facts, state};
use crate::parts::when::{ago, clock};

/// A program that waits for an answer.
pub struct Asker<'a> {
    pub client_name: &'a str,
    /// The address that it asked from.
    pub address: &'a str,
    /// Whether this browser has the same address.
    pub is_same_address: bool,
    pub asked_at_ms: i64,
    pub now_ms: i64,
}

impl Asker<'_> {
    pub(crate) fn facts(&self) -> Markup {
        let address = html! {
            (self.address)
            small {
                @if self.is_same_address { (state(Shape::Good, "the address of this browser")) }
                @else { (state(Shape::Waiting, "not the address of this browser")) }
            }
        };
        facts(&[
            ("Asked by", html! { (self.client_name) }),
            ("Asked from", address),
            (
                "Asked",
                html! { (ago(self.asked_at_ms, self.now_ms)) small { (clock(self.asked_at_ms, self.now_ms)) } },
            ),
        ])
    }
}
