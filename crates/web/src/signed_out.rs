//! Page "Signed out".

use maud::{Markup, html};
use model::Fault;
use service::sign_in::sign_out::sign_out;

use crate::ask;
use crate::cookies::Cookie;
use crate::detour::{Answer, Detour};
use crate::page::Page;
use crate::parts::frame::door;
use crate::return_path;
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
    // Somebody else goes on where this person stopped.
    let return_to = visit.form.text("return_to")?.and_then(return_path::checked);
    let next = return_to.map_or_else(|| "/signed-out".to_owned(), return_path::to_sign_in);
    Ok(Page::redirect(next)
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
