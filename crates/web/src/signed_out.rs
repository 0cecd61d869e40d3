//! Page "Signed out".

use maud::{Markup, html};
use model::Fault;
use service::sign_in::sign_out::sign_out;

use crate::ask;
use crate::cookies::Cookie;
use crate::detour::{Answer, Detour};
use crate::page::Page;
use crate::parts::frame::door;
use crate::visit::Visit;

/// `POST /sign-out`: ends the session, with everything that came from it.
pub(crate) fn submit(visit: &Visit<'_>) -> Answer {
    visit.require_token(Cookie::Session)?;
    match visit.person() {
        Ok(person) => ask::write(&visit.ctx(&person), "signin:SignOut", &(), sign_out)?,
        // It was over already.
        Err(Detour::SignIn | Detour::Fault(Fault::NoSession)) => {}
        Err(detour) => return Err(detour),
    }
    Ok(Page::redirect("/signed-out")
        .with_cookie(visit.names.drop(Cookie::Session))
        .with_cookie(visit.names.drop(Cookie::Console)))
}

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
