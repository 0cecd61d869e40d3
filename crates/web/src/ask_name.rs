//! Pages that ask for a user name, and send something to whoever has it. They say the same about every name.

use kernel::Portico;
use maud::{Markup, html};
use model::Fault;
use sign_in::forgot_password::{ForgotPasswordRequest, Way, forgot_password};

use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::field::Field;
use crate::parts::frame::column;
use crate::parts::hidden;
use crate::problem;
use crate::request_context::RequestContext;

/// Page that asks for a user name.
pub struct AskName {
    pub path: &'static str,
    pub way: Way,
    pub title: &'static str,
    pub intro: &'static str,
    pub button: &'static str,
    /// Complaint about an empty name.
    pub empty: &'static str,
}

impl AskName {
    pub(crate) fn page(
        &self,
        context: &RequestContext<'_>,
        status: u16,
        user_name: &str,
        complaint: Option<&str>,
    ) -> Page {
        let token = &context.token(Cookie::Browser, self.path);
        Page::html(status, self.render(user_name, complaint, token))
    }

    /// Asks for what the page offers. `sent` makes the page that follows, from the name as it was typed.
    pub(crate) fn submit(
        &self,
        context: &RequestContext<'_>,
        sent: impl FnOnce(&str) -> Page,
    ) -> Answer {
        context.require_token(Cookie::Browser)?;
        let user_name = context.field("user_name")?;
        if user_name.trim().is_empty() {
            return Ok(self.page(context, 422, "", Some(self.empty)));
        }
        let request = ForgotPasswordRequest {
            instance_id: None,
            user_name: user_name.to_owned(),
            way: self.way,
        };
        let stranger = Portico::anonymous();
        match forgot_password(&context.ctx(&stranger), &request) {
            Ok(()) => Ok(sent(user_name)),
            Err(Fault::Throttled { retry_after_seconds }) => {
                let complaint = problem::too_many(retry_after_seconds);
                let page = self.page(context, 429, user_name, Some(&complaint));
                Ok(page.with("retry-after", retry_after_seconds.to_string()))
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// Renders the page.
    #[must_use]
    pub fn render(&self, user_name: &str, complaint: Option<&str>, token: &str) -> Markup {
        column(
            self.title,
            &html! {
                div class="panel" {
                    hgroup {
                        h1 { (self.title) }
                        p class="soft" { (self.intro) }
                    }
                    form method="post" action=(self.path) {
                        (hidden(token, []))
                        (Field::new("Username", "user_name")
                            .value(user_name)
                            .autocomplete("username")
                            .focused(true)
                            .complaint(complaint))
                        button class="primary" { (self.button) }
                    }
                }
                p class="soft" { a href="/sign-in" { "Back to sign in" } }
            },
        )
    }
}
