//! Console, page "AWS accounts": the accounts of the organisation, each with a link to its
//! assignments.

use kernel::page::Paged;
use kernel::parts::Permitted;
use maud::{Markup, html};
use organizations::list_accounts::{self, ListAccountsRequest};
use protocol::form::write_pairs;

use super::frame::Console;
use super::list::{ListPanel, Listed};
use super::open::Open;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::frame::head;
use crate::parts::surface::id;
use crate::parts::when::moment;
use crate::sample::{NOW, Samples};

/// View of the page.
pub struct Accounts<'a> {
    pub console: Console<'a>,
    pub accounts: Permitted<Listed<Account>>,
}

/// Account of the organisation.
pub struct Account {
    pub id: String,
    pub name: String,
    pub email: String,
    pub is_management: bool,
    pub joined_at_ms: i64,
}

/// Maximum number of accounts on a page.
// AWS: MaxResults of organizations.
const PAGE_SIZE: u16 = 20;

/// `GET /console/accounts`.
pub(crate) fn show(open: &Open<'_>) -> Answer {
    let found = open.list(PAGE_SIZE, |ctx, page| {
        let reply = list_accounts::OPERATION.call(ctx, &ListAccountsRequest { page })?;
        Ok(Paged { rows: reply.accounts, next_token: reply.next_token })
    })?;
    let session = &open.session;
    let accounts = found.map(|list| {
        let rows = list.map(|account| Account {
            is_management: session.is_management && account.id == session.account.id,
            id: account.id.into(),
            name: account.name,
            email: account.email,
            joined_at_ms: account.joined_timestamp.0,
        });
        rows.by_name(|account| &account.name)
    });
    Ok(Page::html(200, render(&Accounts { console: open.console(), accounts })))
}

pub(crate) fn samples() -> Samples {
    let account = |id: &str, name: &str, is_management| Account {
        id: id.to_owned(),
        name: name.to_owned(),
        email: "ops@northwind.example".to_owned(),
        is_management,
        joined_at_ms: NOW,
    };
    let rows = vec![
        account("299712345678", "Rail production", true),
        account("410298765432", "Rail staging", false),
    ];
    let view = Accounts { console: Console::sample(), accounts: Ok(Listed::whole(rows)) };
    vec![("console-accounts", render(&view))]
}

/// Renders the page.
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
