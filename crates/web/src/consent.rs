//! Page that asks whether a client may act for a person, and the pages after the answer.
//!
//! RFC 6749 §3.1, RFC 8628 §3.3 and §5.4.

use maud::{Markup, html};

use crate::asker::{Asker, Place};
use crate::parts::frame::column;
use crate::parts::person::SignedIn;
use crate::parts::surface::{Weight, facts, mono, note};
use crate::parts::when::clock;
use crate::parts::{hidden, quoted};
use crate::sample::{CLIENT_NAME, NOW, Samples, TOKEN};

/// View of the page.
pub struct Consent<'a> {
    /// Name that the client gave itself.
    pub client_name: &'a str,
    pub by: Way<'a>,
    pub scopes: &'a [String],
    pub person: SignedIn<'a>,
    /// Path that the answer is sent to.
    pub action: &'a str,
    /// Hidden fields of the answer.
    pub values: &'a [(&'a str, &'a str)],
    pub token: &'a str,
}

/// Way in which the client gets its answer.
pub enum Way<'a> {
    /// The client waits on another device for the person to confirm this code.
    Device { code: &'a str, asker: Asker<'a> },
    /// The client listens on the person's own machine. The browser carries its request, from `address` if that is
    /// known.
    Redirect { to: &'a str, address: Option<&'a str>, now_ms: i64 },
}

/// Samples of consent by redirect. The device page has those of consent by code.
pub(crate) fn samples() -> Samples {
    let to = "http://127.0.0.1:50123/oauth/callback";
    let way = Way::Redirect { to, address: Some("10.20.4.17"), now_ms: NOW };
    vec![("consent-redirect", sample(way))]
}

pub(crate) fn sample(by: Way<'_>) -> Markup {
    render(&Consent {
        client_name: CLIENT_NAME,
        by,
        scopes: &["sso:account:access".to_owned()],
        person: SignedIn::sample(),
        action: "/device/answer",
        values: &[("user_code", "GENM-XADQ")],
        token: TOKEN,
    })
}

/// Renders the page.
#[must_use]
pub fn render(view: &Consent<'_>) -> Markup {
    column(
        "Allow access?",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Allow access to your accounts?" }
                    p class="soft" { "A program asks to act for you. It chose its name itself." }
                }
                @match &view.by {
                    Way::Device { code, asker } => {
                        p class="code-shown" aria-label={ "Code " (code) } role="img" { (code) }
                        (asker.facts())
                        @match asker.place {
                            Place::Here => {}
                            Place::Elsewhere => {
                                (note(Weight::Warning, &html! {
                                    p { "The request came from another address than yours. Allow it only if you started the program on another machine." }
                                }))
                            }
                            Place::Unknown => {
                                (note(Weight::Warning, &html! {
                                    p { "This server cannot tell from where you came, so it cannot compare. Allow it only if you started the program yourself." }
                                }))
                            }
                        }
                    }
                    Way::Redirect { to, address, now_ms } => {
                        (facts(&[
                            ("Calls itself", quoted(view.client_name)),
                            ("Asked from", html! {
                                @if let Some(address) = address { (address) small { "this browser" } } @else { "this browser" }
                            }),
                            ("Asked", html! { "now" small { (clock(*now_ms, *now_ms)) } }),
                            ("Gets its answer at", html! { (mono(to)) small { "a program on this computer" } }),
                        ]))
                    }
                }
                div {
                    p { strong { "It will be able to" } }
                    ul { @for scope in view.scopes { li { (meaning(scope)) } } }
                }
                form method="post" action=(view.action) {
                    (hidden(view.token, view.values.iter().copied()))
                    div class="answers" {
                        button class="primary" name="answer" value="allow" { "Allow access" }
                        button name="answer" value="deny" { "Deny" }
                    }
                }
            }
            small { "The access ends with your session; signing out of the access portal ends it at once." }
            (view.person)
        },
    )
}

/// Says what a scope lets a client do.
fn meaning(scope: &str) -> Markup {
    html! {
        @if scope == "sso:account:access" {
            "see which accounts and roles you have, and get short-lived keys for them"
        } @else {
            "use " code { (scope) }
        }
    }
}

/// Renders the page after "Allow access" on a code.
#[must_use]
pub fn render_approved(client_name: &str) -> Markup {
    let words = html! {
        "The program that calls itself " (quoted(client_name)) " goes on. You may close this window."
    };
    outcome("Request approved", &words)
}

/// Renders the page after "Deny".
#[must_use]
pub fn render_denied(client_name: &str) -> Markup {
    let words = html! {
        "The program that calls itself " (quoted(client_name)) " gets no access. You may close this window. If you did not start it \
        yourself, tell your administrator that someone tried."
    };
    outcome("Request denied", &words)
}

fn outcome(title: &str, words: &Markup) -> Markup {
    column(
        title,
        &html! {
            div class="panel" {
                h1 { (title) }
                p { (words) }
                div class="actions" { a class="button" href="/start" { "Go to the access portal" } }
            }
        },
    )
}
