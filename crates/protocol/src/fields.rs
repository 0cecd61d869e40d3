//! The fields of a request, whatever carried them: an awsJson body, a Query string, a path, a form.
//!
//! Request types are read from `Fields` and so know no protocol; the console's forms go through
//! the same readers as the API, and give the same complaints.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::str::FromStr;

use model::Fault;
use serde_json::{Map, Value};

/// How deep a request may nest. The deepest that AWS models is 8; documents may add to it.
const DEPTH_MAX: usize = 32;

/// No text of anybody's has it, and PostgreSQL keeps none that does.
const NUL: char = '\0';
const NO_NUL: &str = "hold no NUL character";

/// Named values that nobody has looked at yet.
#[derive(Clone, Debug, Default)]
pub struct Fields<'a> {
    values: Cow<'a, Map<String, Value>>,
    /// Where these fields stand in the request, for complaints: `Tags[0].`.
    path: String,
    /// Whether nothing but text came: a form or a Query string, where an empty list is an empty text.
    textual: bool,
}

/// A request that can be read from fields.
pub trait FromFields: Sized {
    /// Reads every field, or says which one is wrong.
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
    /// From the body of a JSON request. An empty body is an empty object.
    pub fn from_json(body: &[u8]) -> Result<Self, Fault> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        let unreadable = |must: &'static str| Fault::Unreadable { must: must.into() };
        if depth(body) > DEPTH_MAX {
            return Err(unreadable("nest no deeper than 32 levels"));
        }
        let values = serde_json::from_slice(body).map_err(|_| unreadable("be a JSON object"))?;
        Ok(Self::from_map(values))
    }

    /// From the pairs of a form or a query string. Of two pairs with one name the first counts.
    #[must_use]
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut values = Map::new();
        for (name, value) in pairs {
            values.entry(name).or_insert(Value::String(value));
        }
        Self::from_text_map(values)
    }

    /// From a JSON object that was taken apart already.
    #[must_use]
    pub fn from_map(values: Map<String, Value>) -> Self {
        Self { values: Cow::Owned(values), path: String::new(), textual: false }
    }

    /// From lists and structures of text that came under dotted names.
    pub(crate) fn from_text_map(values: Map<String, Value>) -> Self {
        Self { textual: true, ..Self::from_map(values) }
    }

    /// The fields of an object inside a document, at `path` of the request.
    #[must_use]
    pub fn inside(values: &'a Map<String, Value>, path: &str) -> Self {
        Self { values: Cow::Borrowed(values), path: format!("{path}."), textual: false }
    }

    /// The fields of an object in one of these fields.
    fn within<'b>(&self, values: &'b Map<String, Value>, path: &str) -> Fields<'b> {
        Fields { textual: self.textual, ..Fields::inside(values, &self.named(path)) }
    }

    /// Whether the field is there and not null.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.value(field).is_some()
    }

    /// The names of all fields, in the order they came.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// A field that must be there.
    pub fn required<T: FromStr<Err = &'static str>>(&self, field: &str) -> Result<T, Fault> {
        self.optional(field)?.ok_or_else(|| self.missing(field))
    }

    /// A field that may be absent or null.
    pub fn optional<T: FromStr<Err = &'static str>>(
        &self,
        field: &str,
    ) -> Result<Option<T>, Fault> {
        let parse = |text: &str| text.parse().map_err(|must| self.invalid(field, must));
        self.text(field)?.map(parse).transpose()
    }

    /// A string of any form, if the field is there.
    pub fn text(&self, field: &str) -> Result<Option<&str>, Fault> {
        match self.value(field) {
            None => Ok(None),
            Some(Value::String(text)) if text.contains(NUL) => Err(self.invalid(field, NO_NUL)),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.invalid(field, "be a string")),
        }
    }

    /// A whole number, as JSON or in digits (forms have nothing else).
    pub fn integer(&self, field: &str, range: RangeInclusive<i64>) -> Result<Option<i64>, Fault> {
        let number = match self.value(field) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.parse().ok(),
            Some(_) => None,
        };
        let number = number.ok_or_else(|| self.invalid(field, "be an integer"))?;
        if range.contains(&number) {
            return Ok(Some(number));
        }
        let (least, most) = range.into_inner();
        Err(self.invalid(field, format!("be between {least} and {most}")))
    }

    /// A truth value, as JSON or as a word (forms have nothing else).
    pub fn boolean(&self, field: &str) -> Result<Option<bool>, Fault> {
        match self.value(field) {
            None => Ok(None),
            Some(Value::Bool(truth)) => Ok(Some(*truth)),
            Some(Value::String(text)) if text == "true" || text == "on" => Ok(Some(true)),
            Some(Value::String(text)) if text == "false" => Ok(Some(false)),
            Some(_) => Err(self.invalid(field, "be true or false")),
        }
    }

    /// A structure, if the field is there.
    pub fn object(&self, field: &str) -> Result<Option<Fields<'_>>, Fault> {
        match self.value(field) {
            None => Ok(None),
            Some(Value::Object(values)) => Ok(Some(self.within(values, field))),
            Some(_) => Err(self.invalid(field, "be an object")),
        }
    }

    /// A list of structures with a length in `lengths`, if the field is there.
    pub fn objects(
        &self,
        field: &str,
        lengths: RangeInclusive<usize>,
    ) -> Result<Option<Vec<Fields<'_>>>, Fault> {
        let Some(items) = self.items(field, lengths)? else { return Ok(None) };
        let mut objects = Vec::with_capacity(items.len());
        for (number, item) in items.iter().enumerate() {
            let Value::Object(values) = item else {
                return Err(self.invalid(&format!("{field}[{number}]"), "be an object"));
            };
            objects.push(self.within(values, &format!("{field}[{number}]")));
        }
        Ok(Some(objects))
    }

    /// A list of strings with a length in `lengths`, if the field is there.
    pub fn strings<T: FromStr<Err = &'static str>>(
        &self,
        field: &str,
        lengths: RangeInclusive<usize>,
    ) -> Result<Option<Vec<T>>, Fault> {
        let Some(items) = self.items(field, lengths)? else { return Ok(None) };
        let parse = |(number, item): (usize, &Value)| {
            let invalid = |must| self.invalid(&format!("{field}[{number}]"), must);
            let text = item.as_str().ok_or_else(|| invalid("be a string"))?;
            if text.contains(NUL) {
                return Err(invalid(NO_NUL));
            }
            text.parse().map_err(invalid)
        };
        items.iter().enumerate().map(parse).collect::<Result<_, _>>().map(Some)
    }

    /// A document: any JSON, which has its own rules.
    #[must_use]
    pub fn document(&self, field: &str) -> Option<&Value> {
        self.values.get(field)
    }

    /// The complaint that `field` is not there.
    #[must_use]
    pub fn missing(&self, field: &str) -> Fault {
        self.invalid(field, "be present")
    }

    /// The complaint that `field` is not as it must be.
    pub fn invalid(&self, field: &str, must: impl Into<Cow<'static, str>>) -> Fault {
        Fault::invalid(self.named(field), must)
    }

    fn items(
        &self,
        field: &str,
        lengths: RangeInclusive<usize>,
    ) -> Result<Option<&[Value]>, Fault> {
        let items = match self.value(field) {
            None => return Ok(None),
            Some(Value::Array(items)) => items.as_slice(),
            // AWS: the SDKs write an empty list of a Query request so.
            Some(Value::String(text)) if self.textual && text.is_empty() => &[],
            Some(_) => return Err(self.invalid(field, "be a list")),
        };
        if lengths.contains(&items.len()) {
            return Ok(Some(items));
        }
        let (least, most) = lengths.into_inner();
        Err(self.invalid(field, format!("have between {least} and {most} members")))
    }

    fn value(&self, field: &str) -> Option<&Value> {
        self.values.get(field).filter(|value| !value.is_null())
    }

    fn named(&self, field: &str) -> String {
        format!("{}{field}", self.path)
    }
}

/// How deep the brackets of a JSON text nest, whether or not it is well formed.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Fields<'static> {
        Fields::from_json(json.as_bytes()).unwrap()
    }

    #[test]
    fn a_complaint_names_the_way_to_the_field() {
        let request = fields(r#"{"Tags":[{"Key":1}],"Name":{"Given":[]}}"#);
        let tags = request.objects("Tags", 0..=5).unwrap().unwrap();
        let fault = tags[0].text("Key").unwrap_err();
        assert_eq!(fault, Fault::invalid("Tags[0].Key", "be a string"));
        let name = request.object("Name").unwrap().unwrap();
        assert_eq!(name.text("Given"), Err(Fault::invalid("Name.Given", "be a string")));
    }

    #[test]
    fn lists_and_numbers_have_bounds() {
        let request = fields(r#"{"Ids":["a","b","c"],"Max":101}"#);
        let fault = request.objects("Ids", 1..=2).unwrap_err();
        assert_eq!(fault, Fault::invalid("Ids", "have between 1 and 2 members"));
        let fault = request.integer("Max", 1..=100).unwrap_err();
        assert_eq!(fault, Fault::invalid("Max", "be between 1 and 100"));
    }

    #[test]
    fn no_text_holds_what_no_database_keeps() {
        let request = fields(r#"{"Name":"a\u0000b","Ids":["a","\u0000"]}"#);
        let fault = request.text("Name").unwrap_err();
        assert_eq!(fault, Fault::invalid("Name", "hold no NUL character"));
        let fault = request.strings::<AnyText>("Ids", 1..=2).unwrap_err();
        assert_eq!(fault, Fault::invalid("Ids[1]", "hold no NUL character"));
    }

    #[derive(Debug)]
    struct AnyText;

    impl FromStr for AnyText {
        type Err = &'static str;

        fn from_str(_: &str) -> Result<Self, Self::Err> {
            Ok(Self)
        }
    }

    #[test]
    fn deep_nesting_is_refused_before_it_is_parsed() {
        let deep = format!("{}1{}", r#"{"a":"#.repeat(100), "}".repeat(100));
        assert!(Fields::from_json(deep.as_bytes()).is_err());
        let quoted = format!(r#"{{"a":"{}"}}"#, "[".repeat(100));
        assert!(Fields::from_json(quoted.as_bytes()).is_ok());
    }
}
