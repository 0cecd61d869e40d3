//! `/start/console`: from a role in the portal into the console of its account.
//!
//! Opening the console makes keys of the role, so it must be the person's own wish. Only a form with a
//! token opens it: the portal's, or the one of the page that GET shows.
// INVARIANT: GET always asks. No header tells a person's own click from a link of a stranger: after the
// sign-in page the browser says `Sec-Fetch-Site: same-origin` of any link, and `none` of one in a mail.

use kernel::sessions::proof::ProofPurpose;
use maud::{Markup, html};
use portal::{find_held_role, get_role_credentials};

use crate::access_keys::requested_role;
use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::frame::column;
use crate::parts::hidden;
use crate::request_context::RequestContext;
use crate::sample::{ACCOUNT_ID, ACCOUNT_NAME, Samples, TOKEN};

/// Path that the forms are sent to.
pub(crate) const PATH: &str = "/start/console";

/// View of the page that asks.
pub struct OpenConsole<'a> {
    pub account_id: &'a str,
    pub account_name: &'a str,
    pub role_name: &'a str,
    pub token: &'a str,
}

/// `GET /start/console`: asks.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let person = context.person()?;
    context.require_proof(&person, ProofPurpose::Keys)?;
    let request = requested_role(&context.query)?;
    let role = find_held_role::OPERATION.call(&context.ctx(&person), &request)?;
    let view = OpenConsole {
        account_id: &role.account_id,
        account_name: &role.account_name,
        role_name: &role.role_name,
        token: &context.token(Cookie::Session, PATH),
    };
    Ok(Page::html(200, render(&view)))
}

/// `POST /start/console`: makes the keys and opens the console.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    let request = requested_role(&context.form)?;
    let person = context.person()?;
    let made = get_role_credentials::OPERATION.call(&context.ctx(&person), &request)?;
    let keys = made.role_credentials;
    let cookie =
        context.console_cookie((&keys.access_key_id, &keys.session_token), keys.expiration);
    Ok(Page::redirect("/console").with_cookie(cookie))
}

pub(crate) fn samples() -> Samples {
    let view = OpenConsole {
        account_id: ACCOUNT_ID,
        account_name: ACCOUNT_NAME,
        role_name: "AdministratorAccess",
        token: TOKEN,
    };
    vec![("open-console", render(&view))]
}

/// Renders the page that asks.
#[must_use]
pub fn render(view: &OpenConsole<'_>) -> Markup {
    column(
        "Open the console?",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Open the console?" }
                    p class="soft" { "The address that you came by asks for it." }
                }
                p {
                    "You would act as " strong { (view.role_name) } " in " strong { (view.account_name) }
                    " " span class="mono" { (view.account_id) } "."
                }
                p { "If somebody sent you the link, or you did not expect this page, cancel." }
                form method="post" action=(PATH) {
                    (hidden(view.token, [("account_id", view.account_id), ("role_name", view.role_name)]))
                    div class="answers" {
                        button class="primary" { "Open the console" }
                        a class="button" href="/start" { "Cancel" }
                    }
                }
            }
        },
    )
}
