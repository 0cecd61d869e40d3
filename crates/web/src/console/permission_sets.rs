//! Console, page "Permission sets".

use maud::{Markup, html};

use super::{Console, ListPanel, Listed, Seen};
use crate::parts::frame::head;
use crate::parts::surface::empty;
use crate::parts::when::{lasting, moment};

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

/// The page.
#[must_use]
pub fn render(view: &PermissionSets<'_>) -> Markup {
    let nothing = empty(
        "No permission sets yet",
        &html! {
            p { "A permission set says what people may do; assigned in an account, it becomes a role there. Make the first one from a terminal:" }
            p { code { "aws sso-admin create-permission-set" } }
        },
    );
    let list = ListPanel {
        title: "All permission sets",
        heads: &["Name", "Description", "Keys last", "Created", "ARN"],
        path: "/console/permission-sets",
        pairs: &[],
        empty: &nothing,
    };
    let work = html! {
        (head("Permission sets", &html! { "What people may do, wherever it is assigned." }, &html! {}))
        (list.render(&view.permission_sets, |set| html! {
            tr {
                td { strong { (set.name) } }
                td class="soft" { (set.description.as_deref().unwrap_or("None")) }
                td class="keep" { (lasting(set.session_seconds)) }
                td class="soft keep" { (moment(set.created_at_ms)) }
                td class="mono soft keep" { (set.arn) }
            }
        }))
    };
    view.console.page("Permission sets", "/console/permission-sets", &work)
}
