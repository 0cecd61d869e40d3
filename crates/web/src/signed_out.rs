//! Page "Signed out".

use maud::{Markup, html};
use model::Fault;
use sign_in::sign_out;

use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::frame::column;
use crate::request_context::RequestContext;
use crate::return_path::to_sign_in;
use crate::sample::Samples;

/// `POST /sign-out`: ends the session, with everything that came from it.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    match context.person() {
        Ok(person) => sign_out::OPERATION.call(&context.ctx(&person), &())?,
        // The session was over already.
        Err(PageError::SignIn | PageError::Fault(Fault::NoSession)) => {}
        Err(error) => return Err(error),
    }
    // After "Sign in as somebody else" the other person goes on at this address.
    let return_to = context.return_to(context.field("return_to")?);
    let next = return_to.map_or_else(|| "/signed-out".to_owned(), to_sign_in);
    Ok(Page::redirect(next)
        .clearing_site()
        .with_cookie(context.names.drop(Cookie::Session))
        .with_cookie(context.names.drop(Cookie::Console)))
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
