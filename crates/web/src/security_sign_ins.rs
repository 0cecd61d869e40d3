//! Page "Recent sign-ins" of My security: where and how the person signed in, and attempts in vain.

use kernel::page::{BROWSER_TOKEN, Page as ListPage};
use maud::{Markup, html};
use model::sign_in_record::{CredentialType, SignInOutcome, SignInRecord};
use portal::describe_portal;
use protocol::form::write_pairs;
use sign_in::own_sign_ins::{ListOwnSignInsRequest, OPERATION, OwnSignInsReply};

use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::browser::browser_of;
use crate::parts::frame::{Bar, head, portal};
use crate::parts::surface::{empty, panel};
use crate::parts::table::{foot, table};
use crate::parts::when::moment;
use crate::request_context::RequestContext;
use crate::sample::{HOUR, NOW, Samples};

pub(crate) const PATH: &str = "/security/sign-ins";

/// Number of rows on a page.
const PAGE_SIZE: u16 = 10;

/// View of the page.
pub struct SignIns<'a> {
    pub bar: Bar<'a>,
    pub own: &'a OwnSignInsReply,
    /// True if this is the start of the list.
    pub is_first: bool,
}

/// `GET /security/sign-ins`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let person = context.person()?;
    let ctx = context.ctx(&person);
    let next = context.parameter(BROWSER_TOKEN)?;
    let reply = describe_portal::OPERATION.call(&ctx, &())?;
    let request = ListOwnSignInsRequest { page: ListPage::new(PAGE_SIZE, next) };
    let own = OPERATION.call(&ctx, &request)?;
    let sign_out_token = context.token(crate::cookies::Cookie::Session, "/sign-out");
    let bar = Bar::of_portal(&reply, &sign_out_token);
    Ok(Page::html(200, render(&SignIns { bar, own: &own, is_first: next.is_empty() })))
}

pub(crate) fn samples() -> Samples {
    let row = |number: u32, outcome, credential_type, address: &str, attempts, at_ms| {
        let id = format!("00000000-0000-4000-8000-{number:012}");
        Some(SignInRecord {
            identity_store_id: "d-90678874c6".parse().ok()?,
            user_id: "00000000-0000-4000-8000-000000000001".parse().ok()?,
            id: id.parse().ok()?,
            outcome,
            credential_type,
            source_address: address.to_owned(),
            user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
                .to_owned(),
            attempts,
            at_ms,
        })
    };
    let (good, bad) = (SignInOutcome::Succeeded, SignInOutcome::Failed);
    let rows = [
        row(1, good, CredentialType::Totp, "10.20.4.17", 1, NOW),
        row(2, bad, CredentialType::Password, "203.0.113.9", 34, NOW - HOUR),
        row(3, good, CredentialType::Passkey, "2001:db8::7", 1, NOW - 30 * HOUR),
        row(4, bad, CredentialType::EmailOtp, "10.20.4.17", 1, NOW - 31 * HOUR),
    ];
    let view = |sign_ins: Vec<SignInRecord>, next_token: Option<&str>| {
        let own = OwnSignInsReply { sign_ins, next_token: next_token.map(str::to_owned) };
        let is_first = next_token.is_none();
        render(&SignIns { bar: Bar::sample_of_portal(), own: &own, is_first })
    };
    vec![
        ("security-sign-ins", view(rows.into_iter().flatten().collect(), Some("token"))),
        ("security-sign-ins-none", view(Vec::new(), None)),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &SignIns<'_>) -> Markup {
    let rows = &view.own.sign_ins;
    let content = if rows.is_empty() {
        empty("None yet", &html! { p { "Your next sign-in is here." } })
    } else {
        let to = |token: &str| format!("{PATH}?{}", write_pairs([(BROWSER_TOKEN, token)]));
        let next = view.own.next_token.as_deref().map(to);
        let first = (!view.is_first).then_some(PATH);
        html! {
            (table("Recent sign-ins", &["When", "What", "Browser", "Address"], rows.iter().map(row)))
            (foot(&format!("{} on this page", rows.len()), first, next.as_deref()))
        }
    };
    let work = html! {
        (head(
            "Recent sign-ins",
            &html! {
                "The last 50 of 90 days, and the last 50 addresses from which somebody failed. If you do not know one of the \
                 sign-ins, "
                a href=(crate::security_password::PATH) { "change your password" }
                " and tell your administrator."
            },
            &html! {},
        ))
        (panel("sign-ins", "Recent sign-ins", &html! {}, &content))
        p { a href="/security" { "Back to My security" } }
    };
    portal("Recent sign-ins", &view.bar, &work)
}

fn row(record: &SignInRecord) -> Vec<Markup> {
    vec![
        moment(record.at_ms),
        html! { (what(record)) },
        html! { (browser_of(&record.user_agent)) },
        html! { span class="mono" { (record.source_address) } },
    ]
}

/// Says what happened, in words.
fn what(record: &SignInRecord) -> String {
    let shown = match record.credential_type {
        CredentialType::Password => "password",
        CredentialType::Totp => "authenticator app",
        CredentialType::Webauthn => "security key",
        CredentialType::EmailOtp => "code by mail",
        CredentialType::Passkey => "passkey",
    };
    match (record.outcome, record.attempts) {
        (SignInOutcome::Succeeded, _) => format!("Signed in: {shown}"),
        (SignInOutcome::Failed, 1) => format!("Failed: {shown}"),
        (SignInOutcome::Failed, attempts) => format!("Failed {attempts} times: {shown}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_told_in_words() {
        let pages = samples();
        let text = pages[0].1.clone().into_string();
        for words in ["Signed in: authenticator app", "Failed 34 times: password", "next=token"] {
            assert!(text.contains(words), "{words} {text}");
        }
    }
}
