//! Page "Add an authenticator app", for a person who is signed in.

use maud::{Markup, html};
use model::Fault;
use model::mfa::MfaDeviceName;
use protocol::sentence;
use sign_in::own_devices::{
    ADD_TOTP, AddOwnTotpRequest, LIST, ListOwnMfaDevicesRequest, offer_own_totp,
    offer_own_totp_again,
};
use sign_in::totp_offer::TotpOffer;

use crate::cookies::Cookie;
use crate::mfa_devices::{ADD_PATH, PATH};
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::frame::wide_column;
use crate::parts::hidden;
use crate::parts::totp::{APP_NAME, DEVICE_NAME, Offered, WRONG_NAME, app_panel};
use crate::register_mfa::{issuer, place};
use crate::request_context::RequestContext;
use crate::sample::{NOW, Samples, TOKEN};

/// View of the page.
pub struct AddDevice<'a> {
    pub offered: Offered<'a>,
    pub token: &'a str,
}

/// `GET /security/devices/add`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let person = context.person()?;
    let ctx = context.ctx(&person);
    let own = LIST.call(&ctx, &ListOwnMfaDevicesRequest)?;
    if !own.may_manage || !own.is_fresh {
        return Ok(Page::redirect(PATH));
    }
    let offer = offer_own_totp(&ctx, &issuer(context, place(context)?))?;
    let token = &context.token(Cookie::Session, ADD_PATH);
    let offered = Offered::of(&offer, APP_NAME, context.now_ms());
    Ok(Page::html(200, render(&AddDevice { offered, token })))
}

/// `POST /security/devices/add`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    let person = context.person()?;
    let ctx = context.ctx(&person);
    let typed_name = context.field(DEVICE_NAME)?.trim();
    let sealed = context.field("offer")?;
    let (mut complaint, mut name_complaint) = (None, None);
    match typed_name.parse::<MfaDeviceName>() {
        Ok(name) => {
            let (offer, code) = (sealed.to_owned(), context.field("code")?.to_owned());
            match ADD_TOTP.call(&ctx, &AddOwnTotpRequest { offer, code, name }) {
                Ok(_) => return Ok(Page::redirect(PATH)),
                Err(fault @ Fault::Invalid { .. }) => complaint = Some(sentence(&fault)),
                Err(fault) => return Err(PageError::Fault(fault)),
            }
        }
        Err(_) => name_complaint = Some(WRONG_NAME),
    }
    let offer: TotpOffer = offer_own_totp_again(&ctx, sealed)?;
    let offered = Offered {
        complaint: complaint.as_deref(),
        name_complaint,
        ..Offered::of(&offer, typed_name, context.now_ms())
    };
    let token = &context.token(Cookie::Session, ADD_PATH);
    Ok(Page::html(422, render(&AddDevice { offered, token })))
}

pub(crate) fn samples() -> Samples {
    let view = AddDevice { offered: Offered::sample(NOW), token: TOKEN };
    vec![("device-add", render(&view))]
}

/// Renders the page.
#[must_use]
pub fn render(view: &AddDevice<'_>) -> Markup {
    wide_column(
        "Add an authenticator app",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Add an authenticator app" }
                    p class="soft" { "An app on your phone shows six digits that change every 30 seconds." }
                }
                form method="post" action=(ADD_PATH) {
                    (hidden(view.token, []))
                    (app_panel(&view.offered))
                    div class="answers" {
                        button class="primary" { "Register" }
                        a class="button" href=(PATH) { "Not now" }
                    }
                }
            }
        },
    )
}
