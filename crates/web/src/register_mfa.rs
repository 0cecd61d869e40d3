//! Page "Register a second factor", at the first sign-in of a person who has to have one.

use kernel::perform::retry;
use kernel::startup::find_standing;
use kernel::{Ctx, Portico};
use maud::{Markup, html};
use model::Fault;
use model::mfa::MfaDeviceName;
use protocol::sentence;
use sign_in::ceremony::Ceremony;
use sign_in::new_totp::MFA_CODE;
use sign_in::register_key::{KeyRegistration, RegisterKeyRequest, register_key};
use sign_in::register_totp::{
    OfferTotpRequest, RegisterTotpRequest, offer_again, offer_totp, register_totp,
};
use sign_in::sequence::SecondStep;
use sign_in::totp_offer::TotpOffer;
use sign_in::verify_key::WrongKey;

use crate::cookies::Cookie;
use crate::key_ceremony;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::frame::wide_column;
use crate::parts::key::{KEY_NAME_FIELD, OfferedKey, key_kind};
use crate::parts::totp::{APP_NAME, DEVICE_NAME, Offered, WRONG_NAME, app_kind, app_panel};
use crate::parts::{hidden, written};
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{NOW, Samples, TOKEN, USER_NAME};
use crate::session_cookie::finished;

const PATH: &str = "/sign-in/register-mfa";
const KEY_PATH: &str = "/sign-in/register-key";

/// Name of a security key unless the person gives it another.
pub(crate) const KEY_NAME: &str = "Security key";

/// View of the page.
pub struct RegisterMfa<'a> {
    pub user_name: &'a str,
    /// Name of the instance, if it has one.
    pub place: Option<&'a str>,
    pub return_to: &'a str,
    /// Proof that the password was right.
    pub ticket: &'a str,
    /// Authenticator app, if the person may register one.
    pub app: Option<Offered<'a>>,
    /// Security key, if the person may register one.
    pub key: Option<OfferedKey<'a>>,
    pub token: &'a str,
    /// Token of the form of the security key.
    pub key_token: &'a str,
}

/// Shows the page of a person who has to register a device.
pub(crate) fn page(context: &RequestContext<'_>, step: &SecondStep, return_to: &str) -> Answer {
    let stranger = Portico::anonymous();
    let app = offer_app(context, &context.ctx(&stranger), &step.ticket)?;
    let key = key_ceremony::offer(context, &step.ticket)?;
    let app = app.as_ref().map(|offer| Offered::of(offer, APP_NAME, context.now_ms()));
    let key = key.as_ref().map(|ceremony| OfferedKey::new(ceremony, KEY_NAME));
    answer(context, 200, (&step.user_name, &step.ticket, return_to), (app, key))
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
    let app = Offered {
        complaint: complaint.as_deref(),
        name_complaint: (!is_named).then_some(WRONG_NAME),
        ..Offered::of(&offer, typed_name, context.now_ms())
    };
    let key = key_ceremony::offer(context, &request.ticket).ok().flatten();
    let key = key.as_ref().map(|ceremony| OfferedKey::new(ceremony, KEY_NAME));
    let person = (context.field("user_name")?, request.ticket.as_str(), return_to);
    answer(context, 422, person, (Some(app), key))
}

/// `POST /sign-in/register-key`.
pub(crate) fn submit_key(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Browser)?;
    let return_to = context.return_to(context.field("return_to")?).unwrap_or("/start");
    let typed_name = context.field(KEY_NAME_FIELD)?.trim();
    let name: Result<MfaDeviceName, _> = typed_name.parse();
    let (ticket, answer_text) = (context.field("ticket")?, context.field("answer")?);
    let stranger = Portico::anonymous();
    let ctx = context.ctx(&stranger);
    let (mut complaint, mut name_complaint) = (None, None);
    match name {
        Err(_) => name_complaint = Some(WRONG_NAME),
        Ok(_) if answer_text.is_empty() => complaint = Some(key_ceremony::NO_SCRIPT),
        Ok(name) => {
            let request = RegisterKeyRequest {
                ticket: ticket.to_owned(),
                browser: context.browser(),
                ceremony: context.field("ceremony")?.to_owned(),
                answer: answer_text.to_owned(),
                name,
            };
            match register_key(&ctx, &request) {
                Ok(KeyRegistration::Registered(progress)) => {
                    return Ok(finished(context, &progress, None, return_to));
                }
                Ok(KeyRegistration::Wrong(why)) => complaint = Some(key_ceremony::complaint(why)),
                Err(Fault::NoSession) => return Ok(problem::second_step_over()),
                Err(fault) => return Err(PageError::Fault(fault)),
            }
        }
    }
    let key = match key_ceremony::offer(context, ticket) {
        Err(Fault::NoSession) => return Ok(problem::second_step_over()),
        key => key?,
    };
    let app = offer_app(context, &ctx, ticket)?;
    let app = app.as_ref().map(|offer| Offered::of(offer, APP_NAME, context.now_ms()));
    let key = key.as_ref().map(|ceremony| OfferedKey {
        complaint,
        name_complaint,
        ..OfferedKey::new(ceremony, typed_name)
    });
    answer(context, 422, (context.field("user_name")?, ticket, return_to), (app, key))
}

/// Offers an authenticator app, if the person may register one.
fn offer_app(
    context: &RequestContext<'_>,
    ctx: &Ctx<'_>,
    ticket: &str,
) -> Answer<Option<TotpOffer>> {
    let request = OfferTotpRequest {
        ticket: ticket.to_owned(),
        browser: context.browser(),
        issuer: issuer(context, place(context)?),
    };
    match offer_totp(ctx, &request) {
        Ok(offer) => Ok(Some(offer)),
        // Apps are not among what the person may register.
        Err(Fault::NoSession) => Ok(None),
        Err(fault) => Err(PageError::Fault(fault)),
    }
}

/// Shows the page. Without anything to register it tells whom to ask.
fn answer(
    context: &RequestContext<'_>,
    status: u16,
    (user_name, ticket, return_to): (&str, &str, &str),
    (app, key): (Option<Offered<'_>>, Option<OfferedKey<'_>>),
) -> Answer {
    if app.is_none() && key.is_none() {
        return Ok(problem::no_second_factor());
    }
    let place = place(context)?;
    let view = RegisterMfa {
        user_name,
        place: place.as_deref(),
        return_to,
        ticket,
        app,
        key,
        token: &context.token(Cookie::Browser, PATH),
        key_token: &context.token(Cookie::Browser, KEY_PATH),
    };
    Ok(Page::html(status, render(&view)))
}

/// The name under which an app lists accounts: of the instance, or of the host.
pub(crate) fn issuer(context: &RequestContext<'_>, place: Option<String>) -> String {
    let host = context.portico.settings.public_url.split("://").nth(1).unwrap_or_default();
    place.unwrap_or_else(|| format!("Portico {host}"))
}

/// The name of the instance.
pub(crate) fn place(context: &RequestContext<'_>) -> Answer<Option<String>> {
    let itself = Portico::itself();
    Ok(retry(context.portico, || find_standing(&context.ctx(&itself)))?.instance_name)
}

pub(crate) fn samples() -> Samples {
    let ceremony = Ceremony { options: "{}".to_owned(), sealed: "s".to_owned() };
    let view = |app, complaint| {
        render(&RegisterMfa {
            user_name: USER_NAME,
            place: Some("Northwind Rail"),
            return_to: "/start",
            ticket: "t",
            app,
            key: Some(OfferedKey { complaint, ..OfferedKey::new(&ceremony, KEY_NAME) }),
            token: TOKEN,
            key_token: TOKEN,
        })
    };
    let wrong =
        format!("The {MFA_CODE} must be the six digits that the app shows now for this account.");
    let app = |complaint| Some(Offered { complaint, ..Offered::sample(NOW) });
    vec![
        ("register-mfa", view(app(None), None)),
        ("register-mfa-wrong", view(app(Some(&wrong)), None)),
        ("register-key-wrong", view(None, Some(key_ceremony::complaint(WrongKey::Known)))),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &RegisterMfa<'_>) -> Markup {
    let values =
        [("ticket", view.ticket), ("return_to", view.return_to), ("user_name", view.user_name)];
    // An app needs no scripts, so it is chosen until something is said about the key.
    let is_key = view.app.is_none() || view.key.as_ref().is_some_and(OfferedKey::is_wrong);
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
                div class="by-kind" {
                    fieldset class="kinds" {
                        legend class="unseen" { "Kind" }
                        @if view.key.is_some() { (key_kind(is_key)) }
                        @if view.app.is_some() { (app_kind(!is_key)) }
                    }
                    @if let Some(key) = &view.key {
                        div class="kind n1" { (key.form(KEY_PATH, view.key_token, &values)) }
                    }
                    @if let Some(app) = &view.app {
                        div class={ "kind n" (if view.key.is_some() { "2" } else { "1" }) } {
                            form method="post" action=(PATH) {
                                (hidden(view.token, values))
                                (app_panel(app))
                                button class="primary" { "Register" }
                            }
                        }
                    }
                }
            }
            small {
                "Register a second one too, at My security, Second factors: you may lose this one. Without both, an \
                 administrator can let you in once."
            }
            p class="soft" { "Not you? " a href="/sign-in" { "Sign in as somebody else" } }
        },
    )
}
