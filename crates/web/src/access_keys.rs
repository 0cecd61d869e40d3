//! Page "Access keys": every way to use a role from a command line, in three shells.
//!
//! The page has no keys at first. The button makes them, and the making is recorded.

use kernel::sessions::proof::ProofPurpose;
use maud::{Markup, html};
use model::Fault;
use portal::get_role_credentials::GetRoleCredentialsRequest;
use portal::{describe_portal, find_held_role, get_role_credentials};
use protocol::Fields;

use crate::address;
use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::copy::{copy, copy_lines};
use crate::parts::frame::{self, Bar};
use crate::parts::hidden;
use crate::parts::surface::{Weight, body, note, panel};
use crate::parts::when::clock;
use crate::request_context::RequestContext;
use crate::sample::{ACCOUNT_ID, ACCOUNT_NAME, ENDPOINT_URL, HOUR, NOW, START_URL, Samples, TOKEN};
use crate::snippets::{self, Endpoint, Keys, Role, SHELLS, Shell};

/// View of the page.
pub struct AccessKeys<'a> {
    pub bar: Bar<'a>,
    pub account_name: &'a str,
    pub role: Role<'a>,
    pub endpoint: Endpoint<'a>,
    pub shell: Shell,
    pub keys: Option<KeysShown<'a>>,
    pub now_ms: i64,
    pub token: &'a str,
}

/// Keys that were just made.
pub struct KeysShown<'a> {
    pub keys: Keys<'a>,
    pub end_at_ms: i64,
}

/// `GET /start/access-keys`: shows every way, without keys.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    answer(context, &context.query, false)
}

/// `POST /start/access-keys`: makes keys, and shows them.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    answer(context, &context.form, true)
}

fn answer(context: &RequestContext<'_>, asked: &Fields<'_>, with_keys: bool) -> Answer {
    let person = context.person()?;
    context.require_proof(&person, ProofPurpose::Keys)?;
    let ctx = context.ctx(&person);
    let portal = describe_portal::OPERATION.call(&ctx, &())?;
    let request = requested_role(asked)?;
    let role = find_held_role::OPERATION.call(&ctx, &request)?;
    let made = if with_keys {
        Some(get_role_credentials::OPERATION.call(&ctx, &request)?.role_credentials)
    } else {
        None
    };
    let settings = &context.portico.settings;
    let url = snippets::client_url(&settings.public_url);
    let s3_url = snippets::client_s3_url(&settings.public_url, settings.s3_domain.as_deref());
    let sign_out_token = context.token(Cookie::Session, "/sign-out");
    let view = AccessKeys {
        bar: Bar::of_portal(&portal, &sign_out_token),
        account_name: &role.account_name,
        role: Role { account_id: &role.account_id, name: &role.role_name },
        endpoint: Endpoint {
            url: &url,
            s3_url: s3_url.as_deref(),
            region: &settings.region,
            start_url: &portal.start_url,
        },
        shell: Shell::chosen(asked.text("shell")?, &context.request.info.origin.user_agent),
        keys: made.as_ref().map(|made| KeysShown {
            keys: Keys {
                access_key_id: &made.access_key_id,
                secret_access_key: &made.secret_access_key,
                session_token: &made.session_token,
            },
            end_at_ms: made.expiration,
        }),
        now_ms: context.now_ms(),
        token: &context.token(Cookie::Session, "/start/access-keys"),
    };
    Ok(Page::html(200, render(&view)))
}

/// Reads the role that an address or a form names.
pub(crate) fn requested_role(asked: &Fields<'_>) -> Result<GetRoleCredentialsRequest, Fault> {
    let role_name = address::text(asked, "role_name")?;
    if role_name.is_empty() {
        return Err(asked.missing("roleName"));
    }
    let account_id = address::required(asked, "account_id", "accountId")?;
    Ok(GetRoleCredentialsRequest { account_id, role_name: role_name.to_owned() })
}

pub(crate) fn samples() -> Samples {
    let token = "IQoJb3JpZ2luX2VjEJr//////////".repeat(30);
    let keys = Keys {
        access_key_id: "ASIAUZ4KQ7X2MEXAMPLE",
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        session_token: &token,
    };
    let view = |shell, keys| {
        render(&AccessKeys {
            bar: Bar::sample_of_portal(),
            account_name: ACCOUNT_NAME,
            role: Role { account_id: ACCOUNT_ID, name: "AdministratorAccess" },
            endpoint: Endpoint {
                url: ENDPOINT_URL,
                s3_url: None,
                region: "us-east-1",
                start_url: START_URL,
            },
            shell,
            keys,
            now_ms: NOW,
            token: TOKEN,
        })
    };
    let shown = KeysShown { keys, end_at_ms: NOW + HOUR };
    vec![
        ("access-keys", view(Shell::Posix, None)),
        ("access-keys-shown", view(Shell::PowerShell, Some(shown))),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &AccessKeys<'_>) -> Markup {
    let title = format!("Access keys for {}", view.role.name);
    let work = html! {
        div class="head" {
            div {
                nav class="trail" aria-label="Breadcrumb" { a href="/start" { "Access portal" } }
                h1 { (title) }
                p class="soft pair" { span { (view.account_name) } " " span class="mono" { (view.role.account_id) } }
            }
        }
        form method="post" action="/start/access-keys#keys" {
            (hidden(view.token, [("account_id", view.role.account_id), ("role_name", view.role.name)]))
            fieldset class="choices" {
                legend class="unseen" { "Shell" }
                div class="options" {
                    @for shell in SHELLS {
                        label {
                            input type="radio" name="shell" value=(shell.as_str()) checked[shell == view.shell] autocomplete="off";
                            (shell.title())
                        }
                    }
                }
                @for (number, shell) in (1..).zip(SHELLS) {
                    div class={ "choice n" (number) } { (recommended(view, shell)) }
                }
                (short_lived(view))
            }
        }
    };
    frame::portal(&title, &view.bar, &work)
}

fn recommended(view: &AccessKeys<'_>, shell: Shell) -> Markup {
    let (Endpoint { region, start_url, .. }, id) = (&view.endpoint, shell.as_str());
    let content = html! {
        p {
            "Sign in once, and the AWS CLI and SDKs get new keys by themselves for as long as your session lasts. \
             No key is ever stored for longer than it is good."
        }
        div class="way" {
            h3 { "Let the command line ask" }
            (copy(&format!("{id}-configure"), "Terminal", &snippets::configure(shell, &view.endpoint)))
            p { "It asks for these, then opens your browser:" }
            (copy_lines(&[
                (&format!("{id}-session"), "SSO session name", "portico"),
                (&format!("{id}-start-url"), "SSO start URL", start_url),
                (&format!("{id}-region"), "SSO region", region),
                (&format!("{id}-scopes"), "SSO registration scopes", "sso:account:access"),
            ]))
        }
        div class="way" {
            h3 { "Or write the profile yourself" }
            (copy(&format!("{id}-config"), &shell.config_path(), &snippets::config_file(&view.endpoint, &view.role)))
            (copy(&format!("{id}-login"), "Terminal, to sign in", &snippets::log_in(&view.role)))
            p class="soft" {
                "To the command line the start URL is only the name of this portal: nothing is sent to that host. \
                 The " code { "services" } " section leads its calls here."
            }
        }
    };
    panel(
        &format!("{id}-recommended"),
        "Recommended: keys that renew themselves",
        &html! {},
        &body(&content),
    )
}

fn short_lived(view: &AccessKeys<'_>) -> Markup {
    let Some(shown) = &view.keys else {
        let content = html! {
            p {
                "For scripts and tools that cannot sign in: set environment variables, add a profile to the credentials \
                 file, or copy the single values. The keys are made for you now, end by themselves, and the making is recorded."
            }
            div class="actions" { button class="primary" { "Show access keys" } }
        };
        return panel("short-lived", "Short-lived keys", &html! {}, &body(&content));
    };
    html! {
        div id="keys" { (note(Weight::Good, &html! {
            p {
                "These keys end at " strong { (clock(shown.end_at_ms, view.now_ms)) } ". "
                "They are shown this once; whoever has them can do what you can, so do not send them to anyone."
            }
        })) }
        @for (number, shell) in (1..).zip(SHELLS) {
            div class={ "choice n" (number) } { (options(view, shell, &shown.keys)) }
        }
        (values(&shown.keys))
        div class="actions" { button { "Make new keys" } }
    }
}

fn options(view: &AccessKeys<'_>, shell: Shell, keys: &Keys<'_>) -> Markup {
    let id = shell.as_str();
    let environment = html! {
        p { "Paste this into your terminal. It is good for that window." }
        (copy(&format!("{id}-environment"), "Terminal", &snippets::environment(shell, &view.endpoint, keys)))
    };
    let file = html! {
        p { "Add this profile, or put it in place of the older one of the same name." }
        (copy(
            &format!("{id}-credentials"),
            &shell.credentials_path(),
            &snippets::credentials_file(&view.endpoint, &view.role, keys),
        ))
    };
    html! {
        (panel(&format!("{id}-option-1"), "Option 1: Set environment variables", &html! {}, &body(&environment)))
        (panel(&format!("{id}-option-2"), "Option 2: Add a profile to your credentials file", &html! {}, &body(&file)))
    }
}

fn values(keys: &Keys<'_>) -> Markup {
    let content = copy_lines(&[
        ("access-key-id", "AWS access key ID", keys.access_key_id),
        ("secret-access-key", "AWS secret access key", keys.secret_access_key),
        ("session-token", "AWS session token", keys.session_token),
    ]);
    panel("option-3", "Option 3: Use individual values", &html! {}, &body(&content))
}
