//! Page "Confirm your e-mail address", for a person who is signed in.

use maud::{Markup, html};
use model::Fault;
use sign_in::verify_email::{OPERATION, VerifyEmailRequest, find_address};

use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::frame::column;
use crate::parts::{hidden, written};
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{Samples, TOKEN};

const PATH: &str = "/verify-email";

/// View of the page.
pub struct VerifyEmail<'a> {
    pub email: &'a str,
    /// Token of the link.
    pub link: &'a str,
    pub token: &'a str,
}

/// `GET /verify-email`: names the address, and changes nothing.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let person = context.person()?;
    let request = VerifyEmailRequest { token: context.parameter("token")?.to_owned() };
    let email = match find_address(&context.ctx(&person), &request) {
        Ok(email) => email,
        Err(Fault::Conflict { .. }) => return Ok(problem::void_email_link()),
        Err(fault) => return Err(fault.into()),
    };
    let (email, link) = (email.as_str(), request.token.as_str());
    let view = VerifyEmail { email, link, token: &context.token(Cookie::Session, PATH) };
    Ok(Page::html(200, render(&view)))
}

/// `POST /verify-email`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    let person = context.person()?;
    let request = VerifyEmailRequest { token: context.field("link")?.to_owned() };
    match OPERATION.call(&context.ctx(&person), &request) {
        Ok(()) => Ok(problem::email_verified()),
        Err(Fault::Conflict { .. }) => Ok(problem::void_email_link()),
        Err(fault) => Err(fault.into()),
    }
}

pub(crate) fn samples() -> Samples {
    let email = "amelia.brandt@northwind.example";
    vec![("verify-email", render(&VerifyEmail { email, link: "l", token: TOKEN }))]
}

/// Renders the page.
#[must_use]
pub fn render(view: &VerifyEmail<'_>) -> Markup {
    column(
        "Confirm your e-mail address",
        &html! {
            div class="panel" {
                h1 { "Confirm your e-mail address" }
                p { "Is " strong { (written(view.email)) } " your address, and do you alone read its mail?" }
                p class="soft" {
                    "A link to set another password can be sent there from then on. If it is not your address, close \
                     this page, and tell your administrator."
                }
                form method="post" action="/verify-email" {
                    (hidden(view.token, [("link", view.link)]))
                    button class="primary" { "Confirm address" }
                }
            }
        },
    )
}
