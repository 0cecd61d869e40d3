//! Page "Access portal" at `/start`: the accounts of a person, each with its roles.

use kernel::Portico;
use kernel::page;
use kernel::perform::retry;
use kernel::startup::find_standing;
use maud::{Markup, html};
use portal::describe_portal;
use portal::list_entries::{self, AccountEntry, ListEntriesRequest};
use protocol::form::write_pairs;

use crate::cookies::Cookie;
use crate::open_console;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::frame::{Bar, head, portal};
use crate::parts::surface::empty;
use crate::parts::table::foot;
use crate::parts::when::clock;
use crate::parts::{count, hidden, written};
use crate::request_context::RequestContext;
use crate::sample::{HOUR, NOW, Samples, TOKEN};

/// Maximum number of accounts on a page.
const PAGE_SIZE: u16 = 50;

/// Maximum number of accounts that are shown open. More are shown closed, so that the list can be
/// looked over.
const OPEN_MAX: usize = 12;

/// View of the page.
pub struct Portal<'a> {
    pub bar: Bar<'a>,
    pub accounts: &'a [AccountEntry],
    /// Text of the search box; empty without a search.
    pub query: &'a str,
    /// True if this is the start of the list.
    pub is_first: bool,
    pub next_token: Option<&'a str>,
    pub signed_in_until_ms: i64,
    pub now_ms: i64,
    /// Token of the forms that open a console.
    pub console_token: &'a str,
}

/// `GET /start`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    if context.request.method == "HEAD"
        && let Some(page) = portal_of_command_lines(context)?
    {
        return Ok(page);
    }
    let person = context.person()?;
    let ctx = context.ctx(&person);
    let portal = describe_portal::OPERATION.call(&ctx, &())?;
    let (query, next) = (context.parameter("q")?, context.parameter("next")?);
    let request = ListEntriesRequest::new(query, page::Page::new(PAGE_SIZE, next))?;
    let list = list_entries::OPERATION.call(&ctx, &request)?;
    let mut accounts = list.accounts;
    // The operation lists by number. The order must stay where another page follows.
    if next.is_empty() && list.next_token.is_none() {
        accounts.sort_by_cached_key(|account| account.name.to_lowercase());
    }
    let token = context.token(Cookie::Session, "/sign-out");
    let view = Portal {
        bar: Bar::of_portal(&portal, &token),
        accounts: &accounts,
        query: query.trim(),
        is_first: next.is_empty(),
        next_token: list.next_token.as_deref(),
        signed_in_until_ms: portal.signed_in_until_ms,
        now_ms: context.now_ms(),
        console_token: &context.token(Cookie::Session, open_console::PATH),
    };
    Ok(Page::html(200, render(&view)))
}

/// `HEAD /start`: a command line checks the start URL.
// AWS: the CLI 2.35.13 and later follows one redirect and accepts hosts of this form. It reads the
// region from the name, and sends nothing to the host.
fn portal_of_command_lines(context: &RequestContext<'_>) -> Answer<Option<Page>> {
    let itself = Portico::itself();
    // Portico asks for a stranger and leaves no event, so that strangers cannot fill the log in its
    // name.
    let standing = retry(context.portico, || find_standing(&context.ctx(&itself)))?;
    let region = &context.portico.settings.region;
    Ok(standing.instance_id.map(|id| {
        Page::redirect(format!("https://{id}.portal.{region}.app.aws/")).with_status(302)
    }))
}

pub(crate) fn samples() -> Samples {
    let account = |id: &str, name: &str, email: &str, roles: &[&str]| AccountEntry {
        id: id.to_owned(),
        name: name.to_owned(),
        email: email.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    };
    let production = account(
        "299712345678",
        "Rail production",
        "ops@northwind.example",
        &["AdministratorAccess", "ReadOnlyAccess"],
    );
    let few = [
        production.clone(),
        account("410298765432", "Rail staging", "staging@northwind.example", &["PowerUserAccess"]),
        account(
            "508811223344",
            "Timetable archive (Ceph, Oslo)",
            "archive@northwind.example",
            &["ArchiveReader"],
        ),
    ];
    let depot = |n| {
        let (id, name) = (format!("2997123456{n}"), format!("Depot {n}"));
        account(&id, &name, &format!("depot-{n}@northwind.example"), &["ReadOnlyAccess"])
    };
    let many: Vec<AccountEntry> = (10..35).map(depot).collect();
    let view = |accounts: &[AccountEntry], query, next_token| {
        render(&Portal {
            bar: Bar::sample_of_portal(),
            accounts,
            query,
            is_first: true,
            next_token,
            signed_in_until_ms: NOW + 8 * HOUR,
            now_ms: NOW,
            console_token: TOKEN,
        })
    };
    vec![
        ("portal", view(&few, "", None)),
        ("portal-empty", view(&[], "", None)),
        ("portal-many", view(&many, "", Some("next"))),
        ("portal-found", view(&[production], "production", None)),
        ("portal-nothing", view(&[], "kubernetes", None)),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &Portal<'_>) -> Markup {
    let is_whole = view.is_first && view.next_token.is_none();
    let line = html! {
        @if is_whole && view.query.is_empty() && !view.accounts.is_empty() { (totals(view.accounts)) ". " }
        "Signed in until " (clock(view.signed_in_until_ms, view.now_ms)) "."
    };
    let is_searchable = !view.query.is_empty() || !is_whole || view.accounts.len() > 1;
    let work = html! {
        (head("Access portal", &line, &html! {}))
        @if is_searchable { (find(view)) }
        @if view.accounts.is_empty() { (nothing(view)) } @else { (list(view)) }
    };
    portal("Access portal", &view.bar, &work)
}

fn totals(accounts: &[AccountEntry]) -> String {
    let roles = accounts.iter().map(|account| account.roles.len()).sum();
    format!("{}, {}", count(accounts.len(), "account", "accounts"), count(roles, "role", "roles"))
}

fn find(view: &Portal<'_>) -> Markup {
    html! {
        form class="find" role="search" method="get" action="/start" {
            input type="search" name="q" value=(view.query) maxlength="128" aria-label="Find accounts and roles"
                placeholder="Account or role" autocomplete="off" spellcheck="false";
            button { "Find" }
            @if !view.query.is_empty() && !view.accounts.is_empty() { a class="button quiet" href="/start" { "Show all" } }
        }
    }
}

fn list(view: &Portal<'_>) -> Markup {
    let is_whole = view.is_first && view.next_token.is_none();
    let is_open = is_whole && view.accounts.len() <= OPEN_MAX || !view.query.is_empty();
    let next = view.next_token.map(|token| {
        let mut pairs = vec![("next", token)];
        if !view.query.is_empty() {
            pairs.push(("q", view.query));
        }
        format!("/start?{}", write_pairs(pairs))
    });
    let first = if view.query.is_empty() {
        "/start".to_owned()
    } else {
        format!("/start?{}", write_pairs([("q", view.query)]))
    };
    let has_more = next.is_some() || !view.is_first;
    html! {
        @if !view.query.is_empty() {
            p class="soft" role="status" { (totals(view.accounts)) " found for “" (written(view.query)) "”" }
        }
        div class="accounts" { @for account in view.accounts { (account_panel(account, is_open, view.console_token)) } }
        @if has_more {
            (foot(
                &format!("{} on this page", count(view.accounts.len(), "account", "accounts")),
                (!view.is_first).then_some(first.as_str()),
                next.as_deref(),
            ))
        }
    }
}

fn account_panel(account: &AccountEntry, is_open: bool, console_token: &str) -> Markup {
    html! {
        details class="account" open[is_open] {
            summary {
                span {
                    h2 { (account.name) }
                    small class="pair" { span class="mono" { (account.id) } " " span { (account.email) } }
                }
                small class="keep" { (count(account.roles.len(), "role", "roles")) }
            }
            ul {
                @for role in &account.roles {
                    @let pairs = write_pairs([("account_id", account.id.as_str()), ("role_name", role)]);
                    @let id = format!("{}-{role}", account.id);
                    li {
                        strong id=(id) { (role) }
                        // A form, because opening makes keys. It leads to another page as a link does, so it is
                        // announced as one.
                        form method="post" action=(open_console::PATH) {
                            (hidden(console_token, [("account_id", account.id.as_str()), ("role_name", role.as_str())]))
                            button class="button quiet" role="link" aria-describedby=(id) { "Management console" }
                        }
                        a class="button quiet" href={ "/start/access-keys?" (pairs) } aria-describedby=(id) { "Access keys" }
                    }
                }
            }
        }
    }
}

fn nothing(view: &Portal<'_>) -> Markup {
    html! {
        div class="panel" {
            @if view.query.is_empty() {
                (empty("You have no accounts yet", &html! {
                    p {
                        "Here you will find every account that you may enter, with the roles that you have in it. \
                         An administrator gives you access by assigning you, or one of your groups, a permission set in an account."
                    }
                    p { "Your user name is " strong { (written(view.bar.who)) } ". Tell it to your administrator, then open this page again." }
                }))
            } @else {
                (empty(&format!("Nothing found for “{}”", view.query), &html! {
                    p { "Neither the name, number or e-mail address of one of your accounts nor the name of one of your roles contains it." }
                    a class="button" href="/start" { "Show all accounts" }
                }))
            }
        }
    }
}
