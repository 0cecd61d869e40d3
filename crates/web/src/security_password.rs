//! Page "Change your password" of My security.

use maud::{Markup, html};
use model::Fault;
use protocol::sentence;
use sign_in::chosen_password::CONFIRM_PASSWORD;
use sign_in::own_password::CURRENT_PASSWORD;
use sign_in::password_rules::{NEW_PASSWORD, PasswordRules};
use sign_in::update_password::{UpdatePasswordRequest, find_own_rules, update_password};

use crate::cookies::Cookie;
use crate::device::signed_in as person_of;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::field::Field;
use crate::parts::frame::column;
use crate::parts::hidden;
use crate::parts::password_rules::{Verdicts, is_about_reuse, judged, list, unjudged};
use crate::parts::person::SignedIn;
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{Samples, TOKEN};
use crate::session_cookie::signed_in;

pub(crate) const PATH: &str = "/security/password";

/// View of the page.
pub struct SecurityPassword<'a> {
    pub rules: Verdicts,
    pub complaints: Complaints,
    pub person: SignedIn<'a>,
    pub token: &'a str,
}

/// Complaints about the three boxes.
#[derive(Default)]
pub struct Complaints {
    pub current: Option<String>,
    pub new: Option<String>,
    pub confirm: Option<String>,
}

/// `GET /security/password`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    page(context, 200, unjudged, Complaints::default())
}

/// `POST /security/password`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    let person = context.person()?;
    let request = UpdatePasswordRequest {
        current_password: context.field("current_password")?.to_owned(),
        new_password: context.field("new_password")?.to_owned(),
        confirm_password: context.field("confirm_password")?.to_owned(),
        browser: context.browser().id,
    };
    let fault = match update_password(&context.ctx(&person), &request) {
        Ok(session) => return Ok(signed_in(context, &session, "/security?changed=password")),
        Err(fault) => fault,
    };
    let words = sentence(&fault);
    let mut complaints = Complaints::default();
    if let Fault::Throttled { retry_after_seconds } = &fault {
        complaints.current = Some(problem::too_many(*retry_after_seconds));
        let page = page(context, 429, unjudged, complaints)?;
        return Ok(page.with("retry-after", retry_after_seconds.to_string()));
    }
    let Fault::Invalid { field, .. } = &fault else { return Err(PageError::Fault(fault)) };
    match field.as_ref() {
        CURRENT_PASSWORD => complaints.current = Some(words.clone()),
        NEW_PASSWORD => complaints.new = Some(words.clone()),
        CONFIRM_PASSWORD => complaints.confirm = Some(format!("{words} Type both again.")),
        _ => return Err(PageError::Fault(fault)),
    }
    let judge =
        |rules: &PasswordRules| judged(rules, &request.new_password, is_about_reuse(rules, &words));
    page(context, 422, judge, complaints)
}

fn page(
    context: &RequestContext<'_>,
    status: u16,
    judge: impl FnOnce(&PasswordRules) -> Verdicts,
    complaints: Complaints,
) -> Answer {
    let person = context.person()?;
    let rules = find_own_rules(&context.ctx(&person))?;
    let sign_out_token = context.token(Cookie::Session, "/sign-out");
    let view = SecurityPassword {
        rules: judge(&rules),
        complaints,
        person: person_of(&person, "/security", &sign_out_token),
        token: &context.token(Cookie::Session, PATH),
    };
    Ok(Page::html(status, render(&view)))
}

pub(crate) fn samples() -> Samples {
    let rules = PasswordRules::sample();
    let view = |rules, complaints| {
        let (person, token) = (SignedIn::sample(), TOKEN);
        render(&SecurityPassword { rules, complaints, person, token })
    };
    let weak = Complaints {
        new: Some("New password must hold a digit (0-9).".to_owned()),
        ..Complaints::default()
    };
    vec![
        ("security-password", view(unjudged(&rules), Complaints::default())),
        ("security-password-weak", view(judged(&rules, "correct-Horse", false), weak)),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &SecurityPassword<'_>) -> Markup {
    let Complaints { current, new, confirm } = &view.complaints;
    let nothing_wrong = current.is_none() && new.is_none() && confirm.is_none();
    column(
        "Change your password",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Change your password" }
                    p class="soft" {
                        "You stay signed in here. Every other browser and every program is signed out."
                    }
                }
                form method="post" action=(PATH) {
                    (hidden(view.token, []))
                    (Field::password(CURRENT_PASSWORD, "current_password", "current-password")
                        .focused(nothing_wrong)
                        .complaint(current.as_deref()))
                    (Field::password(NEW_PASSWORD, "new_password", "new-password")
                        .hint(list(&view.rules))
                        .complaint(new.as_deref()))
                    (Field::password(CONFIRM_PASSWORD, "confirm_password", "new-password")
                        .complaint(confirm.as_deref()))
                    div class="answers" {
                        button class="primary" { "Change password" }
                        a class="button" href="/security" { "Cancel" }
                    }
                }
            }
            (view.person)
        },
    )
}
