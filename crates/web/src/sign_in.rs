//! Page "Sign in": user name and password.

use maud::{Markup, html};
use model::Fault;
use model::password::Password;
use service::Portico;
use service::dispatch::call;
use service::sessions::NewSession;
use service::sign_in::authenticate::{AuthenticateRequest, Authentication, authenticate};
use service::startup::find_standing;

use crate::cookies::Cookie;
use crate::detour::{Answer, Detour};
use crate::new_password;
use crate::page::Page;
use crate::parts::field::Field;
use crate::parts::frame::door;
use crate::parts::hidden;
use crate::problem;
use crate::return_path;
use crate::visit::Visit;

/// One text for every way in which a name and a password can fail to let someone in.
const WRONG: &str = "That username and password do not belong together. Check both; if you have \
    forgotten the password, ask your administrator for a one-time password.";

/// What the page shows.
pub struct SignIn<'a> {
    /// The host that people should see in the address bar.
    pub host: &'a str,
    /// What people call the instance, if they gave it a name.
    pub place: Option<&'a str>,
    /// Whether they come to answer a program that asks to act for them.
    pub for_program: bool,
    pub user_name: &'a str,
    pub return_to: &'a str,
    pub complaint: Option<&'a str>,
    pub token: &'a str,
}

/// `GET /sign-in`.
pub(crate) fn show(visit: &Visit<'_>) -> Answer {
    let return_to = return_path::checked(visit.parameter("return_to")?).unwrap_or("/start");
    // Whoever is signed in already goes where they were going.
    if visit.person().is_ok() {
        return Ok(Page::redirect(return_to));
    }
    page(visit, 200, return_to, "", None)
}

/// `POST /sign-in`.
pub(crate) fn submit(visit: &Visit<'_>) -> Answer {
    visit.require_token(Cookie::Visit)?;
    let field = |name| Ok::<_, Fault>(visit.form.text(name)?.unwrap_or_default());
    let (user_name, password) = (field("user_name")?, field("password")?);
    let return_to = return_path::checked(field("return_to")?).unwrap_or("/start");
    // What cannot be a password is nobody's.
    let Ok(password) = password.parse::<Password>() else {
        return page(visit, 422, return_to, user_name, Some(WRONG));
    };
    let request = AuthenticateRequest {
        instance_id: None,
        user_name: user_name.to_owned(),
        password,
        browser: visit.browser().to_owned(),
    };
    let stranger = Portico::stranger();
    match authenticate(&visit.ctx(&stranger), &request) {
        Ok(Authentication::SignedIn(session)) => Ok(signed_in(visit, &session, return_to)),
        Ok(Authentication::MustSetPassword { user_name, ticket }) => {
            Ok(new_password::page(visit, &user_name, &ticket, return_to))
        }
        Ok(Authentication::Wrong) => page(visit, 422, return_to, user_name, Some(WRONG)),
        Err(Fault::Throttled { retry_after_seconds }) => {
            let complaint = problem::too_many(retry_after_seconds);
            let page = page(visit, 429, return_to, user_name, Some(&complaint))?;
            Ok(page.with("retry-after", retry_after_seconds.to_string()))
        }
        Err(fault) => Err(Detour::Fault(fault)),
    }
}

/// The way on of somebody who has just signed in. Whatever console was open in this browser may have
/// been another person's.
pub(crate) fn signed_in(visit: &Visit<'_>, session: &NewSession, return_to: &str) -> Page {
    let seconds = (session.session.expires_at_ms - visit.now_ms()) / 1000;
    let cookie = visit.names.keep(Cookie::Session, session.cookie.reveal(), Some(seconds));
    Page::redirect(return_to).with_cookie(cookie).with_cookie(visit.names.drop(Cookie::Console))
}

fn page(
    visit: &Visit<'_>,
    status: u16,
    return_to: &str,
    user_name: &str,
    complaint: Option<&str>,
) -> Answer {
    let itself = Portico::itself();
    let standing = call(&visit.ctx(&itself), &(), find_standing)?;
    if standing.instance_id.is_none() {
        return Ok(problem::not_set_up());
    }
    let page = return_to.split('?').next().unwrap_or_default();
    let view = SignIn {
        host: &visit.portico.settings.public_url,
        place: standing.instance_name.as_deref(),
        for_program: matches!(page, "/device" | "/authorize"),
        user_name,
        return_to,
        complaint,
        token: &visit.token(Cookie::Visit, "/sign-in"),
    };
    Ok(Page::html(status, render(&view)))
}

/// The page.
#[must_use]
pub fn render(view: &SignIn<'_>) -> Markup {
    door(
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
            }
            small {
                "Portico asks for your password on this page alone. Before you type it, look whether \
                 the address begins with " strong { (view.host) } "."
            }
        },
    )
}
