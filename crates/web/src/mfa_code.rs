//! Page "Confirm that it is you": the code of an authenticator app at sign-in.

use kernel::Portico;
use maud::{Markup, html};
use model::Fault;
use sign_in::new_totp::MFA_CODE;
use sign_in::sequence::{Ask, SecondStep};
use sign_in::verify_totp::{Verification, VerifyTotpRequest, WrongCode, verify_totp};

use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::field::Field;
use crate::parts::frame::column;
use crate::parts::second_factor::{clock_hint, own_device};
use crate::parts::{hidden, written};
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{NOW, Samples, TOKEN, USER_NAME};
use crate::session_cookie::finished;

pub(crate) const PATH: &str = "/sign-in/mfa";

/// View of the page.
pub struct MfaCode<'a> {
    pub user_name: &'a str,
    pub return_to: &'a str,
    /// Proof that the password was right.
    pub ticket: &'a str,
    /// True if the person may call the browser their own.
    pub may_trust: bool,
    pub complaint: Option<&'a str>,
    pub now_ms: i64,
    pub token: &'a str,
}

/// Shows the page.
pub(crate) fn page(
    context: &RequestContext<'_>,
    status: u16,
    step: &SecondStep,
    return_to: &str,
    complaint: Option<&str>,
) -> Page {
    let may_trust = matches!(step.ask, Ask::Device { may_trust: true, .. });
    let view = MfaCode {
        user_name: &step.user_name,
        return_to,
        ticket: &step.ticket,
        may_trust,
        complaint,
        now_ms: context.now_ms(),
        token: &context.token(Cookie::Browser, PATH),
    };
    Page::html(status, render(&view))
}

/// `POST /sign-in/mfa`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Browser)?;
    let return_to = context.return_to(context.field("return_to")?).unwrap_or("/start");
    let request = VerifyTotpRequest {
        ticket: context.field("ticket")?.to_owned(),
        browser: context.browser(),
        code: context.field("code")?.to_owned(),
        trusts: context.form.boolean("own_device")?.unwrap_or(false),
    };
    let stranger = Portico::anonymous();
    match verify_totp(&context.ctx(&stranger), &request) {
        Ok(Verification::Right { progress, trusted }) => {
            Ok(finished(context, &progress, trusted.as_deref(), return_to))
        }
        Ok(Verification::Wrong(why, step)) => {
            Ok(page(context, 422, &step, return_to, Some(complaint(why))))
        }
        Err(Fault::Throttled { retry_after_seconds }) => {
            let complaint = problem::too_many(retry_after_seconds);
            let view = MfaCode {
                user_name: context.field("user_name")?,
                return_to,
                ticket: &request.ticket,
                may_trust: context.form.has("may_trust"),
                complaint: Some(&complaint),
                now_ms: context.now_ms(),
                token: &context.token(Cookie::Browser, PATH),
            };
            let page = Page::html(429, render(&view));
            Ok(page.with("retry-after", retry_after_seconds.to_string()))
        }
        Err(Fault::NoSession) => Ok(problem::second_step_over()),
        Err(fault) => Err(PageError::Fault(fault)),
    }
}

fn complaint(why: WrongCode) -> &'static str {
    match why {
        WrongCode::Mistyped | WrongCode::Over => {
            "That code is not right. Type the six digits that the app shows now; they change every 30 seconds."
        }
        WrongCode::Used => "That code was used already. Wait until the app shows the next one.",
        WrongCode::OutOfStep => {
            "That code belongs to another time, so the clock of your device may be wrong. Wait until the app \
             shows the next code, and type that one."
        }
    }
}

pub(crate) fn samples() -> Samples {
    let view = |complaint, may_trust| {
        render(&MfaCode {
            user_name: USER_NAME,
            return_to: "/start",
            ticket: "t",
            may_trust,
            complaint,
            now_ms: NOW,
            token: TOKEN,
        })
    };
    vec![
        ("mfa-code", view(None, true)),
        ("mfa-code-wrong", view(Some(complaint(WrongCode::OutOfStep)), false)),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &MfaCode<'_>) -> Markup {
    column(
        "Confirm that it is you",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Confirm that it is you" }
                    p class="soft" {
                        "for " strong { (written(view.user_name)) } ". Open your authenticator app and type the code \
                         that it shows for this account."
                    }
                }
                form method="post" action=(PATH) {
                    (hidden(view.token, [
                        ("ticket", view.ticket), ("return_to", view.return_to), ("user_name", view.user_name),
                    ]))
                    @if view.may_trust { input type="hidden" name="may_trust" value="1"; }
                    (Field::digits(MFA_CODE, "code").focused(true).complaint(view.complaint).hint(clock_hint(view.now_ms)))
                    @if view.may_trust { (own_device()) }
                    button class="primary" { "Confirm" }
                }
            }
            p class="soft" {
                "Lost your device? An administrator can take it off your account. "
                a href="/sign-in" { "Sign in as somebody else" }
            }
        },
    )
}
