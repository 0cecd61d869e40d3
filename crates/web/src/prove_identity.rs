//! Page "Is it you?", before what needs a fresh proof: keys, consent, and changes of second factors.

use maud::{Markup, html};
use model::Fault;
use model::mfa::MfaType;
use protocol::form::write_pairs;
use protocol::sentence;
use sign_in::ceremony::Ceremony;
use sign_in::new_totp::MFA_CODE;
use sign_in::own_password::CURRENT_PASSWORD;
use sign_in::prove_identity::{
    AskedProof, IdentityProof, ProveIdentityRequest, TypedFactor, find_asked, prove_identity,
};

use crate::cookies::Cookie;
use crate::device::signed_in;
use crate::key_ceremony::{self, NO_SCRIPT};
use crate::mfa_code;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::ceremony::{Ask, CeremonyForm};
use crate::parts::field::Field;
use crate::parts::frame::column;
use crate::parts::hidden;
use crate::parts::person::SignedIn;
use crate::parts::second_factor::clock_hint;
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{NOW, Samples, TOKEN};

pub(crate) const PATH: &str = "/security/proof";

/// View of the page.
pub struct ProveIdentity<'a> {
    pub return_to: &'a str,
    pub asked: &'a AskedProof,
    pub complaints: Complaints<'a>,
    pub person: SignedIn<'a>,
    pub now_ms: i64,
    pub token: &'a str,
}

/// What was wrong with what was sent.
#[derive(Clone, Copy, Default)]
pub struct Complaints<'a> {
    pub password: Option<&'a str>,
    pub code: Option<&'a str>,
    /// About the form of the security key, and about the password in it.
    pub key: Option<&'a str>,
    pub key_password: Option<&'a str>,
}

/// Returns the address of the page that leads on to `path`.
pub(crate) fn leading_to(path: &str) -> String {
    format!("{PATH}?{}", write_pairs([("return_to", path)]))
}

/// `GET /security/proof`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let return_to = context.return_to(context.parameter("return_to")?).unwrap_or("/start");
    page(context, 200, return_to, Complaints::default())
}

/// `POST /security/proof`. The form of the security key has a ceremony, the other one has none.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    let return_to = context.return_to(context.field("return_to")?).unwrap_or("/start");
    let (ceremony, answer) = (context.field("ceremony")?, context.field("answer")?);
    let is_key = !ceremony.is_empty();
    if is_key && answer.is_empty() {
        let complaints = Complaints { key: Some(NO_SCRIPT), ..Complaints::default() };
        return page(context, 422, return_to, complaints);
    }
    let (password, factor) = if is_key {
        let (ceremony, answer) = (ceremony.to_owned(), answer.to_owned());
        (context.field("key_password")?, TypedFactor::Key { ceremony, answer })
    } else {
        (context.field("password")?, TypedFactor::Code(context.field("code")?.trim().to_owned()))
    };
    let request = ProveIdentityRequest {
        password: password.to_owned(),
        factor,
        browser: context.browser().id,
    };
    let person = context.person()?;
    let about_password = |status, told: &str| {
        let complaints = if is_key {
            Complaints { key_password: Some(told), ..Complaints::default() }
        } else {
            Complaints { password: Some(told), ..Complaints::default() }
        };
        page(context, status, return_to, complaints)
    };
    let complaints = match prove_identity(&context.ctx(&person), &request) {
        Ok(IdentityProof::Given) => return Ok(Page::redirect(return_to)),
        Ok(IdentityProof::FactorMissing) => {
            Complaints { code: Some(NO_FACTOR), ..Complaints::default() }
        }
        Ok(IdentityProof::WrongCode(why)) => {
            Complaints { code: Some(mfa_code::complaint(why)), ..Complaints::default() }
        }
        Ok(IdentityProof::WrongKey(why)) => {
            Complaints { key: Some(key_ceremony::complaint(why)), ..Complaints::default() }
        }
        Err(fault @ Fault::Invalid { .. }) => return about_password(422, &sentence(&fault)),
        Err(Fault::Throttled { retry_after_seconds }) => {
            let page = about_password(429, &problem::too_many(retry_after_seconds))?;
            return Ok(page.with("retry-after", retry_after_seconds.to_string()));
        }
        Err(fault) => return Err(PageError::Fault(fault)),
    };
    page(context, 422, return_to, complaints)
}

/// Complaint of a person who has a second factor and showed none.
const NO_FACTOR: &str =
    "Your second factor is needed too: type the code that your authenticator app shows.";

fn page(
    context: &RequestContext<'_>,
    status: u16,
    return_to: &str,
    complaints: Complaints<'_>,
) -> Answer {
    let person = context.person()?;
    let asked = find_asked(&context.ctx(&person))?;
    let sign_out_token = context.token(Cookie::Session, "/sign-out");
    let view = ProveIdentity {
        return_to,
        asked: &asked,
        complaints,
        person: signed_in(&person, return_to, &sign_out_token),
        now_ms: context.now_ms(),
        token: &context.token(Cookie::Session, PATH),
    };
    Ok(Page::html(status, render(&view)))
}

pub(crate) fn samples() -> Samples {
    let key = || Some(Ceremony { options: "{}".to_owned(), sealed: "s".to_owned() });
    let view = |types: &[MfaType], key: Option<Ceremony>, complaints| {
        let is_passkey_enough = key.is_some();
        render(&ProveIdentity {
            return_to: "/start",
            asked: &AskedProof { types: types.to_vec(), key, is_passkey_enough },
            complaints,
            person: SignedIn::sample(),
            now_ms: NOW,
            token: TOKEN,
        })
    };
    let wrong = Some("Current password must be the password that you signed in with.");
    let of_password = Complaints { password: wrong, ..Complaints::default() };
    let of_code = Complaints { code: Some(NO_FACTOR), ..Complaints::default() };
    vec![
        ("prove-identity", view(&[], None, Complaints::default())),
        ("prove-identity-wrong", view(&[], None, of_password)),
        ("prove-identity-factor", view(&MfaType::ALL, key(), of_code)),
        ("prove-identity-key", view(&[MfaType::Webauthn], key(), Complaints::default())),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &ProveIdentity<'_>) -> Markup {
    let types = &view.asked.types;
    let (has_app, key) = (types.contains(&MfaType::Totp), view.asked.key.as_ref());
    // Who has a key alone has no use for a form without it.
    let has_form = has_app || types.is_empty();
    column(
        "Is it you?",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Is it you?" }
                    p class="soft" {
                        "What comes next lets a program act for you, gives out keys, or changes how you sign in. "
                        @if types.is_empty() { "Type your password again to go on." }
                        @else { "Type your password again and show your second factor to go on." }
                    }
                }
                @if has_form { (password_form(view, has_app)) }
                @match key {
                    Some(key) if has_form => { details open[is_about_key(view)] { summary { "Use your security key instead" } (key_form(view, key, false)) } },
                    Some(key) => (key_form(view, key, true)),
                    None if types.is_empty() || has_app => {}
                    None => {
                        p class="note warn" {
                            "Browsers do not use security keys at the address of this server. Ask your administrator."
                        }
                    }
                }
                p { a href="/start" { "Cancel" } }
            }
            (view.person)
        },
    )
}

fn is_about_key(view: &ProveIdentity<'_>) -> bool {
    view.complaints.key.is_some() || view.complaints.key_password.is_some()
}

fn password_form(view: &ProveIdentity<'_>, has_app: bool) -> Markup {
    html! {
        form method="post" action=(PATH) {
            (hidden(view.token, [("return_to", view.return_to)]))
            (Field::password(CURRENT_PASSWORD, "password", "current-password")
                .focused(view.complaints.code.is_none() && !is_about_key(view))
                .complaint(view.complaints.password))
            @if has_app {
                (Field::digits(MFA_CODE, "code").complaint(view.complaints.code).hint(html! {
                    "The code that your authenticator app shows for this account. "
                    (clock_hint(view.now_ms))
                }))
            }
            button class="primary" { "Go on" }
        }
    }
}

fn key_form(view: &ProveIdentity<'_>, key: &Ceremony, is_primary: bool) -> Markup {
    let is_optional = view.asked.is_passkey_enough;
    let hint = html! { "You may leave it empty if your key asks for a PIN, your fingerprint or your face." };
    let mut password = Field::password(CURRENT_PASSWORD, "key_password", "current-password")
        .optional(is_optional)
        .complaint(view.complaints.key_password);
    if is_optional {
        password = password.hint(hint);
    }
    CeremonyForm {
        ask: Ask::Get,
        action: PATH,
        token: view.token,
        options: &key.options,
        sealed: &key.sealed,
        values: &[("return_to", view.return_to)],
        fields: html! { (password) },
        button: "Use your security key",
        is_primary,
        complaint: view.complaints.key,
        without_scripts: NO_SCRIPT,
    }
    .render()
}
