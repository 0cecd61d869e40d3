//! Page "Access portal" at `/start`: the accounts of a person, each with its roles.

use maud::{Markup, html};
use protocol::form::write_pairs;
use service::Ctx;
use service::dispatch::call;
use service::portal::describe_portal::{PortalReply, describe_portal};
use service::portal::list_entries::{AccountEntry, list_entries};
use service::startup::find_standing;

use crate::ask;
use crate::cookies::Cookie;
use crate::detour::Answer;
use crate::page::Page;
use crate::visit::Visit;

use crate::parts::frame::{Bar, head, portal};
use crate::parts::surface::empty;
use crate::parts::table::foot;
use crate::parts::when::clock;
use crate::parts::{count, written};

/// How many accounts a page has.
const PAGE_SIZE: &str = "50";

/// More accounts than this are shown closed, so that the list can be looked over.
const OPEN_MAX: usize = 12;

/// What the page shows.
pub struct Portal<'a> {
    pub bar: Bar<'a>,
    pub accounts: &'a [Account],
    /// What is looked for; empty if nothing is.
    pub query: &'a str,
    /// Whether this is the start of the list.
    pub is_first: bool,
    pub next_token: Option<&'a str>,
    pub signed_in_until_ms: i64,
    pub now_ms: i64,
}

/// An account and the roles that the person has there.
pub struct Account {
    pub id: String,
    pub name: String,
    pub email: String,
    pub roles: Vec<String>,
}

/// `GET /start`.
pub(crate) fn show(visit: &Visit<'_>) -> Answer {
    if visit.request.method == "HEAD"
        && let Some(page) = portal_of_command_lines(visit)?
    {
        return Ok(page);
    }
    let person = visit.person()?;
    let ctx = visit.ctx(&person);
    let portal = describe(&ctx)?;
    let (query, next) = (visit.parameter("q")?, visit.parameter("next")?);
    let pairs = [("q", query), ("next", next), ("size", PAGE_SIZE)];
    let list = ask::read(&ctx, "awsssoportal:ListAccounts", &pairs, list_entries)?;
    let mut accounts: Vec<Account> = list.accounts.into_iter().map(Account::from).collect();
    // The operation lists by number, which has to stay where another page follows.
    if next.is_empty() && list.next_token.is_none() {
        accounts.sort_by_cached_key(|account| account.name.to_lowercase());
    }
    let token = visit.token(Cookie::Session, "/sign-out");
    let view = Portal {
        bar: bar(&portal, &token),
        accounts: &accounts,
        query: query.trim(),
        is_first: next.is_empty(),
        next_token: list.next_token.as_deref(),
        signed_in_until_ms: portal.signed_in_until_ms,
        now_ms: visit.now_ms(),
    };
    Ok(Page::html(200, render(&view)))
}

/// `HEAD /start`: a command line looks whether the start URL is one.
// AWS CLI 2.35.13 and later follows one redirect and accepts hosts of this form; it reads the region
// from the name, and sends nothing there.
fn portal_of_command_lines(visit: &Visit<'_>) -> Answer<Option<Page>> {
    let itself = service::Portico::itself();
    // Portico asks itself, for a stranger, who must not be able to fill the log in its name.
    let standing = call(&visit.ctx(&itself), &(), find_standing)?;
    let region = &visit.portico.settings.region;
    Ok(standing.instance_id.map(|id| {
        Page::redirect(format!("https://{id}.portal.{region}.app.aws/")).with_status(302)
    }))
}

/// The person's portal.
pub(crate) fn describe(ctx: &Ctx<'_>) -> Answer<PortalReply> {
    Ok(ask::read_plain(ctx, "awsssoportal:ListAccounts", describe_portal)?)
}

/// The bar of the portal's pages.
pub(crate) fn bar<'a>(portal: &'a PortalReply, sign_out_token: &'a str) -> Bar<'a> {
    Bar {
        home: "/start",
        place: portal.instance_name.as_deref().unwrap_or_default(),
        who: &portal.user_name,
        way: None,
        leave: "Sign out",
        sign_out: "/sign-out",
        sign_out_token,
    }
}

impl From<AccountEntry> for Account {
    fn from(entry: AccountEntry) -> Self {
        Self { id: entry.id, name: entry.name, email: entry.email, roles: entry.roles }
    }
}

/// The page.
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

fn totals(accounts: &[Account]) -> String {
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
        div class="accounts" { @for account in view.accounts { (account_panel(account, is_open)) } }
        @if has_more {
            (foot(
                &format!("{} on this page", count(view.accounts.len(), "account", "accounts")),
                (!view.is_first).then_some(first.as_str()),
                next.as_deref(),
            ))
        }
    }
}

fn account_panel(account: &Account, is_open: bool) -> Markup {
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
                        a class="button quiet" href={ "/start/console?" (pairs) } aria-describedby=(id) { "Management console" }
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
