//! Console, page "Users".

use maud::{Markup, html};

use super::{Console, ListPanel, Listed, Seen};
use crate::parts::frame::head;
use crate::parts::surface::{Shape, empty, state};

/// What the page shows.
pub struct Users<'a> {
    pub console: Console<'a>,
    pub users: Seen<Listed<User>>,
}

/// A user.
pub struct User {
    pub id: String,
    pub user_name: String,
    pub display_name: String,
    pub email: Option<String>,
    pub is_enabled: bool,
}

/// The page.
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
        (list.render(&view.users, |user| html! {
            tr {
                td { strong { (user.user_name) } }
                td class="keep" { (user.display_name) }
                td class="soft" { (user.email.as_deref().unwrap_or("None")) }
                td {
                    @if user.is_enabled { (state(Shape::Good, "Enabled")) }
                    @else { (state(Shape::Off, "Disabled")) }
                }
                td class="mono soft keep" { (user.id) }
            }
        }))
    };
    view.console.page("Users", "/console/users", &work)
}
