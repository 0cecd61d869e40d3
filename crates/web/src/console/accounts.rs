//! Console, page "AWS accounts": the accounts of the organisation, each leading to its assignments.

use maud::{Markup, html};
use protocol::form::write_pairs;
use service::organizations::list_accounts::list_accounts;

use super::{Console, ListPanel, Listed, Open, Seen};
use crate::ask;
use crate::detour::Answer;
use crate::page::Page;
use crate::parts::frame::head;
use crate::parts::surface::id;
use crate::parts::when::{milliseconds, moment};
use crate::visit::Visit;

/// What the page shows.
pub struct Accounts<'a> {
    pub console: Console<'a>,
    pub accounts: Seen<Listed<Account>>,
}

/// An account of the organisation.
pub struct Account {
    pub id: String,
    pub name: String,
    pub email: String,
    pub is_management: bool,
    pub joined_at_ms: i64,
}

/// AWS: the most accounts that a page of organizations has.
const ACCOUNTS_ON_PAGE: &str = "20";

/// `GET /console/accounts`.
pub(crate) fn show(visit: &Visit<'_>) -> Answer {
    let role = visit.role()?;
    let ctx = visit.ctx(&role);
    let open = Open::new(visit, &ctx)?;
    let next = visit.parameter("next")?;
    let pairs = [("MaxResults", ACCOUNTS_ON_PAGE), ("NextToken", next)];
    let list = ask::seen(ask::read(&ctx, "organizations:ListAccounts", &pairs, list_accounts))?;
    let accounts = list.map(|list| {
        let rows = list.accounts.into_iter().map(|account| Account {
            is_management: open.session.is_management && account.id == open.session.account_id,
            id: account.id,
            name: account.name,
            email: account.email,
            joined_at_ms: milliseconds(account.joined_timestamp),
        });
        Listed::new(rows.collect(), list.next_token, next).by_name(|account| &account.name)
    });
    Ok(Page::html(200, render(&Accounts { console: open.console(), accounts })))
}

/// The page.
#[must_use]
pub fn render(view: &Accounts<'_>) -> Markup {
    let list = ListPanel {
        title: "Accounts of the organization",
        heads: &["Account", "Account ID", "E-mail", "Joined"],
        path: "/console/accounts",
        pairs: &[],
        empty: &html! {},
    };
    let line = html! { "Open an account to see who has which access in it." };
    let work = html! {
        (head("AWS accounts", &line, &html! {}))
        (list.render(&view.accounts, row))
    };
    view.console.page("AWS accounts", "/console/accounts", &work)
}

fn row(account: &Account) -> Vec<Markup> {
    let pairs = write_pairs([("account_id", account.id.as_str())]);
    vec![
        html! {
            a href={ "/console/assignments?" (pairs) } { (account.name) }
            @if account.is_management { " " small class="keep" { "manages the organization" } }
        },
        id(&account.id),
        html! { span class="soft" { (account.email) } },
        html! { span class="soft" { (moment(account.joined_at_ms)) } },
    ]
}
