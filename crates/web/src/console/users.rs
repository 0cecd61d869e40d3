//! Console, page "Users".

use console::list_users::{self, ListUsersRequest};
use kernel::parts::Permitted;
use maud::{Markup, html};
use model::user::{self, UserStatus};

use super::frame::Console;
use super::list::{ListPanel, Listed, PAGE_SIZE};
use super::open::Center;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::frame::head;
use crate::parts::surface::{Shape, empty, id, state};
use crate::parts::{perhaps, written};
use crate::sample::Samples;

/// View of the page.
pub struct Users<'a> {
    pub console: Console<'a>,
    pub users: Permitted<Listed<User>>,
}

/// User of the identity store.
pub struct User {
    pub id: String,
    pub user_name: String,
    pub display_name: String,
    pub email: Option<String>,
    pub is_enabled: bool,
}

/// `GET /console/users`.
pub(crate) fn show(center: &Center<'_>) -> Answer {
    let found = center.list(PAGE_SIZE, |ctx, instance, page| {
        let identity_store_id = instance.identity_store_id.clone();
        list_users::OPERATION.call(ctx, &ListUsersRequest { identity_store_id, page })
    })?;
    let users = found.map(|list| list.map(User::from));
    Ok(Page::html(200, render(&Users { console: center.open.console(), users })))
}

impl From<user::User> for User {
    fn from(user: user::User) -> Self {
        let email = user.attributes.emails.iter().find_map(|email| email.value.as_ref());
        Self {
            email: email.map(ToString::to_string),
            id: user.id.into(),
            user_name: user.user_name.into(),
            display_name: user.display_name.into(),
            is_enabled: user.status == UserStatus::Enabled,
        }
    }
}

pub(crate) fn samples() -> Samples {
    let user = |user_name: &str, display_name: &str, is_enabled| User {
        id: "0f3c2a1b-5d4e-4c80-9b1a-2f6e8d7c5b4a".to_owned(),
        user_name: user_name.to_owned(),
        display_name: display_name.to_owned(),
        email: Some(format!("{user_name}@northwind.example")),
        is_enabled,
    };
    let rows = vec![
        user("amelia.brandt", "Amelia Brandt", true),
        user("b.okafor", "Bisi Okafor", true),
        user("d.moreau", "Délphine Moreau", false),
    ];
    let some = Listed { rows, next_token: Some("n".to_owned()), is_first: false };
    let denial = "User: arn:aws:sts::299712345678:assumed-role/AWSReservedSSO_Auditor_3f2a9c1b7e5d4c80/amelia.brandt is not authorized to perform: identitystore:ListUsers on resource: arn:aws:identitystore::299712345678:identitystore/d-90678874c6 because no identity-based policy allows the identitystore:ListUsers action";
    let view = |users| render(&Users { console: Console::sample(), users });
    vec![
        ("console-users", view(Ok(some))),
        ("console-users-refused", view(Err(denial.to_owned()))),
        ("console-users-empty", view(Ok(Listed::whole(Vec::new())))),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &Users<'_>) -> Markup {
    let nothing = empty(
        "No users yet",
        &html! {
            p { "Users are the people who can sign in. Add the first one from a terminal:" }
            p { code { "aws identitystore create-user" } }
            a class="button" href="/setup/next" { "Show the whole command" }
        },
    );
    let list = ListPanel {
        title: "All users",
        heads: &["Username", "Display name", "E-mail", "Status", "User ID"],
        path: "/console/users",
        pairs: &[],
        empty: &nothing,
    };
    let work = html! {
        (head("Users", &html! { "People who can sign in." }, &html! {}))
        (list.render(&view.users, row))
    };
    view.console.page("Users", "/console/users", &work)
}

fn row(user: &User) -> Vec<Markup> {
    vec![
        written(&user.user_name),
        written(&user.display_name),
        html! { span class="soft" { (perhaps(user.email.as_deref())) } },
        if user.is_enabled { state(Shape::Good, "Enabled") } else { state(Shape::Off, "Disabled") },
        id(&user.id),
    ]
}
