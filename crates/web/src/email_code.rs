//! Page "Look into your mail": the code that goes to a person's address in place of a second factor.

use kernel::Portico;
use maud::{Markup, html};
use model::Fault;
use protocol::sentence;
use sign_in::email_code::{
    SendEmailCodeRequest, VerifyEmailCodeRequest, send_email_code, verify_email_code,
};
use sign_in::sequence::{Ask, SecondStep};
use sign_in::verify_totp::{Verification, WrongCode};

use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::field::Field;
use crate::parts::frame::column;
use crate::parts::second_factor::own_device;
use crate::parts::{hidden, written};
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{Samples, TOKEN, USER_NAME};
use crate::session_cookie::finished;

const PATH: &str = "/sign-in/email-code";

/// View of the page.
pub struct EmailCode<'a> {
    pub user_name: &'a str,
    pub return_to: &'a str,
    /// Proof that the password was right.
    pub ticket: &'a str,
    /// True if the person may call the browser their own.
    pub may_trust: bool,
    pub complaint: Option<&'a str>,
    pub token: &'a str,
}

/// Sends a code to the person of a ticket, and shows the page that asks for it.
pub(crate) fn send(context: &RequestContext<'_>, ticket: &str, return_to: &str) -> Answer {
    let request = SendEmailCodeRequest { ticket: ticket.to_owned(), browser: context.browser() };
    let stranger = Portico::anonymous();
    match send_email_code(&context.ctx(&stranger), &request) {
        Ok(step) => Ok(page(context, 200, &step, return_to, None)),
        Err(fault @ Fault::Quota { .. }) => Ok(problem::no_more_mail(&sentence(&fault))),
        Err(Fault::NoSession) => Ok(problem::second_step_over()),
        Err(fault) => Err(PageError::Fault(fault)),
    }
}

/// `POST /sign-in/email-code`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Browser)?;
    let return_to = context.return_to(context.field("return_to")?).unwrap_or("/start");
    let ticket = context.field("ticket")?;
    if context.form.has("again") {
        return send(context, ticket, return_to);
    }
    let request = VerifyEmailCodeRequest {
        ticket: ticket.to_owned(),
        browser: context.browser(),
        code: context.field("code")?.to_owned(),
        trusts: context.form.boolean("own_device")?.unwrap_or(false),
    };
    let stranger = Portico::anonymous();
    match verify_email_code(&context.ctx(&stranger), &request) {
        Ok(Verification::Right { progress, trusted }) => {
            Ok(finished(context, &progress, trusted.as_deref(), return_to))
        }
        Ok(Verification::Wrong(why, step)) => {
            Ok(page(context, 422, &step, return_to, Some(complaint(why))))
        }
        Err(Fault::Throttled { retry_after_seconds }) => {
            let complaint = problem::too_many(retry_after_seconds);
            let view = EmailCode {
                user_name: context.field("user_name")?,
                return_to,
                ticket,
                may_trust: context.form.has("may_trust"),
                complaint: Some(&complaint),
                token: &context.token(Cookie::Browser, PATH),
            };
            let page = Page::html(429, render(&view));
            Ok(page.with("retry-after", retry_after_seconds.to_string()))
        }
        Err(Fault::NoSession) => Ok(problem::second_step_over()),
        Err(fault) => Err(PageError::Fault(fault)),
    }
}

fn page(
    context: &RequestContext<'_>,
    status: u16,
    step: &SecondStep,
    return_to: &str,
    complaint: Option<&str>,
) -> Page {
    let view = EmailCode {
        user_name: &step.user_name,
        return_to,
        ticket: &step.ticket,
        may_trust: matches!(step.ask, Ask::EmailCode { may_trust: true }),
        complaint,
        token: &context.token(Cookie::Browser, PATH),
    };
    Page::html(status, render(&view))
}

fn complaint(why: WrongCode) -> &'static str {
    match why {
        WrongCode::Mistyped | WrongCode::OutOfStep | WrongCode::Unvouched => {
            "That code is not right. Take it from the last message that you got; earlier ones are over."
        }
        WrongCode::Used | WrongCode::Over => {
            "That code is not good any more. Let another one be sent."
        }
    }
}

pub(crate) fn samples() -> Samples {
    let view = |complaint, may_trust| {
        render(&EmailCode {
            user_name: USER_NAME,
            return_to: "/start",
            ticket: "t",
            may_trust,
            complaint,
            token: TOKEN,
        })
    };
    vec![
        ("email-code", view(None, true)),
        ("email-code-wrong", view(Some(complaint(WrongCode::Mistyped)), false)),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &EmailCode<'_>) -> Markup {
    column(
        "Look into your mail",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Look into your mail" }
                    p class="soft" {
                        "for " strong { (written(view.user_name)) } ". A code of eight digits is on its way to your \
                         address. It is good for ten minutes, once."
                    }
                }
                form method="post" action=(PATH) {
                    (hidden(view.token, [
                        ("ticket", view.ticket), ("return_to", view.return_to), ("user_name", view.user_name),
                    ]))
                    @if view.may_trust { input type="hidden" name="may_trust" value="1"; }
                    (Field::digits("Code", "code").focused(true).complaint(view.complaint))
                    @if view.may_trust { (own_device()) }
                    div class="answers" {
                        button class="primary" { "Confirm" }
                        button name="again" value="1" formnovalidate { "Send another code" }
                    }
                }
            }
            p class="soft" { a href="/sign-in" { "Sign in as somebody else" } }
        },
    )
}
