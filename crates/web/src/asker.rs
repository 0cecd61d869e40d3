//! The program that asks to act for a person, as the device page and the consent page show it.
//!
//! RFC 8628 §5.4 (remote phishing): the person is shown the origin of the request, so that they can
//! tell their own request from a stranger's. The name proves nothing: anybody may register a client under any name.

use maud::{Markup, html};

use crate::parts::quoted;
use crate::parts::surface::{Shape, facts, state};
use crate::parts::when::{ago, clock};
use crate::sample::{CLIENT_NAME, NOW};

/// Program that waits for an answer.
pub struct Asker<'a> {
    /// Name that the program gave itself.
    pub client_name: &'a str,
    /// Address that it asked from.
    pub address: &'a str,
    pub place: Place,
    pub asked_at_ms: i64,
    pub now_ms: i64,
}

/// Place that a program asked from, as seen from this browser.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// The address of this browser.
    Here,
    Elsewhere,
    /// The browser came through a proxy that the server does not trust, so its own address is not known.
    Unknown,
}

impl Asker<'_> {
    pub(crate) fn sample(place: Place) -> Self {
        Self {
            client_name: CLIENT_NAME,
            address: if place == Place::Elsewhere { "203.0.113.99" } else { "10.20.4.17" },
            place,
            asked_at_ms: NOW - 20_000,
            now_ms: NOW,
        }
    }

    pub(crate) fn facts(&self) -> Markup {
        let place = match self.place {
            Place::Here => state(Shape::Good, "the address of this browser"),
            Place::Elsewhere => state(Shape::Waiting, "not the address of this browser"),
            Place::Unknown => state(Shape::Waiting, "it is not known whether this browser has it"),
        };
        facts(&[
            ("Calls itself", quoted(self.client_name)),
            ("Asked from", html! { (self.address) small { (place) } }),
            (
                "Asked",
                html! { (ago(self.asked_at_ms, self.now_ms)) small { (clock(self.asked_at_ms, self.now_ms)) } },
            ),
        ])
    }
}
