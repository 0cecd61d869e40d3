//! Console, page "Account home": the role session, its end, and the account's buckets.

use console::list_buckets::{self, ListBucketsRequest};
use kernel::page::Paged;
use kernel::parts::Permitted;
use maud::{Markup, html};

use super::frame::Console;
use super::list::{ListPanel, Listed, PAGE_SIZE};
use super::open::Open;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::frame::head;
use crate::parts::surface::{body, empty, fact_rows, mono, panel};
use crate::parts::when::{clock, moment};
use crate::sample::{ACCOUNT_ID, ACCOUNT_NAME, HOUR, NOW, Samples, USER_NAME};

/// View of the page.
pub struct Home<'a> {
    pub console: Console<'a>,
    pub account_name: &'a str,
    pub account_id: &'a str,
    pub session_name: &'a str,
    /// ARN of the role session in audit logs and policies.
    pub session_arn: &'a str,
    pub role_arn: &'a str,
    pub access_key_id: &'a str,
    pub ends_at_ms: i64,
    pub now_ms: i64,
    pub buckets: Permitted<Listed<Bucket>>,
}

/// Bucket of the account.
pub struct Bucket {
    pub name: String,
    pub created_at_ms: i64,
}

/// `GET /console`.
pub(crate) fn show(open: &Open<'_>) -> Answer {
    let found = open.list(PAGE_SIZE, |ctx, page| {
        let reply = list_buckets::OPERATION.call(ctx, &ListBucketsRequest { page })?;
        Ok(Paged { rows: reply.buckets, next_token: reply.next_token })
    })?;
    let buckets = found.map(|list| {
        list.map(|bucket| Bucket {
            name: bucket.name.to_string(),
            created_at_ms: bucket.created_at_ms,
        })
    });
    let (account, role) = (&open.session.account, &open.session.role);
    let view = Home {
        console: open.console(),
        account_name: account.name.as_str(),
        account_id: account.id.as_str(),
        session_name: &role.session_name,
        session_arn: &role.arn(),
        role_arn: &role.role_arn(),
        access_key_id: &role.access_key_id,
        ends_at_ms: role.expires_at_ms,
        now_ms: open.context.now_ms(),
        buckets,
    };
    Ok(Page::html(200, render(&view)))
}

pub(crate) fn samples() -> Samples {
    let view = |is_management, buckets| {
        render(&Home {
            console: Console::sample_of(is_management),
            account_name: ACCOUNT_NAME,
            account_id: ACCOUNT_ID,
            session_name: USER_NAME,
            session_arn: "arn:aws:sts::299712345678:assumed-role/AWSReservedSSO_AdministratorAccess_3f2a9c1b7e5d4c80/amelia.brandt",
            role_arn: "arn:aws:iam::299712345678:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess_3f2a9c1b7e5d4c80",
            access_key_id: "ASIAUZ4KQ7X2MEXAMPLE",
            ends_at_ms: NOW + HOUR,
            now_ms: NOW,
            buckets: Ok(Listed::whole(buckets)),
        })
    };
    let some = ["timetables", "track-sensors-2026", "photographs"]
        .map(|name| Bucket { name: name.to_owned(), created_at_ms: NOW - 40 * 24 * HOUR });
    vec![("console-home", view(true, some.into())), ("console-home-empty", view(false, Vec::new()))]
}

/// Renders the page.
#[must_use]
pub fn render(view: &Home<'_>) -> Markup {
    let identity = fact_rows(&[
        ("Account", html! { (view.account_name) " " span class="mono soft" { (view.account_id) } }),
        ("Signed in as", html! { (view.session_name) }),
        (
            "Open until",
            html! { (clock(view.ends_at_ms, view.now_ms)) small { "then the console closes by itself" } },
        ),
        ("Role ARN", mono(view.role_arn)),
        ("Session ARN", mono(view.session_arn)),
        ("Access key ID", mono(view.access_key_id)),
    ]);
    let nothing = empty(
        "No buckets yet",
        &html! {
            p { "The account's own S3 store is empty. With this role's access keys in a terminal, make the first bucket:" }
            p { code { "aws s3 mb s3://a-name-that-nobody-has" } }
        },
    );
    let buckets = ListPanel {
        title: "Buckets",
        heads: &["Name", "Created"],
        path: "/console",
        pairs: &[],
        empty: &nothing,
    };
    let line = html! { "What this role is, and what it finds in its account." };
    let work = html! {
        (head(view.account_name, &line, &html! {}))
        (panel("identity", "You", &html! {}, &body(&identity)))
        (buckets.render(&view.buckets, |bucket| vec![
            html! { (bucket.name) },
            html! { span class="soft" { (moment(bucket.created_at_ms)) } },
        ]))
    };
    view.console.page("Account home", "/console", &work)
}
