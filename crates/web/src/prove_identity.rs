//! Page "Type your password again", before what the instance asks a fresh proof for.

use maud::{Markup, html};
use model::Fault;
use protocol::form::write_pairs;
use protocol::sentence;
use sign_in::own_password::CURRENT_PASSWORD;
use sign_in::prove_identity::{ProveIdentityRequest, prove_identity};

use crate::cookies::Cookie;
use crate::device::signed_in;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::field::Field;
use crate::parts::frame::column;
use crate::parts::hidden;
use crate::parts::person::SignedIn;
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{Samples, TOKEN};

pub(crate) const PATH: &str = "/security/proof";

/// View of the page.
pub struct ProveIdentity<'a> {
    pub return_to: &'a str,
    pub complaint: Option<&'a str>,
    pub person: SignedIn<'a>,
    pub token: &'a str,
}

/// Returns the address of the page that leads on to `path`.
pub(crate) fn leading_to(path: &str) -> String {
    format!("{PATH}?{}", write_pairs([("return_to", path)]))
}

/// `GET /security/proof`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let return_to = context.return_to(context.parameter("return_to")?).unwrap_or("/start");
    page(context, 200, return_to, None)
}

/// `POST /security/proof`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    let return_to = context.return_to(context.field("return_to")?).unwrap_or("/start");
    let request = ProveIdentityRequest {
        password: context.field("password")?.to_owned(),
        browser: context.browser().id,
    };
    let person = context.person()?;
    match prove_identity(&context.ctx(&person), &request) {
        Ok(()) => Ok(Page::redirect(return_to)),
        Err(fault @ Fault::Invalid { .. }) => {
            page(context, 422, return_to, Some(&sentence(&fault)))
        }
        Err(Fault::Throttled { retry_after_seconds }) => {
            let page =
                page(context, 429, return_to, Some(&problem::too_many(retry_after_seconds)))?;
            Ok(page.with("retry-after", retry_after_seconds.to_string()))
        }
        Err(fault) => Err(PageError::Fault(fault)),
    }
}

fn page(
    context: &RequestContext<'_>,
    status: u16,
    return_to: &str,
    complaint: Option<&str>,
) -> Answer {
    let person = context.person()?;
    let sign_out_token = context.token(Cookie::Session, "/sign-out");
    let view = ProveIdentity {
        return_to,
        complaint,
        person: signed_in(&person, return_to, &sign_out_token),
        token: &context.token(Cookie::Session, PATH),
    };
    Ok(Page::html(status, render(&view)))
}

pub(crate) fn samples() -> Samples {
    let view = |complaint| {
        render(&ProveIdentity {
            return_to: "/start",
            complaint,
            person: SignedIn::sample(),
            token: TOKEN,
        })
    };
    let wrong = "Current password must be the password that you signed in with.";
    vec![("prove-identity", view(None)), ("prove-identity-wrong", view(Some(wrong)))]
}

/// Renders the page.
#[must_use]
pub fn render(view: &ProveIdentity<'_>) -> Markup {
    column(
        "Is it you?",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Is it you?" }
                    p class="soft" {
                        "What comes next lets a program act for you, or gives out keys. Type your password again to go on."
                    }
                }
                form method="post" action=(PATH) {
                    (hidden(view.token, [("return_to", view.return_to)]))
                    (Field::password(CURRENT_PASSWORD, "password", "current-password")
                        .focused(true)
                        .complaint(view.complaint))
                    div class="answers" {
                        button class="primary" { "Go on" }
                        a class="button" href="/start" { "Cancel" }
                    }
                }
            }
            (view.person)
        },
    )
}
