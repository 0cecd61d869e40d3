//! Readers of single fields, by type.

use std::ops::RangeInclusive;
use std::str::FromStr;

use model::Fault;
use serde_json::Value;

use super::Fields;

/// PostgreSQL cannot store a NUL character, and no legitimate client sends one.
const NUL: char = '\0';
const NO_NUL: &str = "hold no NUL character";

impl Fields<'_> {
    /// A required field.
    pub fn required<T: FromStr<Err = &'static str>>(&self, field: &str) -> Result<T, Fault> {
        self.optional(field)?.ok_or_else(|| self.missing(field))
    }

    /// An optional field; absent or null gives `None`.
    pub fn optional<T: FromStr<Err = &'static str>>(
        &self,
        field: &str,
    ) -> Result<Option<T>, Fault> {
        let parse = |text: &str| text.parse().map_err(|must| self.invalid(field, must));
        self.text(field)?.map(parse).transpose()
    }

    /// A string of any form, if the field is present.
    pub fn text(&self, field: &str) -> Result<Option<&str>, Fault> {
        match self.value(field) {
            None => Ok(None),
            Some(Value::String(text)) if text.contains(NUL) => Err(self.invalid(field, NO_NUL)),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.invalid(field, "be a string")),
        }
    }

    /// A whole number in `range`, as a JSON number or in digits, as forms have it.
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

    /// A truth value, as JSON or as `true`, `on` or `false`, as forms have it.
    pub fn boolean(&self, field: &str) -> Result<Option<bool>, Fault> {
        match self.value(field) {
            None => Ok(None),
            Some(Value::Bool(truth)) => Ok(Some(*truth)),
            Some(Value::String(text)) if text == "true" || text == "on" => Ok(Some(true)),
            Some(Value::String(text)) if text == "false" => Ok(Some(false)),
            Some(_) => Err(self.invalid(field, "be true or false")),
        }
    }

    /// A structure, if the field is present.
    pub fn object(&self, field: &str) -> Result<Option<Fields<'_>>, Fault> {
        match self.value(field) {
            None => Ok(None),
            Some(Value::Object(values)) => Ok(Some(self.within(values, field))),
            Some(_) => Err(self.invalid(field, "be an object")),
        }
    }

    /// A list of structures with a length in `lengths`, if the field is present.
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

    /// A list of strings with a length in `lengths`, if the field is present.
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

    fn items(
        &self,
        field: &str,
        lengths: RangeInclusive<usize>,
    ) -> Result<Option<&[Value]>, Fault> {
        let items = match self.value(field) {
            None => return Ok(None),
            Some(Value::Array(items)) => items.as_slice(),
            // AWS: the SDKs write an empty list of a Query request as an empty text.
            Some(Value::String(text)) if self.textual && text.is_empty() => &[],
            Some(_) => return Err(self.invalid(field, "be a list")),
        };
        if lengths.contains(&items.len()) {
            return Ok(Some(items));
        }
        let (least, most) = lengths.into_inner();
        Err(self.invalid(field, format!("have between {least} and {most} members")))
    }
}
