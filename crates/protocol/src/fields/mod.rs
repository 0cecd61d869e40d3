//! The fields of a request of any protocol: an awsJson body, a Query string, a path, a form.
//!
//! Request types are read from `Fields`, so they are independent of protocols. Forms of the console
//! use the same readers as the API and produce the same errors.

mod depth;
mod members;
mod read;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use model::Fault;
use serde_json::{Map, Value};

use depth::depth;

/// Maximum depth of a request. The deepest structure in AWS's models has 8 levels, and documents in
/// fields add theirs.
const DEPTH_MAX: usize = 32;

/// Named values that are not validated yet.
#[derive(Clone, Debug, Default)]
pub struct Fields<'a> {
    values: Cow<'a, Map<String, Value>>,
    /// The path of these fields in the request, for errors: `Tags[0].`.
    path: String,
    /// True if all values came as text: from a form or a Query string, where an empty list is an
    /// empty text.
    textual: bool,
}

/// A type that is read from the fields of a request.
pub trait FromFields: Sized {
    /// Reads every field. The error names the first one that is wrong.
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault>;
}

/// A request without fields.
#[derive(Clone, Copy, Debug)]
pub struct NoFields;

impl FromFields for NoFields {
    fn from_fields(_: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self)
    }
}

impl<'a> Fields<'a> {
    /// Reads the body of a JSON request. An empty body counts as an empty object.
    pub fn from_json(body: &[u8]) -> Result<Self, Fault> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        let unreadable = |must: &'static str| Fault::Unreadable { must: must.into() };
        if depth(body) > DEPTH_MAX {
            return Err(unreadable("nest no deeper than 32 levels"));
        }
        let values = members::read(body).map_err(|why| {
            let is_twice = why.to_string().starts_with(members::TWICE);
            unreadable(if is_twice { "have each member once" } else { "be a JSON object" })
        })?;
        Ok(Self::from_map(values))
    }

    /// Takes the pairs of a form or a query string. The first of two pairs with one name counts.
    #[must_use]
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut values = Map::new();
        for (name, value) in pairs {
            values.entry(name).or_insert(Value::String(value));
        }
        Self::from_text_map(values)
    }

    /// Takes a JSON object that is already parsed.
    #[must_use]
    pub fn from_map(values: Map<String, Value>) -> Self {
        Self { values: Cow::Owned(values), path: String::new(), textual: false }
    }

    /// Takes lists and structures of text that were built from dotted names.
    pub(crate) fn from_text_map(values: Map<String, Value>) -> Self {
        Self { textual: true, ..Self::from_map(values) }
    }

    /// The fields of an object inside a document, at `path` of the request.
    #[must_use]
    pub fn inside(values: &'a Map<String, Value>, path: &str) -> Self {
        Self { values: Cow::Borrowed(values), path: format!("{path}."), textual: false }
    }

    /// The fields of an object that is the value of one of these fields.
    fn within<'b>(&self, values: &'b Map<String, Value>, path: &str) -> Fields<'b> {
        Fields { textual: self.textual, ..Fields::inside(values, &self.named(path)) }
    }

    /// Tells whether the field is present and not null.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.value(field).is_some()
    }

    /// The names of all fields, in the order of the request.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// A document: any JSON, without conversion.
    #[must_use]
    pub fn document(&self, field: &str) -> Option<&Value> {
        self.values.get(field)
    }

    /// The fault that `field` is missing.
    #[must_use]
    pub fn missing(&self, field: &str) -> Fault {
        self.invalid(field, "be present")
    }

    /// The fault that `field` is malformed; `must` ends the sentence `<field> must …`.
    pub fn invalid(&self, field: &str, must: impl Into<Cow<'static, str>>) -> Fault {
        Fault::invalid(self.named(field), must)
    }

    fn value(&self, field: &str) -> Option<&Value> {
        self.values.get(field).filter(|value| !value.is_null())
    }

    fn named(&self, field: &str) -> String {
        format!("{}{field}", self.path)
    }
}
