//! Pages for people without a password: "Send me a code", and the box for the code. They say the same about every name.

use kernel::Portico;
use kernel::perform::retry;
use kernel::startup::find_standing;
use maud::{Markup, html};
use model::Fault;
use sign_in::forgot_password::Way;
use sign_in::redeem_email_otp::{RedeemEmailOtpRequest, redeem_email_otp};

use crate::ask_name::AskName;
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

const CODE_PATH: &str = "/sign-in/email-otp/code";

const WRONG: &str = "That code does not belong to the username, was used, or is older than ten minutes. Check both, or ask \
    for another code.";
const PROVED: &str = "You sign in with it from then on.";

const ASK: AskName = AskName {
    path: "/sign-in/email-otp",
    way: Way::Code,
    title: "No password yet?",
    intro: "A code is sent to your e-mail address. With it you choose your password.",
    button: "Send me a code",
    empty: "Type the user name that your administrator told you.",
};

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
    Ok(ASK.page(context, 200, "", None))
}

/// `POST /sign-in/email-otp`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    ASK.submit(context, |user_name| code(context, 200, user_name, None))
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
    vec![("email-otp", ASK.render("", None, TOKEN))]
}

pub(crate) fn code_samples() -> Samples {
    let view = |complaint| render_code(&Code { user_name: USER_NAME, complaint, token: TOKEN });
    vec![("email-otp-code", view(None)), ("email-otp-wrong", view(Some(WRONG)))]
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
            p class="soft" { a href=(ASK.path) { "Ask for another code" } }
        },
    )
}
