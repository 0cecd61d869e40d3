//! The details of an audit event: parameters of the request, elements of the response.
//!
//! CloudTrail record contents: `requestParameters` and `responseElements`.

use std::fmt::Display;

use serde::Serialize;
use serde_json::{Map, Value};

/// The text in the log in place of a secret.
// AWS: CloudTrail uses this text.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// The details of one event. Caller, action and resource come from the permit.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEvent {
    request_parameters: Map<String, Value>,
    response_elements: Map<String, Value>,
    #[serde(skip)]
    is_left_out: bool,
}

impl AuditEvent {
    /// An event without details.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The event of a read or write of an S3 object, which the operator may choose not to record.
    #[must_use]
    pub fn of_data(is_recorded: bool) -> Self {
        Self { is_left_out: !is_recorded, ..Self::default() }
    }

    /// Leaves the event out of the log unless `is_recorded`.
    #[must_use]
    pub fn if_recorded(self, is_recorded: bool) -> Self {
        Self { is_left_out: self.is_left_out || !is_recorded, ..self }
    }

    /// Tells whether the event is left out of the log.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        self.is_left_out
    }

    /// Adds a parameter of the request.
    #[must_use]
    pub fn asked(mut self, name: &str, value: impl Display) -> Self {
        self.request_parameters.insert(name.to_owned(), Value::String(value.to_string()));
        self
    }

    /// Adds a parameter of the request that has many values, as a list.
    ///
    /// INVARIANT: each value is an element of its own. Joined text would read differently if a value
    /// holds the separator.
    #[must_use]
    pub fn asked_list(
        mut self,
        name: &str,
        values: impl IntoIterator<Item = impl Display>,
    ) -> Self {
        self.request_parameters.insert(name.to_owned(), list(values));
        self
    }

    /// Adds a parameter that is secret: only its name is recorded.
    #[must_use]
    pub fn hidden(mut self, name: &str) -> Self {
        self.request_parameters.insert(name.to_owned(), HIDDEN.into());
        self
    }

    /// Adds an element of the response.
    #[must_use]
    pub fn answered(mut self, name: &str, value: impl Display) -> Self {
        self.response_elements.insert(name.to_owned(), Value::String(value.to_string()));
        self
    }

    /// Adds an element of the response that has many values, as a list.
    #[must_use]
    pub fn answered_list(
        mut self,
        name: &str,
        values: impl IntoIterator<Item = impl Display>,
    ) -> Self {
        self.response_elements.insert(name.to_owned(), list(values));
        self
    }
}

fn list(values: impl IntoIterator<Item = impl Display>) -> Value {
    values.into_iter().map(|value| Value::String(value.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_each_value_apart() {
        let event =
            AuditEvent::new().asked_list("keys", ["a\nb", "c, d"]).answered_list("none", [""; 0]);
        let written = serde_json::to_string(&event).unwrap();
        assert_eq!(
            written,
            r#"{"requestParameters":{"keys":["a\nb","c, d"]},"responseElements":{"none":[]}}"#
        );
    }
}
