//! Page "Access portal" at `/start`: the accounts of a person, each with its roles.

use maud::{Markup, html};
use protocol::form::write_pairs;

use crate::parts::count;
use crate::parts::frame::{Bar, head, portal};
use crate::parts::surface::empty;
use crate::parts::table::foot;
use crate::parts::when::clock;

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
                placeholder="Account name or number, e-mail or role" autocomplete="off" spellcheck="false";
            button { "Find" }
            @if !view.query.is_empty() { a class="button quiet" href="/start" { "Show all" } }
        }
    }
}

fn list(view: &Portal<'_>) -> Markup {
    let is_open = view.accounts.len() <= OPEN_MAX || !view.query.is_empty();
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
            p class="soft" role="status" { (totals(view.accounts)) " found for “" (view.query) "”" }
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
                    small { span class="mono" { (account.id) } " · " (account.email) }
                }
                small class="keep" { (count(account.roles.len(), "role", "roles")) }
            }
            ul {
                @for role in &account.roles {
                    @let pairs = write_pairs([("account_id", account.id.as_str()), ("role_name", role)]);
                    li {
                        strong { (role) }
                        a class="button quiet" href={ "/start/console?" (pairs) } { "Management console" }
                        a class="button quiet" href={ "/start/access-keys?" (pairs) } { "Access keys" }
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
                    p { "Your user name is " strong { (view.bar.who) } ". Tell it to your administrator, then open this page again." }
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
