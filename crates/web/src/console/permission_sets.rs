//! Console, page "Permission sets".

use maud::{Markup, html};
use model::Fault;
use model::permission_set::SessionDuration;
use service::Ctx;
use service::sso_admin::describe_permission_set::describe_permission_set;
use service::sso_admin::list_permission_sets::list_permission_sets;

use super::{Console, ListPanel, Listed, PAGE_SIZE, Place, Seen, show_list};
use crate::ask;
use crate::detour::Answer;
use crate::parts::frame::head;
use crate::parts::perhaps;
use crate::parts::surface::empty;
use crate::parts::when::{lasting, milliseconds, moment};
use crate::visit::Visit;

/// What the page shows.
pub struct PermissionSets<'a> {
    pub console: Console<'a>,
    pub permission_sets: Seen<Listed<PermissionSet>>,
}

/// A permission set.
pub struct PermissionSet {
    pub arn: String,
    pub name: String,
    pub description: Option<String>,
    pub session_seconds: i64,
    pub created_at_ms: i64,
}

/// `GET /console/permission-sets`.
pub(crate) fn show(visit: &Visit<'_>) -> Answer {
    show_list(visit, list, |console, permission_sets| {
        render(&PermissionSets { console, permission_sets })
    })
}

fn list(ctx: &Ctx<'_>, place: &Place, next: &str) -> Result<Seen<Listed<PermissionSet>>, Fault> {
    let arn = place.instance_arn.as_str();
    let pairs = [("InstanceArn", arn), ("MaxResults", PAGE_SIZE), ("NextToken", next)];
    let action = "sso:ListPermissionSets";
    let list = match ask::seen(ask::read(ctx, action, &pairs, list_permission_sets))? {
        Err(why) => return Ok(Err(why)),
        Ok(list) => list,
    };
    let mut rows = Vec::with_capacity(list.permission_sets.len());
    for set in list.permission_sets {
        match describe(ctx, arn, &set) {
            // Whoever may list and not describe sees why in place of the list.
            Err(fault @ Fault::Denied(_)) => return ask::seen(Err(fault)),
            // It was deleted between the two questions.
            Err(Fault::NotFound { .. }) => {}
            described => rows.push(described?),
        }
    }
    Ok(Ok(Listed::new(rows, list.next_token, next).by_name(|set| &set.name)))
}

/// One permission set.
pub(super) fn describe(
    ctx: &Ctx<'_>,
    instance_arn: &str,
    arn: &str,
) -> Result<PermissionSet, Fault> {
    let pairs = [("InstanceArn", instance_arn), ("PermissionSetArn", arn)];
    let found = ask::read(ctx, "sso:DescribePermissionSet", &pairs, describe_permission_set)?;
    let set = found.permission_set;
    let duration: SessionDuration = set.session_duration.parse().map_err(Fault::broken)?;
    Ok(PermissionSet {
        arn: set.permission_set_arn,
        name: set.name,
        description: set.description,
        session_seconds: duration.seconds(),
        created_at_ms: milliseconds(set.created_date),
    })
}

/// The page.
#[must_use]
pub fn render(view: &PermissionSets<'_>) -> Markup {
    let nothing = empty(
        "No permission sets yet",
        &html! {
            p { "A permission set says what people may do; assigned in an account, it becomes a role there. Make the first one from a terminal:" }
            p { code { "aws sso-admin create-permission-set" } }
            a class="button" href="/setup/next" { "Show the whole command" }
        },
    );
    let list = ListPanel {
        title: "All permission sets",
        heads: &["Name and ARN", "Description", "Keys last", "Created"],
        path: "/console/permission-sets",
        pairs: &[],
        empty: &nothing,
    };
    let work = html! {
        (head("Permission sets", &html! { "What people may do, wherever it is assigned." }, &html! {}))
        (list.render(&view.permission_sets, row))
    };
    view.console.page("Permission sets", "/console/permission-sets", &work)
}

fn row(set: &PermissionSet) -> Vec<Markup> {
    vec![
        html! { (set.name) small class="mono below" { (set.arn) } },
        html! { span class="soft" { (perhaps(set.description.as_deref())) } },
        html! { span class="keep" { (lasting(set.session_seconds)) } },
        html! { span class="soft" { (moment(set.created_at_ms)) } },
    ]
}
