//! The form of a ceremony of WebAuthn: the script asks the browser for an authenticator, and sends what it answers.
//!
//! Web Authentication Level 2 §5.1. It is the one thing that scripts are needed for, and the form says so without them.

use maud::{Markup, html};

use super::hidden;

/// What the browser is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ask {
    /// To make a credential on an authenticator.
    Create,
    /// To prove that the person has an authenticator.
    Get,
}

impl Ask {
    /// The method of `navigator.credentials`.
    fn method(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
        }
    }

    fn failed(self) -> &'static str {
        match self {
            Self::Create => {
                "Nothing was registered. The browser was not allowed to, or found no device: try again, and follow \
                 what it asks for."
            }
            Self::Get => {
                "The browser did not find your device, or was not allowed to use it. Plug it in or hold it near, and \
                 try again."
            }
        }
    }
}

/// Form of a ceremony.
pub struct CeremonyForm<'a> {
    pub ask: Ask,
    /// Path that the answer is sent to.
    pub action: &'a str,
    pub token: &'a str,
    /// Options for the browser, as JSON.
    pub options: &'a str,
    /// What the end of the ceremony has to know, sealed.
    pub sealed: &'a str,
    /// Further hidden fields.
    pub values: &'a [(&'a str, &'a str)],
    /// Fields that the person fills in.
    pub fields: Markup,
    /// Title of the button.
    pub button: &'a str,
    /// Whether the button is the one that most people want.
    pub is_primary: bool,
    /// What was wrong with the last answer.
    pub complaint: Option<&'a str>,
    /// What to do without scripts.
    pub without_scripts: &'a str,
}

impl CeremonyForm<'_> {
    #[must_use]
    pub fn render(&self) -> Markup {
        let values = self.values.iter().copied();
        html! {
            form method="post" action=(self.action) data-ceremony=(self.ask.method()) data-options=(self.options)
                data-failed=(self.ask.failed())
                data-known="This device is registered already. Take another one."
                data-unable="This browser cannot use security keys. Use another browser, or another way to sign in." {
                (hidden(self.token, values.chain([("ceremony", self.sealed), ("answer", "")])))
                (self.fields)
                p class="note bad" role="alert" hidden[self.complaint.is_none()] { (self.complaint.unwrap_or_default()) }
                button class=[self.is_primary.then_some("primary")] { (self.button) }
                noscript { p class="note warn" { (self.without_scripts) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_are_escaped_and_the_answer_is_empty_without_scripts() {
        let html = CeremonyForm {
            ask: Ask::Get,
            action: "/sign-in/security-key",
            token: "t",
            options: r#"{"rpId":"<localhost>"}"#,
            sealed: "s",
            values: &[("ticket", "u")],
            fields: html! {},
            button: "Use your security key",
            is_primary: true,
            complaint: None,
            without_scripts: "Scripts are off.",
        }
        .render()
        .into_string();
        assert!(
            html.contains("data-options=\"{&quot;rpId&quot;:&quot;&lt;localhost&gt;&quot;}\""),
            "{html}"
        );
        assert!(html.contains(r#"name="answer" value="""#), "{html}");
        assert!(html.contains("<noscript>"), "{html}");
    }
}
