//! Console, page of an account: who is assigned which permission set in it.

use maud::{Markup, html};

use super::{Console, ListPanel, Listed, Seen, refused};
use crate::parts::surface::{empty, panel};

/// What the page shows.
pub struct Assignments<'a> {
    pub console: Console<'a>,
    pub account_id: &'a str,
    pub account_name: &'a str,
    /// The permission sets of the account, and who has each.
    pub permission_sets: Seen<Listed<Assigned>>,
}

/// A permission set in an account.
pub struct Assigned {
    pub permission_set: String,
    pub principals: Seen<Vec<Assignee>>,
    /// Whether there are more than are shown.
    pub has_more: bool,
}

/// Who has it.
pub struct Assignee {
    pub is_group: bool,
    /// The user or group name, or the id where the role may not look.
    pub name: String,
}

/// The page.
#[must_use]
pub fn render(view: &Assignments<'_>) -> Markup {
    let nothing = empty(
        "Nobody is assigned here",
        &html! {
            p { "Assign a user or a group a permission set, and the account appears in their access portal:" }
            p { code { "aws sso-admin create-account-assignment" } }
        },
    );
    let pairs = [("account_id", view.account_id)];
    let list = ListPanel {
        title: "Assignments",
        heads: &["Permission set", "Assigned to"],
        path: "/console/assignments",
        pairs: &pairs,
        empty: &nothing,
    };
    let content = match &view.permission_sets {
        Err(why) => panel("list", "Assignments", &html! {}, &refused(why)),
        listed @ Ok(_) => list.render(listed, row),
    };
    let work = html! {
        div class="head" {
            div {
                nav class="trail" aria-label="Breadcrumb" { a href="/console/accounts" { "AWS accounts" } }
                h1 { (view.account_name) }
                p class="soft mono" { (view.account_id) }
            }
        }
        (content)
    };
    view.console.page(view.account_name, "/console/accounts", &work)
}

fn row(assigned: &Assigned) -> Markup {
    html! {
        tr {
            td { strong { (assigned.permission_set) } }
            td {
                @match &assigned.principals {
                    Err(why) => span class="soft" { (why) },
                    Ok(principals) => {
                        ul class="plain" {
                            @for assignee in principals {
                                li { (assignee.name) " " small { @if assignee.is_group { "group" } @else { "user" } } }
                            }
                            @if assigned.has_more { li class="soft" { "and more" } }
                        }
                    }
                }
            }
        }
    }
}
