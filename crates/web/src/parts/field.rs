//! A text box with its label, its hint, and the complaint about what was sent.
//!
//! WCAG 2.2, 3.3.1 and 3.3.2: the complaint is beside the box, and screen readers read it with the box.

use maud::{Markup, Render, html};

/// Labelled text box.
pub struct Field<'a> {
    label: &'a str,
    name: &'a str,
    kind: &'a str,
    class: &'a str,
    /// True for a code of digits only.
    digits: bool,
    value: &'a str,
    autocomplete: &'a str,
    length_max: u32,
    focused: bool,
    required: bool,
    hint: Option<Markup>,
    complaint: Option<&'a str>,
}

impl<'a> Field<'a> {
    /// Makes a required box called `label`, sent as `name`.
    #[must_use]
    pub fn new(label: &'a str, name: &'a str) -> Self {
        Self {
            label,
            name,
            kind: "text",
            class: "field",
            digits: false,
            value: "",
            autocomplete: "off",
            length_max: 1024,
            focused: false,
            required: true,
            hint: None,
            complaint: None,
        }
    }

    /// Makes a box that shows dots. Its value is never sent back to the browser.
    #[must_use]
    pub fn password(label: &'a str, name: &'a str, autocomplete: &'a str) -> Self {
        Self { kind: "password", autocomplete, ..Self::new(label, name) }
    }

    /// Makes a box for a short code in capitals.
    #[must_use]
    pub fn code(label: &'a str, name: &'a str) -> Self {
        Self { class: "field code", length_max: 32, ..Self::new(label, name) }
    }

    /// Makes a box for a code of digits, which browsers may take from a message.
    #[must_use]
    pub fn digits(label: &'a str, name: &'a str) -> Self {
        let autocomplete = "one-time-code";
        Self { digits: true, length_max: 32, autocomplete, ..Self::new(label, name) }
    }

    /// Sets the maximum number of characters in the box.
    #[must_use]
    pub fn length_max(self, length_max: u32) -> Self {
        Self { length_max, ..self }
    }

    /// Sets the text in the box.
    #[must_use]
    pub fn value(self, value: &'a str) -> Self {
        Self { value, ..self }
    }

    /// Sets the kind of text that browsers may fill in: a token of the HTML standard, "Autofill".
    #[must_use]
    pub fn autocomplete(self, autocomplete: &'a str) -> Self {
        Self { autocomplete, ..self }
    }

    /// Sets whether the box has the focus when the page opens.
    #[must_use]
    pub fn focused(self, focused: bool) -> Self {
        Self { focused, ..self }
    }

    /// Lets the box be sent empty.
    #[must_use]
    pub fn optional(self, optional: bool) -> Self {
        Self { required: !optional, ..self }
    }

    /// Sets the text below the box.
    #[must_use]
    pub fn hint(self, hint: Markup) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Sets the complaint about the text that was sent: whole sentences that say what to do.
    #[must_use]
    pub fn complaint(self, complaint: Option<&'a str>) -> Self {
        Self { complaint, ..self }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let id = self.name.to_ascii_lowercase().replace('_', "-");
        let (hint_id, complaint_id) = (format!("{id}-hint"), format!("{id}-complaint"));
        let mut described = Vec::new();
        if self.complaint.is_some() {
            described.push(complaint_id.as_str());
        }
        if self.hint.is_some() {
            described.push(hint_id.as_str());
        }
        let described = described.join(" ");
        let wrong = self.complaint.is_some();
        let (free, secret) = (self.kind == "text", self.kind == "password");
        html! {
            div class=(self.class) data-wrong[wrong] {
                label for=(id) { (self.label) }
                input id=(id) class=[self.digits.then_some("digits")] name=(self.name) type=(self.kind)
                    inputmode=[self.digits.then_some("numeric")] maxlength=(self.length_max)
                    value=[(!secret && !self.value.is_empty()).then_some(self.value)]
                    autocomplete=(self.autocomplete)
                    autocapitalize=[free.then_some("none")] spellcheck=[free.then_some("false")]
                    required[self.required] autofocus[self.focused || wrong]
                    aria-invalid=[wrong.then_some("true")]
                    aria-describedby=[(!described.is_empty()).then_some(described.as_str())];
                @if let Some(complaint) = self.complaint {
                    span class="complaint" id=(complaint_id) role="alert" { (complaint) }
                }
                @if let Some(hint) = &self.hint {
                    div class="hint" id=(hint_id) { (hint) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_an_alert_that_the_box_points_to() {
        let field = Field::new("Code", "user_code").complaint(Some("Ask for a new code."));
        let html = field.render().into_string();
        assert!(html.contains(r#"<span class="complaint" id="user-code-complaint" role="alert">"#));
        assert!(html.contains(r#"aria-invalid="true" aria-describedby="user-code-complaint""#));
        assert!(html.contains(r#"<label for="user-code">Code</label><input id="user-code""#));
    }

    #[test]
    fn what_was_typed_comes_back_escaped_and_a_password_never() {
        let html = Field::new("Username", "user_name").value("\"><script>").render().into_string();
        assert!(html.contains(r#"value="&quot;&gt;&lt;script&gt;""#), "{html}");
        let html = Field::password("Password", "password", "current-password").value("hunter2");
        assert!(!html.render().into_string().contains("hunter2"));
    }
}
