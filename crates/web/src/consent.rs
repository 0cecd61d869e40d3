//! Page that asks whether a client may act for a person, and the pages after the answer.
//!
//! RFC 6749 §3.1, RFC 8628 §3.3 and §5.4.

use maud::{Markup, html};

use crate::asker::Asker;
use crate::parts::frame::door;
use crate::parts::hidden;
use crate::parts::person::SignedIn;
use crate::parts::surface::{Weight, facts, mono, note};

/// What the page shows.
pub struct Consent<'a> {
    pub client_name: &'a str,
    pub by: Way<'a>,
    pub scopes: &'a [String],
    pub person: SignedIn<'a>,
    /// Where the answer is sent, and what has to come with it.
    pub action: &'a str,
    pub values: &'a [(&'a str, &'a str)],
    pub token: &'a str,
}

/// How the client gets its answer.
pub enum Way<'a> {
    /// It waits elsewhere for the person to confirm this code.
    Device { code: &'a str, asker: Asker<'a> },
    /// It listens on the person's own machine.
    Redirect { to: &'a str },
}

/// The page.
#[must_use]
pub fn render(view: &Consent<'_>) -> Markup {
    door(
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

/// What a scope lets a client do.
fn meaning(scope: &str) -> Markup {
    html! {
        @if scope == "sso:account:access" {
            "see which accounts and roles you have, and get short-lived keys for them"
        } @else {
            "use " code { (scope) }
        }
    }
}

/// After "Allow access" on a code.
#[must_use]
pub fn render_approved(client_name: &str) -> Markup {
    let words = html! { strong { (client_name) } " goes on by itself. You may close this window." };
    outcome("Request approved", &words)
}

/// After "Deny".
#[must_use]
pub fn render_denied(client_name: &str) -> Markup {
    let words = html! {
        strong { (client_name) } " gets no access. You may close this window. If you did not start it \
        yourself, tell your administrator that someone tried."
    };
    outcome("Request denied", &words)
}

fn outcome(title: &str, words: &Markup) -> Markup {
    door(
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
