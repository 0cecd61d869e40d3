//! Page "Signed out".

use maud::{Markup, html};
use model::Fault;
use sign_in::sign_out;

use crate::cookies::Cookie;
use crate::detour::{Answer, Detour};
use crate::page::Page;
use crate::parts::frame::column;
use crate::return_path::to_sign_in;
use crate::sample::Samples;
use crate::visit::Visit;

/// `POST /sign-out`: ends the session, with everything that came from it.
pub(crate) fn submit(visit: &Visit<'_>) -> Answer {
    visit.require_token(Cookie::Session)?;
    match visit.person() {
        Ok(person) => sign_out::OPERATION.call(&visit.ctx(&person), &())?,
        // The session was over already.
        Err(Detour::SignIn | Detour::Fault(Fault::NoSession)) => {}
        Err(detour) => return Err(detour),
    }
    // After "Sign in as somebody else" the other person goes on at this address.
    let return_to = visit.return_to(visit.field("return_to")?);
    let next = return_to.map_or_else(|| "/signed-out".to_owned(), to_sign_in);
    Ok(Page::redirect(next)
        .with_cookie(visit.names.drop(Cookie::Session))
        .with_cookie(visit.names.drop(Cookie::Console)))
}

pub(crate) fn samples() -> Samples {
    vec![("signed-out", render())]
}

/// Renders the page.
#[must_use]
pub fn render() -> Markup {
    column(
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
