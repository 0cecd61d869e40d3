//! Page that asks whether a client may act for a person, and the pages after the answer.
//!
//! RFC 6749 §3.1, RFC 8628 §3.3 and §5.4.

use maud::{Markup, html};

use crate::asker::Asker;
use crate::parts::frame::column;
use crate::parts::hidden;
use crate::parts::person::SignedIn;
use crate::parts::surface::{Weight, facts, mono, note};
use crate::sample::{CLIENT_NAME, Samples, TOKEN};

/// View of the page.
pub struct Consent<'a> {
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
    /// The client listens on the person's own machine.
    Redirect { to: &'a str },
}

/// Samples of consent by redirect. The device page has those of consent by code.
pub(crate) fn samples() -> Samples {
    let way = Way::Redirect { to: "http://127.0.0.1:50123/oauth/callback" };
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
                h1 { "Allow " (view.client_name) " to act for you?" }
                @match &view.by {
                    Way::Device { code, asker } => {
                        p class="code-shown" aria-label={ "Code " (code) } role="img" { (code) }
                        (asker.facts())
                        @if !asker.is_same_address {
                            (note(Weight::Warning, &html! {
                                p { "The request came from another address than yours. Allow it only if you started the program on another machine." }
                            }))
                        }
                    }
                    Way::Redirect { to } => {
                        (facts(&[
                            ("Asked by", html! { (view.client_name) }),
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
    let words = html! { strong { (client_name) } " goes on by itself. You may close this window." };
    outcome("Request approved", &words)
}

/// Renders the page after "Deny".
#[must_use]
pub fn render_denied(client_name: &str) -> Markup {
    let words = html! {
        strong { (client_name) } " gets no access. You may close this window. If you did not start it \
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
