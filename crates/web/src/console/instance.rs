//! Console, page "Instance": the details of the organisation's instance.

use maud::{Markup, html};
use service::sso_admin::describe_instance::describe_instance;

use super::{Console, Open, Seen, find_place, refused};
use crate::ask;
use crate::detour::Answer;
use crate::page::Page;
use crate::parts::copy::copy;
use crate::parts::frame::head;
use crate::parts::surface::{Shape, body, empty, fact_rows, mono, panel, state};
use crate::parts::when::{milliseconds, moment};
use crate::snippets::{Shell, client_url, set_endpoint};
use crate::visit::Visit;

/// What the page shows.
pub struct InstancePage<'a> {
    pub console: Console<'a>,
    /// The instance, or none while it is not enabled.
    pub instance: Seen<Option<Instance>>,
    pub region: &'a str,
    pub portal_url: &'a str,
    /// The lines that lead a stock command line here.
    pub lines: &'a str,
}

/// An instance.
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
pub(crate) fn show(visit: &Visit<'_>) -> Answer {
    let role = visit.role()?;
    let ctx = visit.ctx(&role);
    let open = Open::new(visit, &ctx)?;
    let instance = match find_place(&ctx)? {
        Err(why) => Err(why),
        Ok(None) => Ok(None),
        Ok(Some(place)) => {
            let pairs = [("InstanceArn", place.instance_arn.as_str())];
            let found = ask::read(&ctx, "sso:DescribeInstance", &pairs, describe_instance);
            ask::seen(found)?.map(|found| {
                let found = found.instance;
                Some(Instance {
                    start_url: format!("https://{}.awsapps.com/start", found.identity_store_id),
                    name: found.name,
                    arn: found.instance_arn,
                    identity_store_id: found.identity_store_id,
                    owner_account_id: found.owner_account_id,
                    is_active: found.status == "ACTIVE",
                    created_at_ms: milliseconds(found.created_date),
                })
            })
        }
    };
    let settings = &visit.portico.settings;
    let view = InstancePage {
        console: open.console(),
        instance,
        region: &settings.region,
        portal_url: &format!("{}/start", settings.public_url),
        lines: &set_endpoint(Shell::Posix, &client_url(&settings.public_url)),
    };
    Ok(Page::html(200, render(&view)))
}

/// The page.
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
