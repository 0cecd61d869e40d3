//! Page "Sign in": user name and password.

use maud::{Markup, html};

use crate::parts::field::Field;
use crate::parts::frame::door;
use crate::parts::hidden;

/// What the page shows.
pub struct SignIn<'a> {
    /// The host that people should see in the address bar.
    pub host: &'a str,
    /// What they were about to do: finishes "Sign in …".
    pub purpose: &'a str,
    pub user_name: &'a str,
    pub return_to: &'a str,
    pub complaint: Option<&'a str>,
    pub token: &'a str,
}

/// The page.
#[must_use]
pub fn render(view: &SignIn<'_>) -> Markup {
    door(
        "Sign in",
        &html! {
            div class="panel" {
                hgroup { h1 { "Sign in" } p class="soft" { (view.purpose) } }
                form method="post" action="/sign-in" {
                    (hidden(view.token, [("return_to", view.return_to)]))
                    (Field::new("Username", "user_name")
                        .value(view.user_name)
                        .autocomplete("username")
                        .focused(view.user_name.is_empty()))
                    (Field::password("Password", "password", "current-password")
                        .complaint(view.complaint))
                    button class="primary" { "Sign in" }
                }
            }
            small {
                "Portico asks for your password on this page alone. Before you type it, look whether \
                 the address begins with " strong { (view.host) } "."
            }
        },
    )
}
