//! Console, page "Account home": who acts, until when, and the account's buckets.

use maud::{Markup, html};
use service::console::list_buckets::list_buckets;

use super::{Console, ListPanel, Listed, Open, PAGE_SIZE, Seen};
use crate::ask;
use crate::detour::Answer;
use crate::page::Page;
use crate::parts::frame::head;
use crate::parts::surface::{body, empty, fact_rows, mono, panel};
use crate::parts::when::{clock, moment};
use crate::visit::Visit;

/// What the page shows.
pub struct Home<'a> {
    pub console: Console<'a>,
    pub account_name: &'a str,
    pub account_id: &'a str,
    pub session_name: &'a str,
    /// Of the role's session, as audit logs and policies name it.
    pub session_arn: &'a str,
    pub role_arn: &'a str,
    pub access_key_id: &'a str,
    pub ends_at_ms: i64,
    pub now_ms: i64,
    pub buckets: Seen<Listed<Bucket>>,
}

/// A bucket of the account.
pub struct Bucket {
    pub name: String,
    pub created_at_ms: i64,
}

/// `GET /console`.
pub(crate) fn show(visit: &Visit<'_>) -> Answer {
    let role = visit.role()?;
    let ctx = visit.ctx(&role);
    let open = Open::new(visit, &ctx)?;
    let next = visit.parameter("next")?;
    let pairs = [("size", PAGE_SIZE), ("next", next)];
    let buckets = ask::seen(ask::read(&ctx, "s3:ListAllMyBuckets", &pairs, list_buckets))?;
    let session = &open.session;
    let view = Home {
        console: open.console(),
        account_name: &session.account_name,
        account_id: &session.account_id,
        session_name: &session.session_name,
        session_arn: &session.session_arn,
        role_arn: &session.role_arn,
        access_key_id: &session.access_key_id,
        ends_at_ms: session.ends_at_ms,
        now_ms: visit.now_ms(),
        buckets: buckets.map(|list| {
            let rows = list.buckets.iter().map(|bucket| Bucket {
                name: bucket.name.to_string(),
                created_at_ms: bucket.created_at_ms,
            });
            Listed::new(rows.collect(), list.next_token, next)
        }),
    };
    Ok(Page::html(200, render(&view)))
}

/// The page.
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
