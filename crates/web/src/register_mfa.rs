//! Page "Register a second factor", at the first sign-in of a person who has to have one.

use kernel::Portico;
use kernel::perform::retry;
use kernel::startup::find_standing;
use maud::{Markup, html};
use model::Fault;
use model::mfa::{MfaDeviceName, MfaType};
use protocol::sentence;
use sign_in::new_totp::MFA_CODE;
use sign_in::register_totp::{
    OfferTotpRequest, RegisterTotpRequest, offer_again, offer_totp, register_totp,
};
use sign_in::sequence::{Ask, SecondStep};

use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::frame::wide_column;
use crate::parts::totp::{APP_NAME, DEVICE_NAME, Offered, WRONG_NAME, app_kind, app_panel};
use crate::parts::{hidden, written};
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{NOW, Samples, TOKEN, USER_NAME};
use crate::session_cookie::finished;

const PATH: &str = "/sign-in/register-mfa";

/// View of the page.
pub struct RegisterMfa<'a> {
    pub user_name: &'a str,
    /// Name of the instance, if it has one.
    pub place: Option<&'a str>,
    pub return_to: &'a str,
    /// Proof that the password was right.
    pub ticket: &'a str,
    pub offered: Offered<'a>,
    pub token: &'a str,
}

/// Shows the page of a person who has to register a device.
pub(crate) fn page(context: &RequestContext<'_>, step: &SecondStep, return_to: &str) -> Answer {
    let Ask::Register { types } = &step.ask else { return Ok(problem::no_second_factor()) };
    if !types.contains(&MfaType::Totp) {
        return Ok(problem::no_second_factor());
    }
    let place = place(context)?;
    let host = context.portico.settings.public_url.split("://").nth(1).unwrap_or_default();
    let request = OfferTotpRequest {
        ticket: step.ticket.clone(),
        browser: context.browser(),
        issuer: place.clone().unwrap_or_else(|| format!("Portico {host}")),
    };
    let stranger = Portico::anonymous();
    let offer = offer_totp(&context.ctx(&stranger), &request)?;
    let view = RegisterMfa {
        user_name: &step.user_name,
        place: place.as_deref(),
        return_to,
        ticket: &step.ticket,
        offered: Offered::of(&offer, APP_NAME, context.now_ms()),
        token: &context.token(Cookie::Browser, PATH),
    };
    Ok(Page::html(200, render(&view)))
}

/// `POST /sign-in/register-mfa`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Browser)?;
    let return_to = context.return_to(context.field("return_to")?).unwrap_or("/start");
    let typed_name = context.field(DEVICE_NAME)?.trim();
    let name: Result<MfaDeviceName, _> = typed_name.parse();
    let is_named = name.is_ok();
    let request = RegisterTotpRequest {
        ticket: context.field("ticket")?.to_owned(),
        browser: context.browser(),
        offer: context.field("offer")?.to_owned(),
        code: context.field("code")?.to_owned(),
        name: name
            .or_else(|_| APP_NAME.parse())
            .map_err(|why| Fault::broken_at("naming an authenticator app", why))?,
    };
    let stranger = Portico::anonymous();
    let ctx = context.ctx(&stranger);
    let complaint = if is_named {
        match register_totp(&ctx, &request) {
            Ok(progress) => return Ok(finished(context, &progress, None, return_to)),
            Err(fault @ Fault::Invalid { .. }) => Some(sentence(&fault)),
            Err(Fault::NoSession) => return Ok(problem::second_step_over()),
            Err(fault) => return Err(PageError::Fault(fault)),
        }
    } else {
        None
    };
    let offer = match offer_again(&ctx, &request) {
        Err(Fault::NoSession) => return Ok(problem::second_step_over()),
        offer => offer?,
    };
    let offered = Offered {
        complaint: complaint.as_deref(),
        name_complaint: (!is_named).then_some(WRONG_NAME),
        ..Offered::of(&offer, typed_name, context.now_ms())
    };
    let place = place(context)?;
    let view = RegisterMfa {
        user_name: context.field("user_name")?,
        place: place.as_deref(),
        return_to,
        ticket: &request.ticket,
        offered,
        token: &context.token(Cookie::Browser, PATH),
    };
    Ok(Page::html(422, render(&view)))
}

/// The name of the instance.
fn place(context: &RequestContext<'_>) -> Answer<Option<String>> {
    let itself = Portico::itself();
    Ok(retry(context.portico, || find_standing(&context.ctx(&itself)))?.instance_name)
}

pub(crate) fn samples() -> Samples {
    let view = |complaint| {
        render(&RegisterMfa {
            user_name: USER_NAME,
            place: Some("Northwind Rail"),
            return_to: "/start",
            ticket: "t",
            offered: Offered { complaint, ..Offered::sample(NOW) },
            token: TOKEN,
        })
    };
    let wrong =
        format!("The {MFA_CODE} must be the six digits that the app shows now for this account.");
    vec![("register-mfa", view(None)), ("register-mfa-wrong", view(Some(&wrong)))]
}

/// Renders the page.
#[must_use]
pub fn render(view: &RegisterMfa<'_>) -> Markup {
    wide_column(
        "Register a second factor",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Register a second factor" }
                    p class="soft" {
                        "for " strong { (written(view.user_name)) }
                        @if let Some(place) = view.place { " at " (written(place)) }
                        ". With it, a stolen password is not enough to be you."
                    }
                }
                form class="by-kind" method="post" action=(PATH) {
                    (hidden(view.token, [
                        ("ticket", view.ticket), ("return_to", view.return_to), ("user_name", view.user_name),
                    ]))
                    fieldset class="kinds" {
                        legend class="unseen" { "Kind" }
                        (app_kind(true))
                    }
                    div class="kind n1" {
                        (app_panel(&view.offered))
                        button class="primary" { "Register" }
                    }
                }
            }
            small {
                "Lost your device later? An administrator can take it off your account, so register a second one too."
            }
            p class="soft" { "Not you? " a href="/sign-in" { "Sign in as somebody else" } }
        },
    )
}
