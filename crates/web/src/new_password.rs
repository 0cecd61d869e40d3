//! Page "Set a new password", after a sign-in with a one-time password.

use maud::{Markup, html};

use crate::parts::field::Field;
use crate::parts::frame::door;
use crate::parts::hidden;

/// What the page shows.
pub struct NewPassword<'a> {
    pub user_name: &'a str,
    pub return_to: &'a str,
    /// The proof that the one-time password was right.
    pub ticket: &'a str,
    pub complaint: Option<&'a str>,
    /// What is wrong with the second box.
    pub confirm_complaint: Option<&'a str>,
    pub token: &'a str,
}

/// The page.
#[must_use]
pub fn render(view: &NewPassword<'_>) -> Markup {
    let rules = html! {
        ul {
            li { "8 to 64 characters" }
            li { "a lower-case and an upper-case letter, a digit and one of " code { "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/" } }
            li { "none of your last three, and none that is known from a leak" }
        }
    };
    door(
        "Set a new password",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Set a new password" }
                    p class="soft" { "The password that you signed in with was good once. From now on only you know the new one." }
                }
                form method="post" action="/sign-in/new-password" {
                    (hidden(view.token, [("ticket", view.ticket), ("return_to", view.return_to)]))
                    // For password managers: whose password this is.
                    input type="text" name="user_name" value=(view.user_name) autocomplete="username" readonly hidden;
                    (Field::password("New password", "new_password", "new-password")
                        .focused(view.confirm_complaint.is_none())
                        .hint(rules)
                        .complaint(view.complaint))
                    (Field::password("Confirm password", "confirm_password", "new-password")
                        .complaint(view.confirm_complaint))
                    button class="primary" { "Set new password" }
                }
            }
        },
    )
}
