//! Compares replies with the shape of the output: required members, unknown members, types.

use std::collections::BTreeSet;

use serde_json::Value;

use super::model::{Kind, Shape};
use super::pattern::Pattern;

/// Maximum depth to which a shape is followed; deeper members count with their ancestors.
const DEPTH_MAX: usize = 8;

/// The members and faults in the replies of one operation.
#[derive(Default)]
pub struct Seen {
    /// The paths of members that occurred: `Users[].Name.GivenName`.
    pub paths: BTreeSet<String>,
    /// The faults, each as the end of a sentence that begins with the operation's name.
    pub faults: BTreeSet<String>,
}

impl Seen {
    /// Compares a reply with the shape.
    pub fn add(&mut self, shape: Shape<'_>, reply: &Value) {
        self.value(shape, reply, "");
    }

    /// The members of the shape that no reply had. Members below a missing one are left out.
    pub fn missing(&self, shape: Shape<'_>) -> Vec<String> {
        let mut missing = Vec::new();
        self.missing_in(shape, "", 0, &mut missing);
        missing
    }

    fn value(&mut self, shape: Shape<'_>, value: &Value, path: &str) {
        match (shape.kind(), value) {
            (Kind::Structure, Value::Object(members)) => {
                let known = shape.members();
                for name in members.keys() {
                    if !known.iter().any(|member| member.wire_name == name) {
                        self.fault(&join(path, name), "is not in the model");
                    }
                }
                for name in shape.required() {
                    if !members.contains_key(name) {
                        self.fault(&join(path, name), "is required and not there");
                    }
                }
                for member in known {
                    if let Some(value) = members.get(member.wire_name) {
                        let path = join(path, member.name);
                        self.value(member.shape, value, &path);
                        self.paths.insert(path);
                    }
                }
            }
            (Kind::List, Value::Array(elements)) => {
                let length = i64::try_from(elements.len()).unwrap_or(i64::MAX);
                if shape.min().is_some_and(|min| length < min)
                    || shape.max().is_some_and(|max| length > max)
                {
                    self.fault(path, "has a length against the model");
                }
                let Some(element) = shape.element() else { return };
                for value in elements {
                    self.value(element, value, &format!("{path}[]"));
                }
            }
            (Kind::String, Value::String(text)) => self.text(shape, text, path),
            (Kind::Map, Value::Object(_))
            | (Kind::Integer | Kind::Number | Kind::Timestamp, Value::Number(_))
            | (Kind::Boolean, Value::Bool(_))
            | (Kind::Document, _) => {}
            (
                Kind::Structure
                | Kind::List
                | Kind::Map
                | Kind::String
                | Kind::Integer
                | Kind::Number
                | Kind::Boolean
                | Kind::Timestamp,
                _,
            ) => self.fault(path, "is of a wrong type"),
        }
    }

    fn text(&mut self, shape: Shape<'_>, text: &str, path: &str) {
        let words = shape.words();
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        if !words.is_empty() && !words.contains(&text) {
            self.fault(path, "is none of the words of the model");
        }
        if shape.min().is_some_and(|min| length < min)
            || shape.max().is_some_and(|max| length > max)
        {
            self.fault(path, "has a length against the model");
        }
        let pattern = shape.pattern().map(Pattern::new);
        if pattern.is_some_and(|pattern| pattern.is_ok_and(|pattern| !pattern.matches(text))) {
            self.fault(path, "is of another form than the model's");
        }
    }

    fn fault(&mut self, path: &str, what: &str) {
        self.faults.insert(format!("output {path} {what}"));
    }

    fn missing_in(&self, shape: Shape<'_>, path: &str, depth: usize, missing: &mut Vec<String>) {
        if depth > DEPTH_MAX {
            return;
        }
        match shape.kind() {
            Kind::Structure => {
                for member in shape.members() {
                    let path = join(path, member.name);
                    if self.paths.contains(&path) {
                        self.missing_in(member.shape, &path, depth + 1, missing);
                    } else {
                        missing.push(path);
                    }
                }
            }
            Kind::List => {
                if let Some(element) = shape.element() {
                    self.missing_in(element, &format!("{path}[]"), depth + 1, missing);
                }
            }
            Kind::Map
            | Kind::String
            | Kind::Integer
            | Kind::Number
            | Kind::Boolean
            | Kind::Timestamp
            | Kind::Document => {}
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::model::example::model;
    use super::*;

    fn faults(reply: &Value) -> Vec<String> {
        let mut seen = Seen::default();
        seen.add(model().output("Make").unwrap(), reply);
        seen.faults.into_iter().collect()
    }

    #[test]
    fn a_reply_as_the_model_has_it_is_good() {
        assert!(faults(&json!({"Name": "abc", "Tags": [{"Key": "a"}], "At": 1.5})).is_empty());
    }

    #[test]
    fn what_differs_from_the_model_is_found() {
        for (reply, fault) in [
            (json!({}), "output Name is required and not there"),
            (json!({"Name": "a", "Nom": "a"}), "output Nom is not in the model"),
            (json!({"Name": null}), "output Name is of a wrong type"),
            (json!({"Name": "A"}), "output Name is of another form than the model's"),
            (json!({"Name": "abcdefghi"}), "output Name has a length against the model"),
            (json!({"Name": "a", "At": "1"}), "output At is of a wrong type"),
            (json!({"Name": "a", "Tags": [{}]}), "output Tags[].Key is required and not there"),
        ] {
            assert_eq!(faults(&reply), [fault], "{reply}");
        }
    }

    #[test]
    fn members_that_no_reply_showed_are_known() {
        let model = model();
        let output = model.output("Make").unwrap();
        let mut seen = Seen::default();
        seen.add(output, &json!({"Name": "abc", "Tags": []}));
        assert_eq!(seen.missing(output), ["Tags[].Key", "At"]);
        seen.add(output, &json!({"Name": "abc", "Tags": [{"Key": "a"}], "At": 1}));
        assert!(seen.missing(output).is_empty());
    }
}
