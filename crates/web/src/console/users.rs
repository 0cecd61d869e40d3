//! Console, page "Users".

use maud::{Markup, html};

use model::Fault;
use service::Ctx;
use service::identitystore::list_users::list_users;
use service::identitystore::user_reply::UserReply;

use super::{Console, ListPanel, Listed, PAGE_SIZE, Place, Seen, show_list};
use crate::ask;
use crate::detour::Answer;
use crate::parts::frame::head;
use crate::parts::surface::{Shape, empty, id, state};
use crate::parts::{perhaps, written};
use crate::visit::Visit;

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

/// `GET /console/users`.
pub(crate) fn show(visit: &Visit<'_>) -> Answer {
    show_list(visit, list, |console, users| render(&Users { console, users }))
}

fn list(ctx: &Ctx<'_>, place: &Place, next: &str) -> Result<Seen<Listed<User>>, Fault> {
    let store = place.identity_store_id.as_str();
    let pairs = [("IdentityStoreId", store), ("MaxResults", PAGE_SIZE), ("NextToken", next)];
    let found = ask::seen(ask::read(ctx, "identitystore:ListUsers", &pairs, list_users))?;
    let row = |user: UserReply| User {
        email: user
            .attributes
            .emails
            .iter()
            .find_map(|email| email.value.as_ref())
            .map(ToString::to_string),
        id: user.user_id,
        user_name: user.user_name,
        display_name: user.display_name,
        is_enabled: user.user_status == "ENABLED",
    };
    let found = match found {
        Ok(found) => found,
        Err(why) => return Ok(Err(why)),
    };
    let rows: Result<_, Fault> = found.users.iter().map(|user| user.read().map(row)).collect();
    Ok(Ok(Listed::new(rows?, found.next_token, next)))
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
