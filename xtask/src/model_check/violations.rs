//! Requests with one thing wrong, made from the shape of the input.

use serde_json::{Map, Value, json};

use super::model::{Kind, Shape};
use super::sample::{fits, has_form, lengthened, sample, structure};

/// A value with one thing wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The path of the violation: `Tags[0].Key`.
    pub path: String,
    /// The member that the answer must name.
    pub member: String,
    /// The kind of violation: `is missing`, `is too long` …
    pub what: &'static str,
    /// The whole value, valid except for the violation.
    pub value: Value,
    /// True if only JSON can express the violation. Other protocols have only texts.
    pub is_for_json: bool,
}

/// Characters that few patterns accept.
const ODD: &[&str] = &["!", " ", "\u{7f}", "\u{1}", "\u{200b}", "\u{4e00}", "%", "*", "?"];

/// All violations of a structure, each in an otherwise valid value.
pub fn of_structure(shape: Shape<'_>) -> Vec<Violation> {
    let Some(right) = structure(shape) else { return Vec::new() };
    let mut found = Vec::new();
    for name in shape.required() {
        let mut value = right.clone();
        value.shift_remove(name);
        found.push(violation(name, "is missing", Value::Object(value)));
    }
    for member in shape.members() {
        let around = if shape.is_union() { Map::new() } else { right.clone() };
        for mut inner in of_value(member.shape) {
            let mut value = around.clone();
            value.insert(member.name.to_owned(), inner.value);
            inner.value = Value::Object(value);
            inner.path = joined(member.name, &inner.path);
            if inner.member.is_empty() {
                member.name.clone_into(&mut inner.member);
            }
            found.push(inner);
        }
    }
    found
}

fn joined(member: &str, path: &str) -> String {
    let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
    format!("{member}{dot}{path}")
}

/// A violation of the member `member`; with an empty name, of the value itself.
fn violation(member: &str, what: &'static str, value: Value) -> Violation {
    let [path, member] = [member, member].map(str::to_owned);
    Violation { path, member, what, value, is_for_json: false }
}

fn of_value(shape: Shape<'_>) -> Vec<Violation> {
    let mut found = match shape.kind() {
        Kind::Structure if shape.is_union() => {
            let mut found = of_structure(shape);
            found.push(violation("", "has no member", json!({})));
            found
        }
        Kind::Structure => of_structure(shape),
        Kind::List => of_list(shape),
        Kind::Integer => of_integer(shape),
        Kind::String => of_text(shape),
        Kind::Map => of_map(shape),
        Kind::Number | Kind::Timestamp | Kind::Boolean => Vec::new(),
        Kind::Document => return Vec::new(),
    };
    let mut wrong = violation("", "is of a wrong type", of_wrong_type(shape.kind()));
    wrong.is_for_json = !matches!(shape.kind(), Kind::Integer | Kind::Number | Kind::Boolean);
    found.push(wrong);
    found
}

fn of_wrong_type(kind: Kind) -> Value {
    match kind {
        Kind::String => json!({"x": "x"}),
        Kind::Structure
        | Kind::List
        | Kind::Map
        | Kind::Integer
        | Kind::Number
        | Kind::Boolean
        | Kind::Timestamp
        | Kind::Document => json!("sample"),
    }
}

fn of_list(shape: Shape<'_>) -> Vec<Violation> {
    let Some(element) = shape.element() else { return Vec::new() };
    let mut found = Vec::new();
    let of_length = |length: i64| {
        let length = usize::try_from(length).unwrap_or_default();
        Some(Value::Array(vec![sample(element)?; length]))
    };
    if let Some(value) = shape.min().filter(|min| *min > 0).and_then(|min| of_length(min - 1)) {
        found.push(violation("", "has too few members", value));
    }
    if let Some(value) = shape.max().and_then(|max| of_length(max + 1)) {
        found.push(violation("", "has too many members", value));
    }
    for mut inner in of_value(element) {
        // The first of the required number of elements is wrong.
        let rest = usize::try_from(shape.min().unwrap_or(1) - 1).unwrap_or_default();
        let right = sample(element).map(|right| vec![right; rest]).unwrap_or_default();
        inner.value = Value::Array([vec![inner.value], right].concat());
        let dot = if inner.path.is_empty() || inner.path.starts_with('[') { "" } else { "." };
        inner.path = format!("[0]{dot}{}", inner.path);
        found.push(inner);
    }
    found
}

fn of_map(shape: Shape<'_>) -> Vec<Violation> {
    let Some(key) = shape.key() else { return Vec::new() };
    let Some(value) = shape.element().and_then(sample) else { return Vec::new() };
    let odd = ODD.iter().filter(|odd| !has_form(key, odd)).take(1);
    odd.map(|odd| violation("", "has a name of another form", json!({ *odd: value }))).collect()
}

fn of_integer(shape: Shape<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    if let Some(min) = shape.min() {
        found.push(violation("", "is too small", json!(min - 1)));
    }
    if let Some(max) = shape.max() {
        found.push(violation("", "is too large", json!(max + 1)));
    }
    found
}

fn of_text(shape: Shape<'_>) -> Vec<Violation> {
    if !shape.words().is_empty() {
        return vec![violation("", "is none of the words", json!("NO-SUCH-WORD"))];
    }
    let mut found = Vec::new();
    if shape.min().is_some_and(|min| min > 0) {
        // Only an empty text is tried: a longer minimum is rarely a rule of its own.
        found.push(violation("", "is empty", json!("")));
    }
    let right = sample(shape).and_then(|right| right.as_str().map(str::to_owned));
    let Some(right) = right else { return found };
    if let Some(value) = too_long(shape, &right) {
        found.push(violation("", "is too long", json!(value)));
    }
    let least = usize::try_from(shape.min().unwrap_or(1)).unwrap_or(1);
    let odd = ODD.iter().map(|odd| lengthened(odd, least));
    if let Some(value) = odd.into_iter().find(|odd| !has_form(shape, odd)) {
        found.push(violation("", "is of another form", json!(value)));
    }
    let mut ends = ODD.iter().map(|odd| format!("{right}{odd}"));
    let is_spoilt = |text: &String| !has_form(shape, text) && is_short_enough(shape, text);
    if let Some(value) = ends.find(is_spoilt) {
        found.push(violation("", "ends in another form", json!(value)));
    }
    found
}

/// A text that matches the pattern and is one character too long, if one exists.
fn too_long(shape: Shape<'_>, right: &str) -> Option<String> {
    let most = usize::try_from(shape.max()?).ok()?;
    let texts = [lengthened(right, most + 1), "a".repeat(most + 1), "1".repeat(most + 1)];
    let is_too_long = |text: &&String| has_form(shape, text) && !fits(shape, text);
    texts.iter().find(is_too_long).cloned()
}

fn is_short_enough(shape: Shape<'_>, text: &str) -> bool {
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    shape.max().is_none_or(|max| length <= max)
}

#[cfg(test)]
mod tests {
    use super::super::model::example::model;
    use super::*;

    #[test]
    fn every_constraint_is_broken_once_each() {
        let model = model();
        let found = of_structure(model.input("Make").unwrap());
        let told: Vec<String> =
            found.iter().map(|it| format!("{} {}: {}", it.path, it.what, it.value)).collect();
        let expected = [
            "Name is missing: {}",
            r#"Name is empty: {"Name":""}"#,
            r#"Name is too long: {"Name":"sampleeee"}"#,
            r#"Name is of another form: {"Name":"!"}"#,
            r#"Name ends in another form: {"Name":"sample!"}"#,
            r#"Name is of a wrong type: {"Name":{"x":"x"}}"#,
            r#"Size is too small: {"Name":"sample","Size":0}"#,
            r#"Size is too large: {"Name":"sample","Size":101}"#,
            r#"Size is of a wrong type: {"Name":"sample","Size":"sample"}"#,
            r#"Tags has too many members: {"Name":"sample","Tags":[{"Key":"sample"},{"Key":"sample"},{"Key":"sample"}]}"#,
            r#"Tags[0].Key is missing: {"Name":"sample","Tags":[{}]}"#,
            r#"Tags[0].Key is empty: {"Name":"sample","Tags":[{"Key":""}]}"#,
            r#"Tags[0].Key is too long: {"Name":"sample","Tags":[{"Key":"sampleeee"}]}"#,
            r#"Tags[0].Key is of another form: {"Name":"sample","Tags":[{"Key":"!"}]}"#,
            r#"Tags[0].Key ends in another form: {"Name":"sample","Tags":[{"Key":"sample!"}]}"#,
            r#"Tags[0].Key is of a wrong type: {"Name":"sample","Tags":[{"Key":{"x":"x"}}]}"#,
            r#"Tags[0] is of a wrong type: {"Name":"sample","Tags":["sample"]}"#,
            r#"Tags is of a wrong type: {"Name":"sample","Tags":"sample"}"#,
            r#"Kind is none of the words: {"Name":"sample","Kind":"NO-SUCH-WORD"}"#,
            r#"Kind is of a wrong type: {"Name":"sample","Kind":{"x":"x"}}"#,
            r#"Who.User is empty: {"Name":"sample","Who":{"User":""}}"#,
            r#"Who.User is too long: {"Name":"sample","Who":{"User":"sampleeee"}}"#,
            r#"Who.User is of another form: {"Name":"sample","Who":{"User":"!"}}"#,
            r#"Who.User ends in another form: {"Name":"sample","Who":{"User":"sample!"}}"#,
            r#"Who.User is of a wrong type: {"Name":"sample","Who":{"User":{"x":"x"}}}"#,
            r#"Who.Group is empty: {"Name":"sample","Who":{"Group":""}}"#,
            r#"Who.Group is too long: {"Name":"sample","Who":{"Group":"sampleeee"}}"#,
            r#"Who.Group is of another form: {"Name":"sample","Who":{"Group":"!"}}"#,
            r#"Who.Group ends in another form: {"Name":"sample","Who":{"Group":"sample!"}}"#,
            r#"Who.Group is of a wrong type: {"Name":"sample","Who":{"Group":{"x":"x"}}}"#,
            r#"Who has no member: {"Name":"sample","Who":{}}"#,
            r#"Who is of a wrong type: {"Name":"sample","Who":"sample"}"#,
            r#"On is of a wrong type: {"Name":"sample","On":"sample"}"#,
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn the_member_to_be_named_is_the_innermost() {
        let model = model();
        let found = of_structure(model.input("Make").unwrap());
        let member = |path: &str| &found.iter().find(|it| it.path == path).unwrap().member;
        assert_eq!(member("Tags[0].Key"), "Key");
        assert_eq!(member("Tags[0]"), "Tags");
        assert_eq!(member("Who"), "Who");
    }
}
