//! Page "Sign in": user name and password.

use kernel::Portico;
use kernel::perform::retry;
use kernel::startup::find_standing;
use maud::{Markup, html};
use model::Fault;
use model::password::Password;
use sign_in::authenticate::{AuthenticateRequest, Authentication, authenticate};
use sign_in::ceremony::Ceremony;
use sign_in::passkey::{PasskeyRequest, PasskeySignIn, offer_passkey, sign_in_with_passkey};
use sign_in::verify_key::WrongKey;

use crate::cookies::Cookie;
use crate::key_ceremony::{self, NO_SCRIPT};
use crate::new_password;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::ceremony::{Ask, CeremonyForm};
use crate::parts::field::Field;
use crate::parts::frame::column;
use crate::parts::hidden;
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{Samples, TOKEN, USER_NAME};
use crate::second_step;

use crate::session_cookie::signed_in;

/// Complaint about a wrong name, a wrong password and a disabled user. It does not tell them apart.
const WRONG: &str = "That username and password do not belong together. Check both. Below is a way on \
    if you have forgotten the password.";

/// Complaint about a passkey. It does not tell whether the passkey is known, or whose it is.
const WRONG_PASSKEY: &str = "This passkey does not sign you in here. Sign in with your user name and your password, or the one-time \
    password that an administrator gave you; if you registered the passkey here, try again and confirm it by its PIN, your fingerprint or your face.";

const PASSKEY_PATH: &str = "/sign-in/passkey";

/// View of the page.
pub struct SignIn<'a> {
    /// Address that people should see in the address bar.
    pub host: &'a str,
    /// Name of the instance, if it has one.
    pub place: Option<&'a str>,
    /// True if a program asks to act for the person.
    pub for_program: bool,
    /// True if people without a password may ask for a code by mail.
    pub sends_email_otp: bool,
    pub user_name: &'a str,
    pub return_to: &'a str,
    pub complaint: Option<&'a str>,
    pub token: &'a str,
    /// Sign-in with a passkey alone, if the instance lets people in with one.
    pub passkey: Option<&'a Ceremony>,
    pub passkey_complaint: Option<&'a str>,
    /// Token of the form of the passkey.
    pub passkey_token: &'a str,
}

/// `GET /sign-in`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let return_to = context.return_to(context.parameter("return_to")?).unwrap_or("/start");
    // A person who is signed in already goes on without a question.
    if context.is_signed_in() {
        return Ok(Page::redirect(return_to));
    }
    page(context, 200, return_to, "", None)
}

/// `POST /sign-in`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Browser)?;
    let (user_name, password) = (context.field("user_name")?, context.field("password")?);
    let return_to = context.return_to(context.field("return_to")?).unwrap_or("/start");
    // Text that cannot be a password is the password of no user.
    let Ok(password) = password.parse::<Password>() else {
        return page(context, 422, return_to, user_name, Some(WRONG));
    };
    let request = AuthenticateRequest {
        instance_id: None,
        user_name: user_name.to_owned(),
        password,
        browser: context.browser(),
    };
    let stranger = Portico::anonymous();
    match authenticate(&context.ctx(&stranger), &request) {
        Ok(Authentication::SignedIn(session)) => Ok(signed_in(context, &session, return_to)),
        Ok(Authentication::SecondStep(step)) => second_step::page(context, &step, return_to),
        Ok(Authentication::MustSetPassword { user_name, ticket }) => {
            new_password::page(context, &user_name, &ticket, return_to)
        }
        Ok(Authentication::Wrong) => page(context, 422, return_to, user_name, Some(WRONG)),
        Err(Fault::Throttled { retry_after_seconds }) => {
            let complaint = problem::too_many(retry_after_seconds);
            let page = page(context, 429, return_to, user_name, Some(&complaint))?;
            Ok(page.with("retry-after", retry_after_seconds.to_string()))
        }
        Err(fault) => Err(PageError::Fault(fault)),
    }
}

/// `POST /sign-in/passkey`.
pub(crate) fn submit_passkey(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Browser)?;
    let return_to = context.return_to(context.field("return_to")?).unwrap_or("/start");
    let request = PasskeyRequest {
        browser: context.browser(),
        ceremony: context.field("ceremony")?.to_owned(),
        answer: context.field("answer")?.to_owned(),
    };
    let stranger = Portico::anonymous();
    let complaint = if request.answer.is_empty() {
        NO_SCRIPT
    } else {
        match sign_in_with_passkey(&context.ctx(&stranger), &request) {
            Ok(PasskeySignIn::SignedIn(session)) => {
                return Ok(signed_in(context, &session, return_to));
            }
            Ok(PasskeySignIn::Wrong) => WRONG_PASSKEY,
            Ok(PasskeySignIn::Copied) => key_ceremony::complaint(WrongKey::Copied),
            Err(Fault::Throttled { retry_after_seconds }) => {
                let complaint = problem::too_many(retry_after_seconds);
                let page = page_with(context, 429, return_to, "", (None, Some(&complaint)))?;
                return Ok(page.with("retry-after", retry_after_seconds.to_string()));
            }
            Err(fault) => return Err(PageError::Fault(fault)),
        }
    };
    page_with(context, 422, return_to, "", (None, Some(complaint)))
}

fn page(
    context: &RequestContext<'_>,
    status: u16,
    return_to: &str,
    user_name: &str,
    complaint: Option<&str>,
) -> Answer {
    page_with(context, status, return_to, user_name, (complaint, None))
}

/// The complaints are about the password and about the passkey.
fn page_with(
    context: &RequestContext<'_>,
    status: u16,
    return_to: &str,
    user_name: &str,
    (complaint, passkey_complaint): (Option<&str>, Option<&str>),
) -> Answer {
    let itself = Portico::itself();
    let standing = retry(context.portico, || find_standing(&context.ctx(&itself)))?;
    if standing.instance_id.is_none() {
        return Ok(problem::not_set_up());
    }
    let stranger = Portico::anonymous();
    let passkey = offer_passkey(&context.ctx(&stranger), &context.browser())?;
    let page = return_to.split('?').next().unwrap_or_default();
    let view = SignIn {
        host: &context.portico.settings.public_url,
        place: standing.instance_name.as_deref(),
        for_program: matches!(page, "/device" | "/authorize"),
        sends_email_otp: standing.sends_email_otp,
        user_name,
        return_to,
        complaint,
        token: &context.token(Cookie::Browser, "/sign-in"),
        passkey: passkey.as_ref(),
        passkey_complaint,
        passkey_token: &context.token(Cookie::Browser, PASSKEY_PATH),
    };
    Ok(Page::html(status, render(&view)))
}

pub(crate) fn samples() -> Samples {
    let ceremony = Ceremony { options: "{}".to_owned(), sealed: "s".to_owned() };
    let view = |for_program, user_name, complaint, passkey: Option<&str>| {
        render(&SignIn {
            host: "https://sso.northwind.example",
            place: Some("Northwind-Rail"),
            for_program,
            sends_email_otp: for_program,
            user_name,
            return_to: "/start",
            complaint,
            token: TOKEN,
            passkey: passkey.map(|_| &ceremony),
            passkey_complaint: passkey,
            passkey_token: TOKEN,
        })
    };
    vec![
        ("sign-in", view(false, "", None, None)),
        ("sign-in-wrong", view(true, USER_NAME, Some(WRONG), None)),
        ("sign-in-passkey-wrong", view(false, "", None, Some(WRONG_PASSKEY))),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &SignIn<'_>) -> Markup {
    column(
        "Sign in",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Sign in" }
                    p class="soft" {
                        "to " @if let Some(place) = view.place { (place) } @else { "the access portal" }
                        @if view.for_program { ", to answer a program that asks to act for you" }
                    }
                }
                form method="post" action="/sign-in" {
                    (hidden(view.token, [("return_to", view.return_to)]))
                    (Field::new("Username", "user_name")
                        .value(view.user_name)
                        .autocomplete("username")
                        .focused(view.user_name.is_empty()))
                    (Field::password("Password", "password", "current-password")
                        .complaint(view.complaint))
                    button class="primary" { "Sign in" }
                }
                @if let Some(ceremony) = view.passkey { (passkey_form(view, ceremony)) }
            }
            p class="soft" { a href="/forgot-password" { "Forgot your password?" } }
            @if view.sends_email_otp {
                p class="soft" {
                    "First time here, or no password yet? " a href="/sign-in/email-otp" { "Send me a code" }
                }
            }
            small {
                "Portico asks for your password on this page alone. Before you type it, look whether \
                 the address begins with " strong { (view.host) } "."
            }
        },
    )
}

fn passkey_form(view: &SignIn<'_>, ceremony: &Ceremony) -> Markup {
    CeremonyForm {
        ask: Ask::Get,
        action: PASSKEY_PATH,
        token: view.passkey_token,
        options: &ceremony.options,
        sealed: &ceremony.sealed,
        values: &[("return_to", view.return_to)],
        fields: Markup::default(),
        button: "Sign in with a passkey",
        is_primary: false,
        complaint: view.passkey_complaint,
        without_scripts: "Passkeys need scripts, which are off in this browser. Sign in with your password.",
    }
    .render()
}
