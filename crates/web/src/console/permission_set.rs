//! Console, page of a permission set: its settings, its policies, the accounts where it is
//! provisioned, and its tags.

use console::describe_permission_set::{
    self, DescribePermissionSetRequest, PermissionSetReply, SetInAccount,
};
use kernel::page::{self, BROWSER_TOKEN};
use kernel::parts::{Permitted, permitted};
use maud::{Markup, html};
use model::permission_set::{ManagedPolicyArn, ProvisioningStatus};
use model::tag::Tag;
use protocol::form::write_pairs;

use super::frame::Console;
use super::list::{ListPanel, Listed, PAGE_SIZE, refused};
use super::open::Center;
use crate::address;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::copy::copy;
use crate::parts::json::indented;
use crate::parts::perhaps;
use crate::parts::surface::{Shape, body, empty, fact_rows, id, mono, panel, state};
use crate::parts::table::table;
use crate::parts::when::{lasting, moment};
use crate::parts::written;
use crate::sample::{NOW, PERMISSION_SET_ARN, Samples};

/// Path of the page.
pub(crate) const PATH: &str = "/console/permission-set";

/// View of the page.
pub struct PermissionSetPage<'a> {
    pub console: Console<'a>,
    pub arn: &'a str,
    pub set: Permitted<Details>,
}

/// Permission set with its parts.
pub struct Details {
    pub name: String,
    pub description: Option<String>,
    pub session_seconds: i64,
    pub relay_state: Option<String>,
    pub created_at_ms: i64,
    pub managed_policies: Permitted<Vec<ManagedPolicy>>,
    /// Indented JSON.
    pub inline_policy: Permitted<Option<String>>,
    pub accounts: Permitted<Listed<Provisioned>>,
    /// Keys and values.
    pub tags: Permitted<Vec<(String, String)>>,
}

/// Policy that AWS manages.
pub struct ManagedPolicy {
    pub name: String,
    pub arn: String,
}

/// Account where the permission set is provisioned.
pub struct Provisioned {
    pub account_id: String,
    /// Absent if the role may not see the name.
    pub name: Option<String>,
    pub is_latest: bool,
}

/// `GET /console/permission-set?arn=`.
pub(crate) fn show(center: &Center<'_>) -> Answer {
    let (open, context) = (&center.open, center.open.context);
    let arn = address::required(&context.query, "arn", "PermissionSetArn")?;
    let next = context.parameter(BROWSER_TOKEN)?;
    let set = match &center.instance {
        Err(why) => Err(why.clone()),
        Ok(None) => return Err(PageError::EnableInstance),
        Ok(Some(instance)) => {
            let request = DescribePermissionSetRequest {
                instance_id: instance.id.clone(),
                arn,
                page: page::Page::new(PAGE_SIZE, next),
            };
            let found = permitted(describe_permission_set::OPERATION.call(&open.ctx, &request))?;
            found.map(|found| Details::new(found, next))
        }
    };
    let view = PermissionSetPage { console: open.console(), arn: context.parameter("arn")?, set };
    Ok(Page::html(200, render(&view)))
}

impl Details {
    fn new(reply: PermissionSetReply, next: &str) -> Self {
        let set = reply.set;
        Self {
            name: set.name.into(),
            description: set.description.map(Into::into),
            session_seconds: set.session_duration.seconds(),
            relay_state: set.relay_state.map(Into::into),
            created_at_ms: set.created_at_ms,
            managed_policies: reply
                .managed_policies
                .map(|policies| policies.iter().map(ManagedPolicy::from).collect()),
            inline_policy: reply
                .inline_policy
                .map(|policy| policy.map(|policy| indented(policy.as_str()))),
            accounts: reply.accounts.map(|paged| Listed::new(paged, next).map(Provisioned::from)),
            tags: reply.tags.map(|tags| tags.into_iter().map(pair).collect()),
        }
    }
}

impl From<&ManagedPolicyArn> for ManagedPolicy {
    fn from(arn: &ManagedPolicyArn) -> Self {
        Self { name: arn.name().to_owned(), arn: arn.to_string() }
    }
}

impl From<SetInAccount> for Provisioned {
    fn from(account: SetInAccount) -> Self {
        Self {
            account_id: account.id.into(),
            name: account.name.map(Into::into),
            is_latest: account.status == ProvisioningStatus::Latest,
        }
    }
}

fn pair(tag: Tag) -> (String, String) {
    (tag.key.into(), tag.value.into())
}

pub(crate) fn samples() -> Samples {
    let denial = "User: arn:aws:sts::299712345678:assumed-role/AWSReservedSSO_Auditor_3f2a9c1b7e5d4c80/amelia.brandt is not authorized to perform: sso:GetInlinePolicyForPermissionSet on resource: arn:aws:sso:::permissionSet/ssoins-72230a1b2c3d4e5f/ps-0a1b2c3d4e5f6a7b because no identity-based policy allows the sso:GetInlinePolicyForPermissionSet action";
    let bare = || Details {
        name: "ReadOnlyAccess".to_owned(),
        description: None,
        session_seconds: 3600,
        relay_state: None,
        created_at_ms: NOW,
        managed_policies: Ok(Vec::new()),
        inline_policy: Ok(None),
        accounts: Ok(Listed::whole(Vec::new())),
        tags: Ok(Vec::new()),
    };
    let account = |account_id: &str, name: Option<&str>, is_latest| Provisioned {
        account_id: account_id.to_owned(),
        name: name.map(str::to_owned),
        is_latest,
    };
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Sid":"ReadTheArchive","Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"arn:aws:s3:::timetable-*"}]}"#;
    let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned();
    let whole = Details {
        description: Some("Reads everything, and the archive of the timetables".to_owned()),
        relay_state: Some("https://console.northwind.example/archive?region=eu-north-1".to_owned()),
        managed_policies: Ok(vec![ManagedPolicy { name: "ReadOnlyAccess".to_owned(), arn }]),
        inline_policy: Ok(Some(indented(policy))),
        accounts: Ok(Listed::whole(vec![
            account("299712345678", Some("Rail production"), true),
            account("410298765432", Some("Rail staging"), false),
            account("508811223344", None, true),
        ])),
        tags: Ok(vec![("team".to_owned(), "rail".to_owned()), ("cost".to_owned(), String::new())]),
        ..bare()
    };
    let partly = Details { inline_policy: Err(denial.to_owned()), ..bare() };
    let view = |set| {
        render(&PermissionSetPage { console: Console::sample(), arn: PERMISSION_SET_ARN, set })
    };
    vec![
        ("console-permission-set", view(Ok(whole))),
        ("console-permission-set-empty", view(Ok(bare()))),
        ("console-permission-set-partly", view(Ok(partly))),
        ("console-permission-set-refused", view(Err(denial.to_owned()))),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &PermissionSetPage<'_>) -> Markup {
    let title = view.set.as_ref().map_or("Permission set", |set| &set.name);
    let work = html! {
        div class="head" {
            div {
                nav class="trail" aria-label="Breadcrumb" { a href="/console/permission-sets" { "Permission sets" } }
                h1 { (title) }
                @if let Ok(Details { description: Some(description), .. }) = &view.set {
                    p class="soft" { (written(description)) }
                }
            }
        }
        @match &view.set {
            Err(why) => (panel("details", "Details", &html! {}, &refused(why))),
            Ok(set) => {
                (details(view, set))
                (managed_policies(set))
                (inline_policy(set))
                (accounts(view, set))
                (tags(set))
            }
        }
    };
    view.console.page(title, "/console/permission-sets", &work)
}

fn details(view: &PermissionSetPage<'_>, set: &Details) -> Markup {
    let content = fact_rows(&[
        ("Name", html! { (set.name) }),
        ("ARN", mono(view.arn)),
        ("Description", perhaps(set.description.as_deref())),
        ("Keys last", html! { (lasting(set.session_seconds)) small { "session duration" } }),
        ("Relay state", perhaps(set.relay_state.as_deref())),
        ("Created", moment(set.created_at_ms)),
    ]);
    panel("details", "Details", &html! {}, &body(&content))
}

fn managed_policies(set: &Details) -> Markup {
    let row = |policy: &ManagedPolicy| vec![html! { (policy.name) }, id(&policy.arn)];
    let content = match &set.managed_policies {
        Err(why) => refused(why),
        Ok(policies) if policies.is_empty() => none(
            "No managed policies",
            "An AWS managed policy can be attached from a terminal:",
            "aws sso-admin attach-managed-policy-to-permission-set",
        ),
        Ok(policies) => table("Managed policies", &["Name", "ARN"], policies.iter().map(row)),
    };
    panel("managed-policies", "Managed policies", &html! {}, &content)
}

fn inline_policy(set: &Details) -> Markup {
    let content = match &set.inline_policy {
        Err(why) => refused(why),
        Ok(None) => none(
            "No inline policy",
            "A policy of its own can be written from a terminal:",
            "aws sso-admin put-inline-policy-to-permission-set",
        ),
        Ok(Some(policy)) => body(&copy("inline-policy-text", "Policy document", policy)),
    };
    panel("inline-policy", "Inline policy", &html! {}, &content)
}

fn accounts(view: &PermissionSetPage<'_>, set: &Details) -> Markup {
    let nothing = empty(
        "Not provisioned in any account",
        &html! {
            p { "Assign it to a user or a group in an account, and it becomes a role there." }
            a class="button" href="/console/accounts" { "Show the accounts" }
        },
    );
    let list = ListPanel {
        title: "Accounts",
        heads: &["Account", "Account ID", "Role"],
        path: PATH,
        pairs: &[("arn", view.arn)],
        empty: &nothing,
    };
    list.render(&set.accounts, |account| {
        let pairs = write_pairs([("account_id", account.account_id.as_str())]);
        let name = account.name.as_deref().unwrap_or(&account.account_id);
        vec![
            html! { a href={ "/console/assignments?" (pairs) } { (name) } },
            id(&account.account_id),
            if account.is_latest {
                state(Shape::Good, "Up to date")
            } else {
                state(Shape::Waiting, "Out of date")
            },
        ]
    })
}

fn tags(set: &Details) -> Markup {
    let content = match &set.tags {
        Err(why) => refused(why),
        Ok(tags) if tags.is_empty() => {
            none("No tags", "Tags can be added from a terminal:", "aws sso-admin tag-resource")
        }
        Ok(tags) => table(
            "Tags",
            &["Key", "Value"],
            tags.iter().map(|(key, value)| {
                let value = Some(value.as_str()).filter(|value| !value.is_empty());
                vec![written(key), perhaps(value)]
            }),
        ),
    };
    panel("tags", "Tags", &html! {}, &content)
}

/// Renders the empty state of a part, with the command that fills it.
fn none(title: &str, words: &str, command: &str) -> Markup {
    empty(title, &html! { p { (words) } p { code { (command) } } })
}
