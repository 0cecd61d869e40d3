//! Console, page "Permission sets".

use console::list_permission_sets::{self, ListPermissionSetsRequest};
use kernel::parts::Permitted;
use maud::{Markup, html};
use model::permission_set;
use protocol::form::write_pairs;

use super::frame::Console;
use super::list::{ListPanel, Listed, PAGE_SIZE};
use super::open::Center;
use super::permission_set::PATH;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::frame::head;
use crate::parts::perhaps;
use crate::parts::surface::empty;
use crate::parts::when::{lasting, moment};
use crate::sample::{NOW, PERMISSION_SET_ARN, Samples};

/// View of the page.
pub struct PermissionSets<'a> {
    pub console: Console<'a>,
    pub permission_sets: Permitted<Listed<PermissionSet>>,
}

/// Permission set of the instance.
pub struct PermissionSet {
    pub arn: String,
    pub name: String,
    pub description: Option<String>,
    pub session_seconds: i64,
    pub created_at_ms: i64,
}

/// `GET /console/permission-sets`.
pub(crate) fn show(center: &Center<'_>) -> Answer {
    let found = center.list(PAGE_SIZE, |ctx, instance, page| {
        let instance_id = instance.id.clone();
        list_permission_sets::OPERATION.call(ctx, &ListPermissionSetsRequest { instance_id, page })
    })?;
    let permission_sets = found.map(|list| list.map(PermissionSet::from).by_name(|set| &set.name));
    let view = PermissionSets { console: center.open.console(), permission_sets };
    Ok(Page::html(200, render(&view)))
}

impl From<permission_set::PermissionSet> for PermissionSet {
    fn from(set: permission_set::PermissionSet) -> Self {
        Self {
            arn: set.arn().to_string(),
            name: set.name.into(),
            description: set.description.map(Into::into),
            session_seconds: set.session_duration.seconds(),
            created_at_ms: set.created_at_ms,
        }
    }
}

pub(crate) fn samples() -> Samples {
    let set = |name: &str, description: Option<&str>, hours: i64| PermissionSet {
        arn: PERMISSION_SET_ARN.to_owned(),
        name: name.to_owned(),
        description: description.map(str::to_owned),
        session_seconds: hours * 3600,
        created_at_ms: NOW,
    };
    let rows =
        vec![set("AdministratorAccess", Some("Everything"), 1), set("ReadOnlyAccess", None, 12)];
    let permission_sets = Ok(Listed::whole(rows));
    let view = PermissionSets { console: Console::sample(), permission_sets };
    vec![("console-permission-sets", render(&view))]
}

/// Renders the page.
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
        html! {
            a href={ (PATH) "?" (write_pairs([("arn", set.arn.as_str())])) } { (set.name) }
            small class="mono below" { (set.arn) }
        },
        html! { span class="soft" { (perhaps(set.description.as_deref())) } },
        html! { span class="keep" { (lasting(set.session_seconds)) } },
        html! { span class="soft" { (moment(set.created_at_ms)) } },
    ]
}
