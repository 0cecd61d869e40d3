//! Page "Set a new password" or, for the first one, "Set your password", after a one-time password or by a link.

use kernel::Portico;
use maud::{Markup, html};
use model::Fault;
use protocol::sentence;
use sign_in::chosen_password::CONFIRM_PASSWORD;
use sign_in::password_rules::{NEW_PASSWORD, PasswordRules};
use sign_in::set_new_password::{SetNewPasswordRequest, find_rules, set_new_password};

use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::field::Field;
use crate::parts::frame::column;
use crate::parts::password_rules::{Verdicts, is_about_reuse, judged, list, unjudged};
use crate::parts::{hidden, written};
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{Samples, TOKEN, USER_NAME};
use crate::second_step;

const PATH: &str = "/sign-in/new-password";

/// Reason after a one-time password.
const USED_UP: &str =
    "The password that you signed in with was good once; from now on only you know the new one.";

/// Reason after a password that was not taken.
const NOT_YET: &str = "It is not set yet: see below.";

/// View of the page.
pub struct NewPassword<'a> {
    pub user_name: &'a str,
    /// Why the page is there, in a whole sentence.
    pub reason: &'a str,
    pub return_to: &'a str,
    /// Proof that the one-time password was right.
    pub ticket: &'a str,
    /// True if the person never had a password.
    pub is_first: bool,
    pub rules: Verdicts,
    pub complaint: Option<&'a str>,
    /// Complaint about the second box.
    pub confirm_complaint: Option<&'a str>,
    pub token: &'a str,
}

/// Shows the page that follows a one-time password.
pub(crate) fn page(
    context: &RequestContext<'_>,
    user_name: &str,
    ticket: &str,
    return_to: &str,
) -> Answer {
    page_because(context, USED_UP, (user_name, ticket), return_to)
}

/// Shows the page to the holder of a ticket for a reason.
pub(crate) fn page_because(
    context: &RequestContext<'_>,
    reason: &str,
    (user_name, ticket): (&str, &str),
    return_to: &str,
) -> Answer {
    let stranger = Portico::anonymous();
    let rules = find_rules(&context.ctx(&stranger), &context.browser().id, ticket)?;
    let token = &context.token(Cookie::Browser, PATH);
    let view = NewPassword {
        user_name,
        reason,
        return_to,
        ticket,
        is_first: rules.is_first(),
        rules: unjudged(&rules),
        complaint: None,
        confirm_complaint: None,
        token,
    };
    Ok(Page::html(200, render(&view)))
}

/// `POST /sign-in/new-password`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Browser)?;
    let return_to = context.return_to(context.field("return_to")?).unwrap_or("/start");
    let request = SetNewPasswordRequest {
        ticket: context.field("ticket")?.to_owned(),
        browser: context.browser(),
        new_password: context.field("new_password")?.to_owned(),
        confirm_password: context.field("confirm_password")?.to_owned(),
    };
    let stranger = Portico::anonymous();
    let ctx = context.ctx(&stranger);
    let (complaint, confirm_complaint) = match set_new_password(&ctx, &request) {
        Ok(progress) => return second_step::go_on(context, &progress, return_to),
        Err(Fault::NoSession) => return Ok(problem::ticket_over()),
        Err(fault @ Fault::Conflict { .. }) => return Ok(problem::choices_over(&sentence(&fault))),
        Err(fault @ Fault::Invalid { .. }) => {
            let Fault::Invalid { field, .. } = &fault else { return Err(PageError::Fault(fault)) };
            match field.as_ref() {
                NEW_PASSWORD => (Some(sentence(&fault)), None),
                CONFIRM_PASSWORD => (None, Some(format!("{} Type both again.", sentence(&fault)))),
                _ => return Err(PageError::Fault(fault)),
            }
        }
        Err(fault) => return Err(PageError::Fault(fault)),
    };
    let rules = match find_rules(&ctx, &request.browser.id, &request.ticket) {
        Ok(rules) => rules,
        Err(Fault::NoSession) => return Ok(problem::ticket_over()),
        Err(fault) => return Err(PageError::Fault(fault)),
    };
    let is_reused = complaint.as_deref().is_some_and(|told| is_about_reuse(&rules, told));
    let view = NewPassword {
        user_name: context.field("user_name")?,
        reason: NOT_YET,
        return_to,
        ticket: &request.ticket,
        is_first: rules.is_first(),
        rules: judged(&rules, &request.new_password, is_reused),
        complaint: complaint.as_deref(),
        confirm_complaint: confirm_complaint.as_deref(),
        token: &context.token(Cookie::Browser, PATH),
    };
    Ok(Page::html(422, render(&view)))
}

pub(crate) fn samples() -> Samples {
    let rules = PasswordRules::sample();
    let view = |is_first, complaint, rules| {
        render(&NewPassword {
            user_name: USER_NAME,
            reason: USED_UP,
            is_first,
            return_to: "/start",
            ticket: "t",
            rules,
            complaint,
            confirm_complaint: None,
            token: TOKEN,
        })
    };
    vec![
        ("new-password", view(false, None, unjudged(&rules))),
        ("new-password-first", view(true, None, unjudged(&rules.clone().of_first(true)))),
        (
            "new-password-weak",
            view(
                false,
                Some("New password must hold a digit (0-9)."),
                judged(&rules, "correct-Horse", false),
            ),
        ),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &NewPassword<'_>) -> Markup {
    let (title, button) = if view.is_first {
        ("Set your password", "Set password")
    } else {
        ("Set a new password", "Set new password")
    };
    column(
        title,
        &html! {
            div class="panel" {
                hgroup {
                    h1 { (title) }
                    p class="soft" {
                        "for " strong { (written(view.user_name)) } ". " (view.reason)
                    }
                }
                form method="post" action="/sign-in/new-password" {
                    (hidden(view.token, [("ticket", view.ticket), ("return_to", view.return_to)]))
                    // Password managers keep the password under this user name.
                    input type="text" name="user_name" value=(view.user_name) autocomplete="username" readonly hidden;
                    (Field::password("New password", "new_password", "new-password")
                        .focused(true)
                        .hint(list(&view.rules))
                        .complaint(view.complaint))
                    (Field::password("Confirm password", "confirm_password", "new-password")
                        .complaint(view.confirm_complaint))
                    button class="primary" { (button) }
                }
            }
            p class="soft" { "Not you? " a href="/sign-in" { "Sign in as somebody else" } }
        },
    )
}
