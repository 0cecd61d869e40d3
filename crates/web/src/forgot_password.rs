//! Page "Forgot your password?". It says the same about every name.

use kernel::Portico;
use kernel::perform::retry;
use kernel::startup::find_standing;
use maud::{Markup, html};
use model::Fault;
use sign_in::forgot_password::{ForgotPasswordRequest, Way, forgot_password};

use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::field::Field;
use crate::parts::frame::column;
use crate::parts::hidden;
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{Samples, TOKEN, USER_NAME};

const PATH: &str = "/forgot-password";

/// View of the page.
pub struct ForgotPassword<'a> {
    pub user_name: &'a str,
    pub complaint: Option<&'a str>,
    pub token: &'a str,
}

/// `GET /forgot-password`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let itself = Portico::itself();
    let standing = retry(context.portico, || find_standing(&context.ctx(&itself)))?;
    if standing.instance_id.is_none() {
        return Ok(problem::not_set_up());
    }
    Ok(page(context, 200, "", None))
}

/// `POST /forgot-password`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Browser)?;
    let user_name = context.field("user_name")?;
    if user_name.trim().is_empty() {
        return Ok(page(context, 422, "", Some("Type the user name that you sign in with.")));
    }
    let request = ForgotPasswordRequest {
        instance_id: None,
        user_name: user_name.to_owned(),
        way: Way::Link,
    };
    let stranger = Portico::anonymous();
    match forgot_password(&context.ctx(&stranger), &request) {
        Ok(()) => Ok(Page::html(200, render_asked())),
        Err(Fault::Throttled { retry_after_seconds }) => {
            let complaint = problem::too_many(retry_after_seconds);
            let page = page(context, 429, user_name, Some(&complaint));
            Ok(page.with("retry-after", retry_after_seconds.to_string()))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn page(
    context: &RequestContext<'_>,
    status: u16,
    user_name: &str,
    complaint: Option<&str>,
) -> Page {
    let token = &context.token(Cookie::Browser, PATH);
    Page::html(status, render(&ForgotPassword { user_name, complaint, token }))
}

pub(crate) fn samples() -> Samples {
    let view = ForgotPassword { user_name: USER_NAME, complaint: None, token: TOKEN };
    vec![("forgot-password", render(&view)), ("forgot-password-asked", render_asked())]
}

/// Renders the page.
#[must_use]
pub fn render(view: &ForgotPassword<'_>) -> Markup {
    column(
        "Forgot your password?",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Forgot your password?" }
                    p class="soft" { "A link to set another one is sent to your e-mail address." }
                }
                form method="post" action=(PATH) {
                    (hidden(view.token, []))
                    (Field::new("Username", "user_name")
                        .value(view.user_name)
                        .autocomplete("username")
                        .focused(true)
                        .complaint(view.complaint))
                    button class="primary" { "Send the link" }
                }
            }
            p class="soft" { a href="/sign-in" { "Back to sign in" } }
        },
    )
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
