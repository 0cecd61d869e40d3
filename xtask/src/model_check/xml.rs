//! Reads the XML of AWS Query by the shape of the output. Without a shape every value is a text.

use serde_json::{Map, Value};

use super::model::{Kind, Shape};

/// The element at `path` below the root, whose name is ignored.
pub fn read(text: &str, path: &[&str], shape: Option<Shape<'_>>) -> Option<Value> {
    let (_, mut inside, _) = first_element(text)?;
    for name in path {
        inside = elements(inside).into_iter().find(|(found, _)| found == name)?.1;
    }
    Some(value(inside, shape))
}

fn value(inside: &str, shape: Option<Shape<'_>>) -> Value {
    match shape.map_or(Kind::String, |shape| shape.kind()) {
        Kind::Structure | Kind::Map | Kind::Document => {
            let members = shape.map(|shape| shape.members()).unwrap_or_default();
            let member = |(name, inside): (&str, &str)| {
                let known = members.iter().find(|member| member.wire_name == name);
                (name.to_owned(), value(inside, known.map(|member| member.shape)))
            };
            Value::Object(elements(inside).into_iter().map(member).collect::<Map<_, _>>())
        }
        Kind::List => {
            let element = shape.and_then(|shape| shape.element());
            elements(inside).into_iter().map(|(_, inside)| value(inside, element)).collect()
        }
        Kind::Integer | Kind::Number | Kind::Boolean => {
            inside.parse().unwrap_or_else(|_| Value::String(inside.to_owned()))
        }
        // A timestamp is ISO 8601 text in XML, and a number in JSON.
        Kind::Timestamp if inside.ends_with('Z') => Value::from(0),
        Kind::Timestamp | Kind::String => Value::String(unescaped(inside)),
    }
}

/// The sibling elements of a text, with their contents.
fn elements(mut text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    while let Some((name, inside, rest)) = first_element(text) {
        found.push((name, inside));
        text = rest;
    }
    found
}

/// The name, the content and the rest after an element. No element contains one of its own name.
fn first_element(text: &str) -> Option<(&str, &str, &str)> {
    let (_, rest) = text.split_once('<')?;
    let (tag, rest) = rest.split_once('>')?;
    if tag.starts_with(['?', '/']) {
        return first_element(rest);
    }
    let name = tag.split([' ', '/']).next()?;
    if tag.ends_with('/') {
        return Some((name, "", rest));
    }
    let (inside, rest) = rest.split_once(&format!("</{name}>"))?;
    Some((name, inside, rest))
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&apos;", "'").replace("&#39;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::model::example::model;
    use super::*;

    #[test]
    fn a_reply_is_read_by_its_shape() {
        let text = r#"<?xml version="1.0"?><MakeResponse xmlns="x"><MakeResult><Name>a&amp;b</Name>
            <Tags><member><Key>one</Key></member><member><Key/></member></Tags>
            <At>2026-01-01T00:00:00Z</At></MakeResult></MakeResponse>"#;
        let model = model();
        let reply = read(text, &["MakeResult"], model.output("Make")).unwrap();
        let tags = json!([{"Key": "one"}, {"Key": ""}]);
        assert_eq!(reply, json!({"Name": "a&b", "Tags": tags, "At": 0}));
        assert_eq!(read(text, &["Error", "Code"], None), None);
    }
}
