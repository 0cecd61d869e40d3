//! Page "Add a security key", for a person who is signed in.

use maud::{Markup, html};
use model::mfa::{MfaDeviceName, MfaType};
use sign_in::ceremony::Ceremony;
use sign_in::own_devices::{LIST, ListOwnMfaDevicesRequest};
use sign_in::own_key::{ADD_KEY, AddOwnKeyRequest, offer_own_key};
use sign_in::verify_key::WrongKey;

use crate::cookies::Cookie;
use crate::key_ceremony::{NO_SCRIPT, complaint};
use crate::mfa_devices::{ADD_KEY_PATH, PATH};
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::frame::wide_column;
use crate::parts::key::{KEY_NAME_FIELD, OfferedKey};
use crate::parts::totp::WRONG_NAME;
use crate::register_mfa::KEY_NAME;
use crate::request_context::RequestContext;
use crate::sample::{Samples, TOKEN};

/// View of the page.
pub struct AddKey<'a> {
    pub key: OfferedKey<'a>,
    pub token: &'a str,
}

/// `GET /security/devices/add-key`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    page(context, 200, KEY_NAME, (None, None))
}

/// `POST /security/devices/add-key`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    let person = context.person()?;
    let typed_name = context.field(KEY_NAME_FIELD)?.trim();
    let answer = context.field("answer")?;
    let Ok(name) = typed_name.parse::<MfaDeviceName>() else {
        return page(context, 422, typed_name, (None, Some(WRONG_NAME)));
    };
    if answer.is_empty() {
        return page(context, 422, typed_name, (Some(NO_SCRIPT), None));
    }
    let request = AddOwnKeyRequest {
        ceremony: context.field("ceremony")?.to_owned(),
        answer: answer.to_owned(),
        name,
    };
    match ADD_KEY.call(&context.ctx(&person), &request)? {
        Ok(_) => Ok(Page::redirect(PATH)),
        Err(why) => page(context, 422, typed_name, (Some(complaint(why)), None)),
    }
}

/// Shows the page. The complaints are about the key and about its name.
fn page(
    context: &RequestContext<'_>,
    status: u16,
    name: &str,
    (complaint, name_complaint): (Option<&str>, Option<&str>),
) -> Answer {
    let person = context.person()?;
    let ctx = context.ctx(&person);
    let own = LIST.call(&ctx, &ListOwnMfaDevicesRequest)?;
    let may_add = own.may_manage && own.is_fresh && own.addable.contains(&MfaType::Webauthn);
    let ceremony = if may_add { offer_own_key(&ctx)? } else { None };
    let Some(ceremony) = ceremony else { return Ok(Page::redirect(PATH)) };
    let token = &context.token(Cookie::Session, ADD_KEY_PATH);
    let key = OfferedKey { complaint, name_complaint, ..OfferedKey::new(&ceremony, name) };
    Ok(Page::html(status, render(&AddKey { key, token })))
}

pub(crate) fn samples() -> Samples {
    let ceremony = Ceremony { options: "{}".to_owned(), sealed: "s".to_owned() };
    let view = |complaint| {
        let key = OfferedKey { complaint, ..OfferedKey::new(&ceremony, KEY_NAME) };
        render(&AddKey { key, token: TOKEN })
    };
    vec![
        ("device-add-key", view(None)),
        ("device-add-key-wrong", view(Some(complaint(WrongKey::Known)))),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &AddKey<'_>) -> Markup {
    wide_column(
        "Add a security key",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Add a security key" }
                    p class="soft" { "A key that you plug in, or the fingerprint, face or PIN of this device. It cannot be phished." }
                }
                (view.key.form(ADD_KEY_PATH, view.token, &[]))
                p { a href=(PATH) { "Not now" } }
            }
        },
    )
}
