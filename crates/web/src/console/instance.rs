//! Console, page "Instance": the details of the organisation's instance.

use kernel::parts::{Permitted, permitted};
use maud::{Markup, html};
use model::instance::InstanceStatus;
use sso_admin::describe_instance::{self, DescribeInstanceRequest};

use super::frame::Console;
use super::list::refused;
use super::open::Center;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::copy::copy;
use crate::parts::frame::head;
use crate::parts::surface::{Shape, body, empty, fact_rows, mono, panel, state};
use crate::parts::when::moment;
use crate::sample::{ACCOUNT_ID, HOUR, INSTANCE_ARN, NOW, PORTAL_URL, START_URL, Samples};
use crate::snippets::{Shell, client_url, set_endpoint};

/// View of the page.
pub struct InstancePage<'a> {
    pub console: Console<'a>,
    /// `None` while no instance is enabled.
    pub instance: Permitted<Option<Instance>>,
    pub region: &'a str,
    pub portal_url: &'a str,
    /// Lines that direct a stock command line to this server.
    pub lines: &'a str,
}

/// Instance of the organisation.
pub struct Instance {
    pub name: Option<String>,
    pub arn: String,
    pub identity_store_id: String,
    pub owner_account_id: String,
    pub start_url: String,
    pub is_active: bool,
    pub created_at_ms: i64,
}

/// `GET /console/instance`.
pub(crate) fn show(center: &Center<'_>) -> Answer {
    let open = &center.open;
    let instance = match &center.instance {
        Err(why) => Err(why.clone()),
        Ok(None) => Ok(None),
        Ok(Some(instance)) => {
            let request = DescribeInstanceRequest { instance_id: instance.id.clone() };
            let found = permitted(describe_instance::OPERATION.call(&open.ctx, &request))?;
            found.map(|found| {
                let found = found.instance;
                Some(Instance {
                    start_url: instance.start_url(),
                    name: found.name,
                    arn: found.instance_arn,
                    identity_store_id: found.identity_store_id.into(),
                    owner_account_id: found.owner_account_id.into(),
                    is_active: found.status == InstanceStatus::Active,
                    created_at_ms: found.created_date.0,
                })
            })
        }
    };
    let settings = &open.context.portico.settings;
    let view = InstancePage {
        console: open.console(),
        instance,
        region: &settings.region,
        portal_url: &format!("{}/start", settings.public_url),
        lines: &set_endpoint(Shell::Posix, &client_url(&settings.public_url)),
    };
    Ok(Page::html(200, render(&view)))
}

pub(crate) fn samples() -> Samples {
    let instance = Instance {
        name: None,
        arn: INSTANCE_ARN.to_owned(),
        identity_store_id: "d-90678874c6".to_owned(),
        owner_account_id: ACCOUNT_ID.to_owned(),
        start_url: START_URL.to_owned(),
        is_active: true,
        created_at_ms: NOW - 400 * HOUR,
    };
    let view = |instance| {
        render(&InstancePage {
            console: Console::sample(),
            instance,
            region: "us-east-1",
            portal_url: PORTAL_URL,
            lines: "export AWS_ENDPOINT_URL=\"http://127.0.0.1:8080\"",
        })
    };
    vec![("console-instance", view(Ok(Some(instance)))), ("console-instance-none", view(Ok(None)))]
}

/// Renders the page.
#[must_use]
pub fn render(view: &InstancePage<'_>) -> Markup {
    let content = match &view.instance {
        Err(why) => panel("details", "Details", &html! {}, &refused(why)),
        Ok(None) => html! {
            div class="panel" {
                (empty("Identity center is not enabled", &html! {
                    p { "The organization has no instance yet. With one, people sign in once and enter the accounts that you assign to them." }
                    a class="button primary" href="/setup/enable" { "Enable identity center" }
                }))
            }
        },
        Ok(Some(instance)) => details(view, instance),
    };
    let line = html! { "Where people sign in, and what command lines have to know of it." };
    let work = html! { (head("Instance", &line, &html! {})) (content) };
    view.console.page("Instance", "/console/instance", &work)
}

fn details(view: &InstancePage<'_>, instance: &Instance) -> Markup {
    let status = if instance.is_active {
        state(Shape::Good, "Active")
    } else {
        state(Shape::Waiting, "Being deleted")
    };
    let content = fact_rows(&[
        (
            "Name",
            html! { @if let Some(name) = &instance.name { (name) } @else { span class="soft" { "None" } } },
        ),
        ("Instance ARN", mono(&instance.arn)),
        ("Identity store ID", mono(&instance.identity_store_id)),
        ("Region", html! { (view.region) }),
        ("Owner account", mono(&instance.owner_account_id)),
        ("Created", moment(instance.created_at_ms)),
    ]);
    let portal = html! {
        (fact_rows(&[
            ("AWS access portal URL", html! { a href=(view.portal_url) { (view.portal_url) } small { "for browsers" } }),
            ("Start URL", html! { (mono(&instance.start_url)) small { "for command lines: it names the portal, and nothing is sent there" } }),
        ]))
        (copy("lines", "What leads the AWS CLI here", view.lines))
    };
    html! {
        (panel("details", "Details", &status, &body(&content)))
        (panel("portal", "Access portal", &html! {}, &body(&portal)))
    }
}
