//! The program that asks to act for a person, as the device page and the consent page show it.
//!
//! RFC 8628 §5.4 (remote phishing): the person is shown the origin of the request, so that they can
//! tell their own request from a stranger's.

use maud::{Markup, html};

use crate::parts::surface::{Shape, facts, state};
use crate::parts::when::{ago, clock};
use crate::sample::{CLIENT_NAME, NOW};

/// Program that waits for an answer.
pub struct Asker<'a> {
    pub client_name: &'a str,
    /// Address that it asked from.
    pub address: &'a str,
    /// True if this browser has the same address.
    pub is_same_address: bool,
    pub asked_at_ms: i64,
    pub now_ms: i64,
}

impl Asker<'_> {
    pub(crate) fn sample(is_same_address: bool) -> Self {
        Self {
            client_name: CLIENT_NAME,
            address: if is_same_address { "10.20.4.17" } else { "203.0.113.99" },
            is_same_address,
            asked_at_ms: NOW - 20_000,
            now_ms: NOW,
        }
    }

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
