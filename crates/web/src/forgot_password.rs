//! Page "Forgot your password?". It says the same about every name.

use kernel::Portico;
use kernel::perform::retry;
use kernel::startup::find_standing;
use maud::{Markup, html};
use sign_in::forgot_password::Way;

use crate::ask_name::AskName;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::frame::column;
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{Samples, TOKEN, USER_NAME};

const PAGE: AskName = AskName {
    path: "/forgot-password",
    way: Way::Link,
    title: "Forgot your password?",
    intro: "A link to set another one is sent to your e-mail address.",
    button: "Send the link",
    empty: "Type the user name that you sign in with.",
};

/// `GET /forgot-password`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let itself = Portico::itself();
    let standing = retry(context.portico, || find_standing(&context.ctx(&itself)))?;
    if standing.instance_id.is_none() {
        return Ok(problem::not_set_up());
    }
    Ok(PAGE.page(context, 200, "", None))
}

/// `POST /forgot-password`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    PAGE.submit(context, |_| Page::html(200, render_asked()))
}

pub(crate) fn samples() -> Samples {
    let asking = PAGE.render(USER_NAME, None, TOKEN);
    vec![("forgot-password", asking), ("forgot-password-asked", render_asked())]
}

/// Renders the page that follows.
// INVARIANT: it does not depend on the name.
#[must_use]
pub fn render_asked() -> Markup {
    column(
        "Look into your mail",
        &html! {
            div class="panel" {
                h1 { "Look into your mail" }
                p {
                    "If there is a user with that name, who has chosen a password and has an e-mail address that links may \
                     be sent to, a message is on its way. Its link is good for an hour, once."
                }
                p { "Nothing arrives? Look among unwanted mail, and then ask your administrator for a one-time password." }
                div class="actions" { a class="button" href="/sign-in" { "Back to sign in" } }
            }
        },
    )
}
