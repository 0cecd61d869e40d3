//! Console, page "AWS accounts": the accounts of the organisation, each leading to its assignments.

use maud::{Markup, html};
use protocol::form::write_pairs;

use super::{Console, ListPanel, Listed, Seen};
use crate::parts::frame::head;
use crate::parts::when::moment;

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
        (list.render(&view.accounts, |account| html! {
            tr {
                td {
                    a href={ "/console/assignments?" (write_pairs([("account_id", account.id.as_str())])) } { (account.name) }
                    @if account.is_management { " " small class="keep" { "management account" } }
                }
                td class="mono" { (account.id) }
                td class="soft" { (account.email) }
                td class="soft keep" { (moment(account.joined_at_ms)) }
            }
        }))
    };
    view.console.page("AWS accounts", "/console/accounts", &work)
}
