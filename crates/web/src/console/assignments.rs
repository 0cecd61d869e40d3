//! Console, page of an account: who is assigned which permission set in it.

use maud::{Markup, html};

use model::Fault;
use service::Ctx;
use service::identitystore::describe_group::describe_group;
use service::identitystore::describe_user::describe_user;
use service::organizations::describe_account::describe_account;
use service::sso_admin::list_account_assignments::list_account_assignments;
use service::sso_admin::list_permission_sets_provisioned_to_account::list_permission_sets_provisioned_to_account;

use super::permission_sets::describe;
use super::{Console, ListPanel, Listed, Open, Place, Seen, find_place, refused};
use crate::ask;
use crate::detour::Answer;
use crate::page::Page;
use crate::parts::surface::{empty, panel};
use crate::parts::written;
use crate::visit::Visit;

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

/// Permission sets on a page: each is asked about by itself.
const SETS_ON_PAGE: &str = "20";

/// Assignees shown of a permission set.
const ASSIGNEES_SHOWN: &str = "20";

/// `GET /console/assignments?account_id=`.
pub(crate) fn show(visit: &Visit<'_>) -> Answer {
    let role = visit.role()?;
    let ctx = visit.ctx(&role);
    let open = Open::new(visit, &ctx)?;
    let account_id = visit.parameter("account_id")?;
    let pairs = [("AccountId", account_id)];
    let account = ask::read(&ctx, "organizations:DescribeAccount", &pairs, describe_account)?;
    let permission_sets = match find_place(&ctx)? {
        Err(why) => Err(why),
        Ok(None) => return Ok(Page::redirect("/console/instance")),
        Ok(Some(place)) => list(&ctx, &place, account_id, visit.parameter("next")?)?,
    };
    let view = Assignments {
        console: open.console(),
        account_id,
        account_name: &account.account.name,
        permission_sets,
    };
    Ok(Page::html(200, render(&view)))
}

fn list(
    ctx: &Ctx<'_>,
    place: &Place,
    account_id: &str,
    next: &str,
) -> Result<Seen<Listed<Assigned>>, Fault> {
    let arn = place.instance_arn.as_str();
    let pairs = [
        ("InstanceArn", arn),
        ("AccountId", account_id),
        ("MaxResults", SETS_ON_PAGE),
        ("NextToken", next),
    ];
    let action = "sso:ListPermissionSetsProvisionedToAccount";
    let operation = list_permission_sets_provisioned_to_account;
    let found = match ask::seen(ask::read(ctx, action, &pairs, operation))? {
        Err(why) => return Ok(Err(why)),
        Ok(found) => found,
    };
    let mut rows = Vec::new();
    for set in found.permission_sets {
        match assigned(ctx, place, account_id, &set) {
            // It went between the two questions.
            Err(Fault::NotFound { .. }) => {}
            row => rows.push(row?),
        }
    }
    Ok(Ok(Listed::new(rows, found.next_token, next).by_name(|row| &row.permission_set)))
}

fn assigned(ctx: &Ctx<'_>, place: &Place, account_id: &str, set: &str) -> Result<Assigned, Fault> {
    let arn = place.instance_arn.as_str();
    let permission_set = match describe(ctx, arn, set) {
        Ok(found) => found.name,
        Err(Fault::Denied(_)) => set.to_owned(),
        Err(fault) => return Err(fault),
    };
    let pairs = [
        ("InstanceArn", arn),
        ("AccountId", account_id),
        ("PermissionSetArn", set),
        ("MaxResults", ASSIGNEES_SHOWN),
    ];
    let action = "sso:ListAccountAssignments";
    let found = ask::seen(ask::read(ctx, action, &pairs, list_account_assignments))?;
    let has_more = matches!(&found, Ok(found) if found.next_token.is_some());
    let principals = match found {
        Err(why) => Err(why),
        Ok(found) => {
            let assignments = found.account_assignments.iter();
            let named = assignments.map(|assignment| {
                let is_group = assignment.principal_type == "GROUP";
                name_of(ctx, place, is_group, &assignment.principal_id)
                    .map(|name| Assignee { is_group, name })
            });
            let mut named = named.collect::<Result<Vec<_>, _>>()?;
            named.sort_by_cached_key(|assignee| (!assignee.is_group, assignee.name.to_lowercase()));
            Ok(named)
        }
    };
    Ok(Assigned { permission_set, principals, has_more })
}

/// The name of a user or a group, or its id where the role may not look or there is none any more.
fn name_of(ctx: &Ctx<'_>, place: &Place, is_group: bool, id: &str) -> Result<String, Fault> {
    let store = ("IdentityStoreId", place.identity_store_id.as_str());
    let found = if is_group {
        let pairs = [store, ("GroupId", id)];
        ask::read(ctx, "identitystore:DescribeGroup", &pairs, describe_group)
            .map(|group| group.display_name)
    } else {
        let pairs = [store, ("UserId", id)];
        ask::read(ctx, "identitystore:DescribeUser", &pairs, describe_user)
            .and_then(|user| Ok(user.read()?.user_name))
    };
    match found {
        Err(Fault::Denied(_) | Fault::NotFound { .. }) => Ok(id.to_owned()),
        found => found,
    }
}

/// The page.
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
    vec![html! { (assigned.permission_set) }, principals]
}
