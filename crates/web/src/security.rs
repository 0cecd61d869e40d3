//! Page "My security": password, browsers and programs of a person, and how to end them.

use maud::{Markup, html};
use model::Fault;
use model::session::{Session, SessionKind};
use portal::describe_portal;
use sign_in::own_sessions::{
    END, END_OTHERS, EndOtherSessionsRequest, EndOwnSessionRequest, LIST, ListOwnSessionsRequest,
    OwnSessionsReply,
};

use crate::address;
use crate::cookies::Cookie;
use crate::mfa_devices;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::browser::browser_of;
use crate::parts::frame::{Bar, head, portal};
use crate::parts::surface::{Weight, body, note, panel};
use crate::parts::table::table;
use crate::parts::when::{ago, moment};
use crate::parts::{hidden, quoted, written};
use crate::request_context::RequestContext;
use crate::sample::{CLIENT_NAME, HOUR, NOW, Samples, TOKEN};
use crate::{security_password, security_sign_ins};

/// Path of the forms that end sessions.
pub(crate) const SESSIONS_PATH: &str = "/security/sessions";

/// View of the page.
pub struct Security<'a> {
    pub bar: Bar<'a>,
    pub own: &'a OwnSessionsReply,
    /// What has just been done.
    pub done: Option<&'static str>,
    pub now_ms: i64,
    /// Token of the forms that end sessions.
    pub token: &'a str,
}

/// `GET /security`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let person = context.person()?;
    let ctx = context.ctx(&person);
    let reply = describe_portal::OPERATION.call(&ctx, &())?;
    let own = LIST.call(&ctx, &ListOwnSessionsRequest {})?;
    let sign_out_token = context.token(Cookie::Session, "/sign-out");
    let view = Security {
        bar: Bar::of_portal(&reply, &sign_out_token),
        own: &own,
        done: done(context.parameter("changed")?),
        now_ms: context.now_ms(),
        token: &context.token(Cookie::Session, SESSIONS_PATH),
    };
    Ok(Page::html(200, render(&view)))
}

/// Says what the form did that led back here.
fn done(changed: &str) -> Option<&'static str> {
    match changed {
        "password" => {
            Some("Your password is changed. Every other browser and every program is signed out.")
        }
        "session" => Some("It is signed out, and the keys that it got are refused."),
        "others" => Some("Every other browser and every program is signed out."),
        _ => None,
    }
}

/// `POST /security/sessions`: ends one session, or all others.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    let person = context.person()?;
    let ctx = context.ctx(&person);
    if context.field("end")? == "others" {
        END_OTHERS.call(&ctx, &EndOtherSessionsRequest {})?;
        return Ok(Page::redirect("/security?changed=others"));
    }
    let session_id = address::required(&context.form, "session_id", "Session")?;
    match END.call(&ctx, &EndOwnSessionRequest { session_id }) {
        // It was over already.
        Ok(()) | Err(Fault::NotFound { .. }) => Ok(Page::redirect("/security?changed=session")),
        Err(fault) => Err(fault.into()),
    }
}

pub(crate) fn samples() -> Samples {
    let session = |number: u32, kind, address: &str, agent: &str, used_at_ms| {
        let id = format!("00000000-0000-4000-8000-{number:012}");
        Some(Session {
            identity_store_id: "d-90678874c6".parse().ok()?,
            id: id.parse().ok()?,
            user_id: "00000000-0000-4000-8000-000000000001".parse().ok()?,
            kind,
            source_address: address.to_owned(),
            user_agent: agent.to_owned(),
            created_at_ms: NOW - 30 * HOUR,
            expires_at_ms: NOW + HOUR,
            used_at_ms,
            proved_at_ms: 0,
            whole_proof_at_ms: 0,
        })
    };
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let here = session(11, SessionKind::Portal, "10.20.4.17", firefox, NOW);
    let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15";
    let there = session(12, SessionKind::Portal, "2001:db8::7", phone, NOW - 2 * HOUR);
    let client = here.as_ref().and_then(|here| {
        let client_name = CLIENT_NAME.parse().ok()?;
        let kind = SessionKind::Client { parent_id: here.id.clone(), client_name };
        session(13, kind, "10.20.4.17", "aws-cli/2.31.0", NOW - HOUR)
    });
    let own_id = here.as_ref().map(|here| here.id.clone());
    let view = |sessions: Vec<Session>, done| {
        let own_id = own_id.clone()?;
        let own = OwnSessionsReply { sessions, own_id, has_more: false };
        let bar = Bar::sample_of_portal();
        Some(render(&Security { bar, own: &own, done, now_ms: NOW, token: TOKEN }))
    };
    let alone = view(here.iter().cloned().collect(), None);
    let many = view([here, there, client].into_iter().flatten().collect(), done("session"));
    [("security", many), ("security-alone", alone)]
        .into_iter()
        .filter_map(|(name, markup)| Some((name, markup?)))
        .collect()
}

/// Renders the page.
#[must_use]
pub fn render(view: &Security<'_>) -> Markup {
    let sessions = &view.own.sessions;
    let (clients, browsers): (Vec<_>, Vec<_>) =
        sessions.iter().partition(|session| client_name(session).is_some());
    let work = html! {
        (head("My security", &html! { "How you sign in, and where you are signed in." }, &html! {}))
        @if let Some(done) = view.done {
            div role="status" { (note(Weight::Good, &html! { p { (done) } })) }
        }
        (panel("password", "Password", &html! {}, &body(&html! {
            p { "Changing it signs out every other browser and every program." }
            div class="actions" { a class="button" href=(security_password::PATH) { "Change password" } }
        })))
        (panel("second-factors", "Second factors", &html! {}, &body(&html! {
            p { "What you show beside your password: an authenticator app, or a security key." }
            div class="actions" { a class="button" href=(mfa_devices::PATH) { "Second factors" } }
        })))
        (panel("sign-ins", "Recent sign-ins", &html! {}, &body(&html! {
            p { "Where and how you signed in, and attempts that failed." }
            div class="actions" { a class="button" href=(security_sign_ins::PATH) { "Recent sign-ins" } }
        })))
        (panel("browsers", "Browsers", &end_others(view), &list(view, &browsers, false)))
        (panel("programs", "Programs that act for me", &html! {}, &html! {
            @if clients.is_empty() {
                (body(&html! { p { "None. A program is here after you allowed it access, as “aws sso login” asks for." } }))
            } @else { (list(view, &clients, true)) }
        }))
        @if view.own.has_more {
            (note(Weight::Plain, &html! { p { "You are signed in at more places than are listed." } }))
        }
    };
    portal("My security", &view.bar, &work)
}

fn client_name(session: &Session) -> Option<&str> {
    match &session.kind {
        SessionKind::Portal => None,
        SessionKind::Client { client_name, .. } => Some(client_name.as_str()),
    }
}

fn end_others(view: &Security<'_>) -> Markup {
    html! {
        @if view.own.sessions.len() > 1 {
            form method="post" action=(SESSIONS_PATH) {
                (hidden(view.token, [("end", "others")]))
                button { "Sign out everywhere else" }
            }
        }
    }
}

fn list(view: &Security<'_>, sessions: &[&Session], are_clients: bool) -> Markup {
    let heads = if are_clients {
        ["Program", "Address", "Since", "Last used", "Action"]
    } else {
        ["Browser", "Address", "Since", "Last used", "Action"]
    };
    let label = if are_clients { "Programs that act for me" } else { "Browsers" };
    table(label, &heads, sessions.iter().map(|session| row(view, session)))
}

fn row(view: &Security<'_>, session: &Session) -> Vec<Markup> {
    let is_own = session.id == view.own.own_id;
    let name = html! {
        @match client_name(session) {
            Some(name) => { (quoted(name)) small { (written(&session.user_agent)) } },
            None => {
                (browser_of(&session.user_agent))
                @if is_own { " " strong { "(this one)" } }
            }
        }
    };
    let word = if client_name(session).is_some() { "Withdraw" } else { "Sign out" };
    let end = html! {
        @if !is_own {
            form method="post" action=(SESSIONS_PATH) {
                (hidden(view.token, [("session_id", session.id.as_str())]))
                button { (word) span class="unseen" { " " (described(session)) } }
            }
        }
    };
    vec![
        name,
        html! { span class="mono" { (session.source_address) } },
        moment(session.created_at_ms),
        ago(session.used_at_ms, view.now_ms),
        end,
    ]
}

/// Tells one button from the others for people who do not see its row.
fn described(session: &Session) -> String {
    let name = client_name(session).map_or_else(|| browser_of(&session.user_agent), str::to_owned);
    format!("{name} at {}", session.source_address)
}
