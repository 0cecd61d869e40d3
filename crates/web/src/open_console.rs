//! `/start/console`: from a role in the portal into the console of its account.
//!
//! Opening the console makes keys of the role, so it must be the person's own wish. A click in the
//! portal is a wish, and so is an address that was typed or kept as a bookmark. A link on another site
//! and a browser that fetches in advance get a page that asks.

use maud::{Markup, html};
use portal::get_role_credentials::GetRoleCredentialsRequest;
use portal::{find_held_role, get_role_credentials};

use crate::access_keys::requested_role;
use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::frame::column;
use crate::parts::hidden;
use crate::request_context::RequestContext;
use crate::sample::{ACCOUNT_ID, ACCOUNT_NAME, Samples, TOKEN};

/// View of the page that asks.
pub struct OpenConsole<'a> {
    pub account_id: &'a str,
    pub account_name: &'a str,
    pub role_name: &'a str,
    pub token: &'a str,
}

/// `GET /start/console`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let request = requested_role(&context.query)?;
    // Fetch Metadata: `none` is the person's own act, without another site.
    let is_wish = matches!(context.request.fetch_site, Some("same-origin" | "none"))
        && !context.request.is_prefetch
        && context.request.method == "GET";
    if is_wish { open(context, &request) } else { ask_first(context, &request) }
}

/// `POST /start/console`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    open(context, &requested_role(&context.form)?)
}

fn open(context: &RequestContext<'_>, request: &GetRoleCredentialsRequest) -> Answer {
    let person = context.person()?;
    let made = get_role_credentials::OPERATION.call(&context.ctx(&person), request)?;
    let keys = made.role_credentials;
    let cookie =
        context.console_cookie((&keys.access_key_id, &keys.session_token), keys.expiration);
    Ok(Page::redirect("/console").with_cookie(cookie))
}

fn ask_first(context: &RequestContext<'_>, request: &GetRoleCredentialsRequest) -> Answer {
    let person = context.person()?;
    let role = find_held_role::OPERATION.call(&context.ctx(&person), request)?;
    let view = OpenConsole {
        account_id: &role.account_id,
        account_name: &role.account_name,
        role_name: &role.role_name,
        token: &context.token(Cookie::Session, "/start/console"),
    };
    Ok(Page::html(200, render(&view)))
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
                    p class="soft" { "A link asks to open it for you." }
                }
                p {
                    "You would act as " strong { (view.role_name) } " in " strong { (view.account_name) }
                    " " span class="mono" { (view.account_id) } "."
                }
                form method="post" action="/start/console" {
                    (hidden(view.token, [("account_id", view.account_id), ("role_name", view.role_name)]))
                    button class="primary" { "Open the console" }
                }
            }
        },
    )
}
