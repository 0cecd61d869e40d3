//! Page "Confirm the code", RFC 8628 §3.3: the person compares the code with their device's.

use maud::{Markup, html};
use model::Fault;
use protocol::form::write_pairs;
use protocol::sentence;
use service::oauth::device::{
    DeviceReply, DeviceRequest, approve_device, confirm_device, deny_device, find_device,
};
use service::{Caller, Ctx, Principal};

use crate::ask;
use crate::asker::Asker;
use crate::consent::{Consent, Way, render as render_consent, render_approved, render_denied};
use crate::cookies::Cookie;
use crate::detour::{Answer, Detour};
use crate::page::Page;
use crate::parts::field::Field;
use crate::parts::frame::door;
use crate::parts::hidden;
use crate::parts::person::SignedIn;
use crate::problem;
use crate::visit::Visit;

const ACTION: &str = "signin:AuthorizeDevice";
const CONSENT_PATH: &str = "/device/consent";

/// What the page shows.
pub struct Device<'a> {
    /// As it came with the link, or as it was typed.
    pub code: &'a str,
    /// Who asked, once the code is known.
    pub asker: Option<Asker<'a>>,
    pub complaint: Option<&'a str>,
    pub person: SignedIn<'a>,
    pub token: &'a str,
}

/// `GET /device`: the code, perhaps from the link.
pub(crate) fn show(visit: &Visit<'_>) -> Answer {
    let person = visit.person()?;
    let code = visit.parameter("user_code")?;
    if code.is_empty() {
        return Ok(page(visit, &person, 200, "", None, None));
    }
    let request = DeviceRequest { user_code: code.to_owned() };
    match ask::write(&visit.ctx(&person), ACTION, &request, find_device) {
        Ok(found) => {
            let code = found.user_code.to_string();
            Ok(page(visit, &person, 200, &code, Some(&found), None))
        }
        Err(fault) => complain(visit, &person, code, fault),
    }
}

/// `POST /device`: the person says that the code is theirs, and is asked for consent.
pub(crate) fn submit(visit: &Visit<'_>) -> Answer {
    visit.require_token(Cookie::Session)?;
    let person = visit.person()?;
    let code = visit.form.text("user_code")?.unwrap_or_default();
    let request = DeviceRequest { user_code: code.to_owned() };
    let ctx: Ctx<'_> = visit.ctx(&person);
    match ask::write(&ctx, ACTION, &request, confirm_device) {
        Ok(found) => {
            let shown = found.user_code.to_string();
            let scopes: Vec<String> =
                found.scopes.to_string().split_whitespace().map(str::to_owned).collect();
            let return_to = path_of(&shown);
            let sign_out_token = visit.token(Cookie::Session, "/sign-out");
            let view = Consent {
                client_name: found.client_name.as_str(),
                by: Way::Device { code: &shown, asker: asker(visit, &found) },
                scopes: &scopes,
                person: signed_in(&person, &return_to, &sign_out_token),
                action: CONSENT_PATH,
                values: &[("user_code", &shown)],
                token: &visit.token(Cookie::Session, CONSENT_PATH),
            };
            Ok(Page::html(200, render_consent(&view)))
        }
        Err(fault) => complain(visit, &person, code, fault),
    }
}

/// `POST /device/consent`: the person's answer.
pub(crate) fn submit_consent(visit: &Visit<'_>) -> Answer {
    visit.require_token(Cookie::Session)?;
    let person = visit.person()?;
    let code = visit.form.text("user_code")?.unwrap_or_default();
    let request = DeviceRequest { user_code: code.to_owned() };
    let ctx = visit.ctx(&person);
    let allowed = visit.form.text("answer")? == Some("allow");
    let decide = if allowed { approve_device } else { deny_device };
    match ask::write(&ctx, ACTION, &request, decide) {
        Ok(found) => {
            let client_name = found.client_name.as_str();
            let markup =
                if allowed { render_approved(client_name) } else { render_denied(client_name) };
            Ok(Page::html(200, markup))
        }
        Err(fault) => complain(visit, &person, code, fault),
    }
}

/// The page again, with what is wrong with the code.
fn complain(visit: &Visit<'_>, person: &Caller, code: &str, fault: Fault) -> Answer {
    let again = |status, words: &str| page(visit, person, status, code, None, Some(words));
    if let Fault::Throttled { retry_after_seconds } = &fault {
        let page = again(429, &problem::too_many(*retry_after_seconds));
        return Ok(page.with("retry-after", retry_after_seconds.to_string()));
    }
    if let Fault::Invalid { .. } = &fault {
        return Ok(again(422, &sentence(&fault)));
    }
    Err(Detour::Fault(fault))
}

fn page(
    visit: &Visit<'_>,
    person: &Caller,
    status: u16,
    code: &str,
    found: Option<&DeviceReply>,
    complaint: Option<&str>,
) -> Page {
    let return_to = path_of(code);
    let sign_out_token = visit.token(Cookie::Session, "/sign-out");
    let view = Device {
        code,
        asker: found.map(|found| asker(visit, found)),
        complaint,
        person: signed_in(person, &return_to, &sign_out_token),
        token: &visit.token(Cookie::Session, "/device"),
    };
    Page::html(status, render(&view))
}

fn asker<'a>(visit: &Visit<'_>, found: &'a DeviceReply) -> Asker<'a> {
    Asker {
        client_name: found.client_name.as_str(),
        address: &found.source_address,
        is_same_address: found.source_address == visit.request.info.origin.source_address,
        asked_at_ms: found.asked_at_ms,
        now_ms: visit.now_ms(),
    }
}

/// The page with this code; a code that is none leads to an empty box.
fn path_of(code: &str) -> String {
    if code.is_empty() {
        "/device".to_owned()
    } else {
        format!("/device?{}", write_pairs([("user_code", code)]))
    }
}

/// The person who is asked.
pub(crate) fn signed_in<'a>(
    person: &'a Caller,
    return_to: &'a str,
    sign_out_token: &'a str,
) -> SignedIn<'a> {
    SignedIn { who: name_of(person), return_to, sign_out_token }
}

/// The user name of the person who is signed in.
fn name_of(person: &Caller) -> &str {
    match &person.principal {
        Principal::Person(person) => &person.user_name,
        Principal::Anonymous | Principal::Role(_) | Principal::Portico => "",
    }
}

/// The page.
#[must_use]
pub fn render(view: &Device<'_>) -> Markup {
    let title = if view.asker.is_some() { "Is this your code?" } else { "Enter the code" };
    door(
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
