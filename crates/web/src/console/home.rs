//! Console, page "Account home": who acts, until when, and the account's buckets.

use maud::{Markup, html};

use super::{Console, ListPanel, Listed, Seen};
use crate::parts::frame::head;
use crate::parts::surface::{body, empty, fact_rows, mono, panel};
use crate::parts::when::{clock, moment};

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

/// The page.
#[must_use]
pub fn render(view: &Home<'_>) -> Markup {
    let identity = fact_rows(&[
        ("Account", html! { (view.account_name) " " span class="mono soft" { (view.account_id) } }),
        ("Signed in as", html! { (view.session_name) }),
        (
            "Open until",
            html! { (clock(view.ends_at_ms, view.now_ms)) small { "then open the role again from the access portal" } },
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
        (buckets.render(&view.buckets, |bucket| html! {
            tr { td { (bucket.name) } td class="soft" { (moment(bucket.created_at_ms)) } }
        }))
    };
    view.console.page("Account home", "/console", &work)
}
