//! Page "Confirm the code", RFC 8628 §3.3: the person compares the code with their device's.

use kernel::sessions::proof::ProofPurpose;
use kernel::{Caller, Principal};
use maud::{Markup, html};
use model::Fault;
use oauth::device::{APPROVE, CONFIRM, DENY, DeviceReply, DeviceRequest, FIND};
use protocol::form::write_pairs;
use protocol::sentence;

use crate::asker::{Asker, Place};
use crate::consent::{self, Consent, Way, render_approved, render_denied};
use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::field::Field;
use crate::parts::frame::column;
use crate::parts::hidden;
use crate::parts::person::SignedIn;
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{CLIENT_NAME, Samples, TOKEN};

const CONSENT_PATH: &str = "/device/consent";

/// View of the page.
pub struct Device<'a> {
    /// Code of the link, or as it was typed.
    pub code: &'a str,
    /// Program that asked, once the code is known.
    pub asker: Option<Asker<'a>>,
    pub complaint: Option<&'a str>,
    pub person: SignedIn<'a>,
    pub token: &'a str,
}

/// `GET /device`: asks for the code, which a link may contain.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let person = context.person()?;
    context.require_proof(&person, ProofPurpose::Consent)?;
    let code = context.parameter("user_code")?;
    if code.is_empty() {
        return Ok(page(context, &person, 200, "", None, None));
    }
    let request = DeviceRequest { user_code: code.to_owned() };
    match FIND.call(&context.ctx(&person), &request) {
        Ok(found) => {
            let code = found.user_code.to_string();
            Ok(page(context, &person, 200, &code, Some(&found), None))
        }
        Err(fault) => complain(context, &person, code, fault),
    }
}

/// `POST /device`: takes the code that the person confirmed, and asks for consent.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    let person = context.person()?;
    let code = context.field("user_code")?;
    let request = DeviceRequest { user_code: code.to_owned() };
    match CONFIRM.call(&context.ctx(&person), &request) {
        Ok(found) => {
            let shown = found.user_code.to_string();
            let scopes: Vec<String> =
                found.scopes.to_string().split_whitespace().map(str::to_owned).collect();
            let return_to = path_of(&shown);
            let sign_out_token = context.token(Cookie::Session, "/sign-out");
            let view = Consent {
                client_name: found.client_name.as_str(),
                by: Way::Device { code: &shown, asker: asker(context, &found) },
                scopes: &scopes,
                person: signed_in(&person, &return_to, &sign_out_token),
                action: CONSENT_PATH,
                values: &[("user_code", &shown)],
                token: &context.token(Cookie::Session, CONSENT_PATH),
            };
            Ok(Page::html(200, consent::render(&view)))
        }
        Err(fault) => complain(context, &person, code, fault),
    }
}

/// `POST /device/consent`: takes the person's answer.
pub(crate) fn submit_consent(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    let person = context.person()?;
    let code = context.field("user_code")?;
    let request = DeviceRequest { user_code: code.to_owned() };
    let allowed = context.form.text("answer")? == Some("allow");
    let decide = if allowed { &APPROVE } else { &DENY };
    match decide.call(&context.ctx(&person), &request) {
        Ok(found) => {
            let client_name = found.client_name.as_str();
            let markup =
                if allowed { render_approved(client_name) } else { render_denied(client_name) };
            Ok(Page::html(200, markup))
        }
        Err(fault) => complain(context, &person, code, fault),
    }
}

/// Shows the page again with a complaint about the code.
fn complain(context: &RequestContext<'_>, person: &Caller, code: &str, fault: Fault) -> Answer {
    let again = |status, words: &str| page(context, person, status, code, None, Some(words));
    if let Fault::Throttled { retry_after_seconds } = &fault {
        let page = again(429, &problem::too_many(*retry_after_seconds));
        return Ok(page.with("retry-after", retry_after_seconds.to_string()));
    }
    if let Fault::Invalid { .. } = &fault {
        return Ok(again(422, &sentence(&fault)));
    }
    Err(PageError::Fault(fault))
}

fn page(
    context: &RequestContext<'_>,
    person: &Caller,
    status: u16,
    code: &str,
    found: Option<&DeviceReply>,
    complaint: Option<&str>,
) -> Page {
    let return_to = path_of(code);
    let sign_out_token = context.token(Cookie::Session, "/sign-out");
    let view = Device {
        code,
        asker: found.map(|found| asker(context, found)),
        complaint,
        person: signed_in(person, &return_to, &sign_out_token),
        token: &context.token(Cookie::Session, "/device"),
    };
    Page::html(status, render(&view))
}

fn asker<'a>(context: &RequestContext<'_>, found: &'a DeviceReply) -> Asker<'a> {
    let request = context.request;
    let place = if !request.is_address_known {
        Place::Unknown
    } else if found.source_address == request.info.origin.source_address {
        Place::Here
    } else {
        Place::Elsewhere
    };
    Asker {
        client_name: found.client_name.as_str(),
        address: &found.source_address,
        place,
        asked_at_ms: found.asked_at_ms,
        now_ms: context.now_ms(),
    }
}

/// Returns the address of the page with this code.
fn path_of(code: &str) -> String {
    if code.is_empty() {
        "/device".to_owned()
    } else {
        format!("/device?{}", write_pairs([("user_code", code)]))
    }
}

/// Returns the person for the foot of the page.
pub(crate) fn signed_in<'a>(
    person: &'a Caller,
    return_to: &'a str,
    sign_out_token: &'a str,
) -> SignedIn<'a> {
    SignedIn { who: name_of(person), return_to, sign_out_token }
}

/// Returns the user name of the person who is signed in.
fn name_of(person: &Caller) -> &str {
    match &person.principal {
        Principal::Person(person) => &person.user_name,
        Principal::Anonymous
        | Principal::Unproven(_)
        | Principal::NamedPerson(_)
        | Principal::Role(_)
        | Principal::Portico => "",
    }
}

pub(crate) fn samples() -> Samples {
    let view = |code, asker, complaint| {
        render(&Device { code, asker, complaint, person: SignedIn::sample(), token: TOKEN })
    };
    let unknown = "No program waits with this code, or its ten minutes are over. Start again in your \
        terminal.";
    vec![
        ("device", view("GENM-XADQ", Some(Asker::sample(Place::Here)), None)),
        ("device-empty", view("", None, None)),
        ("device-unknown", view("GENM-XADX", None, Some(unknown))),
    ]
}

/// Samples of the pages after the code.
pub(crate) fn consent_samples() -> Samples {
    let by = |asker| Way::Device { code: "GENM-XADQ", asker };
    vec![
        ("consent-device", consent::sample(by(Asker::sample(Place::Here)))),
        ("consent-stranger", consent::sample(by(Asker::sample(Place::Elsewhere)))),
        ("consent-proxy", consent::sample(by(Asker::sample(Place::Unknown)))),
        ("approved", render_approved(CLIENT_NAME)),
        ("denied", render_denied(CLIENT_NAME)),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &Device<'_>) -> Markup {
    let title = if view.asker.is_some() { "Is this your code?" } else { "Enter the code" };
    column(
        title,
        &html! {
            div class="panel" {
                hgroup {
                    h1 { (title) }
                    p class="soft" { "A program asks to act for you. It shows a code of eight letters." }
                }
                form method="post" action="/device" {
                    (hidden(view.token, []))
                    (Field::code("Code", "user_code")
                        .value(view.code)
                        .focused(view.code.is_empty())
                        .complaint(view.complaint))
                    @if let Some(asker) = &view.asker { (asker.facts()) }
                    p {
                        "Go on only if you started the program yourself and it shows the same code. \
                         If someone sent you the link or the code, close this page: they would get in as you."
                    }
                    button class="primary" { "Confirm and continue" }
                }
            }
            (view.person)
        },
    )
}
