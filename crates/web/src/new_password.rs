//! Page "Set a new password", after a sign-in with a one-time password.

use kernel::Portico;
use maud::{Markup, html};
use model::Fault;
use protocol::sentence;
use sign_in::set_new_password::{
    CONFIRM_PASSWORD, NEW_PASSWORD, SetNewPasswordRequest, set_new_password,
};

use crate::cookies::Cookie;
use crate::detour::{Answer, Detour};
use crate::page::Page;
use crate::parts::field::Field;
use crate::parts::frame::column;
use crate::parts::{hidden, written};
use crate::problem;
use crate::sample::{Samples, TOKEN, USER_NAME};
use crate::session_cookie::signed_in;
use crate::visit::Visit;

const PATH: &str = "/sign-in/new-password";

/// View of the page.
pub struct NewPassword<'a> {
    pub user_name: &'a str,
    pub return_to: &'a str,
    /// Proof that the one-time password was right.
    pub ticket: &'a str,
    pub complaint: Option<&'a str>,
    /// Complaint about the second box.
    pub confirm_complaint: Option<&'a str>,
    pub token: &'a str,
}

/// Shows the page that follows a one-time password.
pub(crate) fn page(visit: &Visit<'_>, user_name: &str, ticket: &str, return_to: &str) -> Page {
    let token = &visit.token(Cookie::Visit, PATH);
    let view = NewPassword {
        user_name,
        return_to,
        ticket,
        complaint: None,
        confirm_complaint: None,
        token,
    };
    Page::html(200, render(&view))
}

/// `POST /sign-in/new-password`.
pub(crate) fn submit(visit: &Visit<'_>) -> Answer {
    visit.require_token(Cookie::Visit)?;
    let return_to = visit.return_to(visit.field("return_to")?).unwrap_or("/start");
    let request = SetNewPasswordRequest {
        ticket: visit.field("ticket")?.to_owned(),
        browser: visit.browser().to_owned(),
        new_password: visit.field("new_password")?.to_owned(),
        confirm_password: visit.field("confirm_password")?.to_owned(),
    };
    let stranger = Portico::stranger();
    let (complaint, confirm_complaint) = match set_new_password(&visit.ctx(&stranger), &request) {
        Ok(session) => return Ok(signed_in(visit, &session, return_to)),
        Err(Fault::NoSession) => return Ok(problem::ticket_over()),
        Err(fault @ Fault::Invalid { .. }) => {
            let Fault::Invalid { field, .. } = &fault else { return Err(Detour::Fault(fault)) };
            match field.as_ref() {
                NEW_PASSWORD => (Some(sentence(&fault)), None),
                CONFIRM_PASSWORD => (None, Some(format!("{} Type both again.", sentence(&fault)))),
                _ => return Err(Detour::Fault(fault)),
            }
        }
        Err(fault) => return Err(Detour::Fault(fault)),
    };
    let view = NewPassword {
        user_name: visit.field("user_name")?,
        return_to,
        ticket: &request.ticket,
        complaint: complaint.as_deref(),
        confirm_complaint: confirm_complaint.as_deref(),
        token: &visit.token(Cookie::Visit, PATH),
    };
    Ok(Page::html(422, render(&view)))
}

pub(crate) fn samples() -> Samples {
    let view = |complaint| {
        render(&NewPassword {
            user_name: USER_NAME,
            return_to: "/start",
            ticket: "t",
            complaint,
            confirm_complaint: None,
            token: TOKEN,
        })
    };
    vec![
        ("new-password", view(None)),
        ("new-password-weak", view(Some("The password must have a digit."))),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &NewPassword<'_>) -> Markup {
    let rules = html! {
        ul {
            li { "8 to 64 characters" }
            li { "a lower-case and an upper-case letter, a digit and one of " code { "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/" } }
            li { "none of your last three, and none that is known from a leak" }
        }
    };
    column(
        "Set a new password",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Set a new password" }
                    p class="soft" {
                        "for " strong { (written(view.user_name)) } ". The password that you signed in with was good once; \
                         from now on only you know the new one."
                    }
                }
                form method="post" action="/sign-in/new-password" {
                    (hidden(view.token, [("ticket", view.ticket), ("return_to", view.return_to)]))
                    // Password managers keep the password under this user name.
                    input type="text" name="user_name" value=(view.user_name) autocomplete="username" readonly hidden;
                    (Field::password("New password", "new_password", "new-password")
                        .focused(true)
                        .hint(rules)
                        .complaint(view.complaint))
                    (Field::password("Confirm password", "confirm_password", "new-password")
                        .complaint(view.confirm_complaint))
                    button class="primary" { "Set new password" }
                }
            }
            p class="soft" { "Not you? " a href="/sign-in" { "Sign in as somebody else" } }
        },
    )
}
