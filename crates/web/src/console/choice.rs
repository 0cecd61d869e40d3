//! Setting with a few values: radio buttons, and a button that saves it.

use maud::{Markup, html};

use crate::parts::hidden;

/// Setting with a few values.
pub(crate) struct Choice<'a> {
    /// Name of the setting in the form.
    pub(crate) setting: &'a str,
    pub(crate) title: &'a str,
    /// Whom a change is about.
    pub(crate) about: &'a str,
    /// Values, and what each means.
    pub(crate) options: &'a [(&'a str, &'a str)],
    pub(crate) chosen: &'a str,
}

impl Choice<'_> {
    /// Renders the form, which is sent to `path`.
    pub(crate) fn render(&self, path: &str, token: &str) -> Markup {
        html! {
            form method="post" action=(path) {
                (hidden(token, [("setting", self.setting)]))
                fieldset class="kinds" {
                    legend { strong { (self.title) } " " small { (self.about) } }
                    @for (value, meaning) in self.options {
                        label {
                            input type="radio" name="value" value=(value) checked[*value == self.chosen] autocomplete="off" required;
                            span { (meaning) }
                        }
                    }
                }
                button { "Save" span class="unseen" { ": " (self.title) } }
            }
        }
    }
}
