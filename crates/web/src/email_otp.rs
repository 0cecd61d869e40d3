//! Pages for people without a password: "Send me a code", and the box for the code. They say the same about every name.

use kernel::Portico;
use kernel::perform::retry;
use kernel::startup::find_standing;
use maud::{Markup, html};
use model::Fault;
use sign_in::forgot_password::{ForgotPasswordRequest, Way, forgot_password};
use sign_in::redeem_email_otp::{RedeemEmailOtpRequest, redeem_email_otp};

use crate::cookies::Cookie;
use crate::new_password::page_because;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::field::Field;
use crate::parts::frame::column;
use crate::parts::{hidden, written};
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{Samples, TOKEN, USER_NAME};

const ASK_PATH: &str = "/sign-in/email-otp";
const CODE_PATH: &str = "/sign-in/email-otp/code";

const WRONG: &str = "That code does not belong to the username, was used, or is older than ten minutes. Check both, or ask \
    for another code.";
const PROVED: &str = "You sign in with it from then on.";

/// View of the page that asks for a code.
pub struct Ask<'a> {
    pub user_name: &'a str,
    pub complaint: Option<&'a str>,
    pub token: &'a str,
}

/// View of the page with the box for the code.
pub struct Code<'a> {
    pub user_name: &'a str,
    pub complaint: Option<&'a str>,
    pub token: &'a str,
}

/// `GET /sign-in/email-otp`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let itself = Portico::itself();
    let standing = retry(context.portico, || find_standing(&context.ctx(&itself)))?;
    if !standing.sends_email_otp {
        return Ok(Page::redirect("/sign-in"));
    }
    Ok(ask(context, 200, "", None))
}

/// `POST /sign-in/email-otp`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Browser)?;
    let user_name = context.field("user_name")?;
    if user_name.trim().is_empty() {
        return Ok(ask(
            context,
            422,
            "",
            Some("Type the user name that your administrator told you."),
        ));
    }
    let request = ForgotPasswordRequest {
        instance_id: None,
        user_name: user_name.to_owned(),
        way: Way::Code,
    };
    let stranger = Portico::anonymous();
    match forgot_password(&context.ctx(&stranger), &request) {
        Ok(()) => Ok(code(context, 200, user_name, None)),
        Err(Fault::Throttled { retry_after_seconds }) => {
            let complaint = problem::too_many(retry_after_seconds);
            let page = ask(context, 429, user_name, Some(&complaint));
            Ok(page.with("retry-after", retry_after_seconds.to_string()))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /sign-in/email-otp/code`.
pub(crate) fn submit_code(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Browser)?;
    let user_name = context.field("user_name")?;
    let request = RedeemEmailOtpRequest {
        instance_id: None,
        user_name: user_name.to_owned(),
        code: context.field("code")?.to_owned(),
        browser: context.browser().id,
    };
    let stranger = Portico::anonymous();
    match redeem_email_otp(&context.ctx(&stranger), &request) {
        Ok(opened) => page_because(context, PROVED, (&opened.user_name, &opened.ticket), "/start"),
        Err(Fault::NoSession) => Ok(code(context, 422, user_name, Some(WRONG))),
        Err(Fault::Throttled { retry_after_seconds }) => {
            let complaint = problem::too_many(retry_after_seconds);
            let page = code(context, 429, user_name, Some(&complaint));
            Ok(page.with("retry-after", retry_after_seconds.to_string()))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn ask(
    context: &RequestContext<'_>,
    status: u16,
    user_name: &str,
    complaint: Option<&str>,
) -> Page {
    let token = &context.token(Cookie::Browser, ASK_PATH);
    Page::html(status, render_ask(&Ask { user_name, complaint, token }))
}

fn code(
    context: &RequestContext<'_>,
    status: u16,
    user_name: &str,
    complaint: Option<&str>,
) -> Page {
    let token = &context.token(Cookie::Browser, CODE_PATH);
    Page::html(status, render_code(&Code { user_name, complaint, token }))
}

pub(crate) fn ask_samples() -> Samples {
    vec![("email-otp", render_ask(&Ask { user_name: "", complaint: None, token: TOKEN }))]
}

pub(crate) fn code_samples() -> Samples {
    let view = |complaint| render_code(&Code { user_name: USER_NAME, complaint, token: TOKEN });
    vec![("email-otp-code", view(None)), ("email-otp-wrong", view(Some(WRONG)))]
}

/// Renders the page that asks for a code.
#[must_use]
pub fn render_ask(view: &Ask<'_>) -> Markup {
    column(
        "No password yet?",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "No password yet?" }
                    p class="soft" { "A code is sent to your e-mail address. With it you choose your password." }
                }
                form method="post" action=(ASK_PATH) {
                    (hidden(view.token, []))
                    (Field::new("Username", "user_name")
                        .value(view.user_name)
                        .autocomplete("username")
                        .focused(true)
                        .complaint(view.complaint))
                    button class="primary" { "Send me a code" }
                }
            }
            p class="soft" { a href="/sign-in" { "Back to sign in" } }
        },
    )
}

/// Renders the page with the box for the code.
// INVARIANT: of the name it depends on nothing but its letters.
#[must_use]
pub fn render_code(view: &Code<'_>) -> Markup {
    column(
        "Enter the code",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Enter the code" }
                    p class="soft" {
                        "If " strong { (written(view.user_name)) } " is a user without a password, whose e-mail address codes \
                         may be sent to, a message is on its way. Its code is good for ten minutes, once."
                    }
                }
                form method="post" action=(CODE_PATH) {
                    (hidden(view.token, [("user_name", view.user_name)]))
                    (Field::code("Code", "code")
                        .autocomplete("one-time-code")
                        .focused(true)
                        .complaint(view.complaint))
                    button class="primary" { "Continue" }
                }
            }
            p class="soft" { a href=(ASK_PATH) { "Ask for another code" } }
        },
    )
}
