//! Page "Confirm that it is you": the code of an authenticator app at sign-in.

use kernel::Portico;
use maud::{Markup, html};
use model::Fault;
use model::mfa::MfaType;
use sign_in::ceremony::Ceremony;
use sign_in::new_totp::MFA_CODE;
use sign_in::offer_key::ask_again;
use sign_in::sequence::{Ask, SecondStep};
use sign_in::verify_key::WrongKey;
use sign_in::verify_totp::{Verification, VerifyTotpRequest, WrongCode, verify_totp};

use crate::cookies::Cookie;
use crate::key_ceremony::{self, ProofForm};
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
    /// Types of the person's devices, the one that was used last first.
    pub types: &'a [MfaType],
    /// Ceremony for a security key, if browsers offer WebAuthn here.
    pub key: Option<&'a Ceremony>,
    /// True if the person may call the browser their own.
    pub may_trust: bool,
    /// Complaint about the code.
    pub complaint: Option<&'a str>,
    /// Complaint about the security key.
    pub key_complaint: Option<&'a str>,
    pub now_ms: i64,
    pub token: &'a str,
    /// Token of the form of the security key.
    pub key_token: &'a str,
}

/// Shows the page. The complaints are about the code and about the security key.
pub(crate) fn page(
    context: &RequestContext<'_>,
    status: u16,
    step: &SecondStep,
    return_to: &str,
    (complaint, key_complaint): (Option<&str>, Option<&str>),
) -> Answer {
    let Ask::Device { types, may_trust } = &step.ask else {
        return Ok(problem::no_second_factor());
    };
    let key = match key_ceremony::offer(context, &step.ticket) {
        Err(Fault::NoSession) => return Ok(problem::second_step_over()),
        key => key?,
    };
    let view = MfaCode {
        user_name: &step.user_name,
        return_to,
        ticket: &step.ticket,
        types,
        key: key.as_ref(),
        may_trust: *may_trust,
        complaint,
        key_complaint,
        now_ms: context.now_ms(),
        token: &context.token(Cookie::Browser, PATH),
        key_token: &context.token(Cookie::Browser, key_ceremony::PROOF_PATH),
    };
    Ok(Page::html(status, render(&view)))
}

/// Shows the page again to a person whose security key did not answer, or whose answer was not looked at.
pub(crate) fn again(
    context: &RequestContext<'_>,
    status: u16,
    ticket: &str,
    return_to: &str,
    key_complaint: &str,
) -> Answer {
    let stranger = Portico::anonymous();
    match ask_again(&context.ctx(&stranger), ticket, &context.browser()) {
        Ok(step) => page(context, status, &step, return_to, (None, Some(key_complaint))),
        Err(Fault::NoSession) => Ok(problem::second_step_over()),
        Err(fault) => Err(PageError::Fault(fault)),
    }
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
            page(context, 422, &step, return_to, (Some(complaint(why)), None))
        }
        Err(Fault::Throttled { retry_after_seconds }) => {
            let complaint = problem::too_many(retry_after_seconds);
            let step = ask_again(&context.ctx(&stranger), &request.ticket, &request.browser)?;
            let page = page(context, 429, &step, return_to, (Some(&complaint), None))?;
            Ok(page.with("retry-after", retry_after_seconds.to_string()))
        }
        Err(Fault::NoSession) => Ok(problem::second_step_over()),
        Err(fault) => Err(PageError::Fault(fault)),
    }
}

pub(crate) fn complaint(why: WrongCode) -> &'static str {
    match why {
        // It tells no more of a device that is refused than of a wrong code.
        WrongCode::Mistyped | WrongCode::Over | WrongCode::Unvouched => {
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
    let key = Ceremony { options: "{}".to_owned(), sealed: "s".to_owned() };
    let view = |types: &[MfaType], complaint: Option<&str>, key_complaint| {
        render(&MfaCode {
            user_name: USER_NAME,
            return_to: "/start",
            ticket: "t",
            types,
            key: Some(&key),
            may_trust: complaint.is_none(),
            complaint,
            key_complaint,
            now_ms: NOW,
            token: TOKEN,
            key_token: TOKEN,
        })
    };
    let copied = key_ceremony::complaint(WrongKey::Copied);
    vec![
        ("mfa-code", view(&[MfaType::Totp], None, None)),
        ("mfa-code-wrong", view(&MfaType::ALL, Some(complaint(WrongCode::OutOfStep)), None)),
        ("security-key", view(&[MfaType::Webauthn, MfaType::Totp], None, None)),
        ("security-key-copied", view(&[MfaType::Webauthn], None, Some(copied))),
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
                    p class="soft" { "for " strong { (written(view.user_name)) } ", with your second factor." }
                }
                @for (place, mfa_type) in view.types.iter().enumerate() {
                    @let is_first = place == 0;
                    @match mfa_type {
                        MfaType::Totp => (one_of(is_first, "Use your authenticator app instead", &code_form(view, is_first))),
                        MfaType::Webauthn => (one_of(is_first, "Use your security key instead", &key_form(view, is_first))),
                    }
                }
            }
            p class="soft" {
                "Lost your device? Ask an administrator: they can let you in once without it. Then you add another one at \
                 My security, Second factors. "
                a href="/sign-in" { "Sign in as somebody else" }
            }
        },
    )
}

/// Renders one of the person's kinds of devices. The one that was used last is open.
fn one_of(is_first: bool, title: &str, form: &Markup) -> Markup {
    html! {
        @if is_first { (form) } @else { details { summary { (title) } (form) } }
    }
}

fn code_form(view: &MfaCode<'_>, is_first: bool) -> Markup {
    html! {
        form method="post" action=(PATH) {
            (hidden(view.token, [("ticket", view.ticket), ("return_to", view.return_to)]))
            (Field::digits(MFA_CODE, "code").focused(is_first).complaint(view.complaint).hint(html! {
                "Open your authenticator app and type the code that it shows for this account. "
                (clock_hint(view.now_ms))
            }))
            @if view.may_trust { (own_device()) }
            button class=[is_first.then_some("primary")] { "Confirm" }
        }
    }
}

fn key_form(view: &MfaCode<'_>, is_first: bool) -> Markup {
    let Some(ceremony) = view.key else {
        return html! {
            p class="note warn" {
                "Browsers do not use security keys at the address of this server. Ask your administrator."
            }
        };
    };
    ProofForm {
        ceremony,
        token: view.key_token,
        ticket: view.ticket,
        return_to: view.return_to,
        may_trust: view.may_trust,
        is_primary: is_first,
        complaint: view.key_complaint,
    }
    .render()
}
