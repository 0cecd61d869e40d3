//! Console, page of an account: its permission sets, and the users and groups assigned to each.

use console::list_assignments::{self, AssignedSet, ListAssignmentsRequest};
use kernel::parts::Permitted;
use maud::{Markup, html};
use model::assignment::PrincipalType;
use organizations::describe_account::{self, DescribeAccountRequest};
use protocol::form::write_pairs;

use super::frame::Console;
use super::list::{ListPanel, Listed, refused};
use super::open::Center;
use super::permission_set::PATH;
use crate::address;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::surface::{empty, panel};
use crate::parts::written;
use crate::sample::{PERMISSION_SET_ARN, Samples};

/// View of the page.
pub struct Assignments<'a> {
    pub console: Console<'a>,
    pub account_id: &'a str,
    pub account_name: &'a str,
    /// Permission sets of the account with their assignees.
    pub permission_sets: Permitted<Listed<Assigned>>,
}

/// Permission set in an account.
pub struct Assigned {
    pub arn: String,
    /// Name, or the ARN if the role may not see the name.
    pub permission_set: String,
    pub principals: Permitted<Vec<Assignee>>,
    /// True if there are more than are shown.
    pub has_more: bool,
}

/// User or group that is assigned.
pub struct Assignee {
    pub is_group: bool,
    /// User or group name, or the id if the role may not see the name.
    pub name: String,
}

/// Maximum number of permission sets on a page.
const PAGE_SIZE: u16 = 20;

/// `GET /console/assignments?account_id=`.
pub(crate) fn show(center: &Center<'_>) -> Answer {
    let (open, context) = (&center.open, center.open.context);
    let account_id = address::required(&context.query, "account_id", "AccountId")?;
    let request = DescribeAccountRequest { account_id };
    let account = describe_account::OPERATION.call(&open.ctx, &request)?.account;
    let account_id = request.account_id;
    let found = center.list(PAGE_SIZE, |ctx, instance, page| {
        let (instance_id, account_id) = (instance.id.clone(), account_id.clone());
        let request = ListAssignmentsRequest { instance_id, account_id, page };
        list_assignments::OPERATION.call(ctx, &request)
    })?;
    let view = Assignments {
        console: open.console(),
        account_id: account_id.as_str(),
        account_name: &account.name,
        permission_sets: found.map(|list| list.map(assigned).by_name(|row| &row.permission_set)),
    };
    Ok(Page::html(200, render(&view)))
}

fn assigned(set: AssignedSet) -> Assigned {
    let principals = set.principals.map(|principals| {
        let view = principals.into_iter().map(|principal| Assignee {
            is_group: principal.kind == PrincipalType::Group,
            name: principal.name,
        });
        let mut view: Vec<Assignee> = view.collect();
        view.sort_by_cached_key(|assignee| (!assignee.is_group, assignee.name.to_lowercase()));
        view
    });
    let arn = set.arn.to_string();
    let permission_set = set.name.map_or_else(|| arn.clone(), Into::into);
    Assigned { arn, permission_set, principals, has_more: set.has_more }
}

pub(crate) fn samples() -> Samples {
    let assignee = |name: &str, is_group| Assignee { name: name.to_owned(), is_group };
    let set = |name: &str, principals| Assigned {
        arn: PERMISSION_SET_ARN.to_owned(),
        permission_set: name.to_owned(),
        principals: Ok(principals),
        has_more: false,
    };
    let administrators = vec![assignee("Platform", true), assignee("amelia.brandt", false)];
    let view = Assignments {
        console: Console::sample(),
        account_id: "410298765432",
        account_name: "Rail staging",
        permission_sets: Ok(Listed::whole(vec![
            set("AdministratorAccess", administrators),
            set("ReadOnlyAccess", vec![assignee("Auditors", true)]),
        ])),
    };
    vec![("console-assignments", render(&view))]
}

/// Renders the page.
#[must_use]
pub fn render(view: &Assignments<'_>) -> Markup {
    let nothing = empty(
        "Nobody is assigned here",
        &html! {
            p { "Assign a user or a group a permission set, and the account appears in their access portal:" }
            p { code { "aws sso-admin create-account-assignment" } }
            a class="button" href="/setup/next" { "Show the whole command" }
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

fn row(assigned: &Assigned) -> Vec<Markup> {
    let principals = html! {
        @match &assigned.principals {
            Err(why) => span class="soft" { (why) },
            Ok(principals) => {
                ul class="plain" {
                    @for assignee in principals {
                        li { (written(&assignee.name)) " " small { @if assignee.is_group { "group" } @else { "user" } } }
                    }
                    @if assigned.has_more { li class="soft" { "and more, which " code { "aws sso-admin list-account-assignments" } " shows" } }
                }
            }
        }
    };
    let pairs = write_pairs([("arn", assigned.arn.as_str())]);
    vec![html! { a href={ (PATH) "?" (pairs) } { (assigned.permission_set) } }, principals]
}
