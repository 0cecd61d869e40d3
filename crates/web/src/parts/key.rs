//! The registration of a security key or built-in authenticator: what it is, its name, and the ceremony.

use maud::{Markup, html};
use sign_in::ceremony::Ceremony;

use super::ceremony::{Ask, CeremonyForm};
use super::field::Field;

/// Field with the name of the key.
pub(crate) const KEY_NAME_FIELD: &str = "key_name";

/// Key that a person is about to register.
pub struct OfferedKey<'a> {
    pub ceremony: &'a Ceremony,
    /// Name of the device, as typed.
    pub name: &'a str,
    pub complaint: Option<&'a str>,
    /// Complaint about the name of the device.
    pub name_complaint: Option<&'a str>,
}

impl<'a> OfferedKey<'a> {
    #[must_use]
    pub fn new(ceremony: &'a Ceremony, name: &'a str) -> Self {
        Self { ceremony, name, complaint: None, name_complaint: None }
    }

    pub(crate) fn is_wrong(&self) -> bool {
        self.complaint.is_some() || self.name_complaint.is_some()
    }

    /// Renders the form that is sent to `action`.
    pub(crate) fn form(&self, action: &str, token: &str, values: &[(&str, &str)]) -> Markup {
        let fields = html! {
            p {
                "Your browser asks for your fingerprint, face, PIN or key. Nothing of that is sent here: this device \
                 keeps it, and proves that it has it."
            }
            (Field::new("Name of this key", KEY_NAME_FIELD)
                .value(self.name)
                .length_max(64)
                .complaint(self.name_complaint)
                .hint(html! { "So that you know later which one it is." }))
        };
        CeremonyForm {
            ask: Ask::Create,
            action,
            token,
            options: &self.ceremony.options,
            sealed: &self.ceremony.sealed,
            values,
            fields,
            button: "Register this device",
            is_primary: true,
            complaint: self.complaint,
            without_scripts: "This kind needs scripts, which are off in this browser. An authenticator app works without.",
        }
        .render()
    }
}

/// Renders the choice of this kind.
pub(crate) fn key_kind(is_chosen: bool) -> Markup {
    html! {
        label {
            input type="radio" name="kind" value="WEBAUTHN" checked[is_chosen];
            span {
                strong { "Security key or built-in authenticator" }
                small {
                    "Fingerprint, face or PIN of this computer or your phone, or a key that you plug in. It cannot be \
                     phished."
                }
            }
            svg class="icon" viewBox="0 0 16 16" aria-hidden="true" {
                path d="M3.2 6.5a5 5 0 0 1 9.6 1.8v2M5.6 13.5c.3-1.4.4-2.8.4-4.7a2 2 0 0 1 4 0c0 2-.1 3.6-.6 5.2M8 8.8c0 2.2-.1 3.7-.5 5.4M3 9.8v-1" {}
            }
        }
    }
}
