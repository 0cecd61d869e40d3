//! A service model of AWS, in botocore's format.

use std::path::Path;

use serde_json::{Map, Value};

/// The model of one service.
pub struct Model {
    pub service: &'static str,
    operations: Map<String, Value>,
    shapes: Map<String, Value>,
}

/// A type of the model.
#[derive(Clone, Copy)]
pub struct Shape<'m> {
    model: &'m Model,
    /// The operation whose input or output contains the shape.
    pub operation: &'m str,
    pub name: &'m str,
    value: &'m Value,
}

/// The type of a shape in JSON and XML.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    Structure,
    List,
    Map,
    String,
    Integer,
    Number,
    Boolean,
    Timestamp,
    /// Any JSON value.
    Document,
}

/// A member of a structure.
#[derive(Clone, Copy)]
pub struct Member<'m> {
    pub name: &'m str,
    pub shape: Shape<'m>,
    /// `header` or `querystring`; none for the body.
    pub location: Option<&'m str>,
    /// The name on the wire.
    pub wire_name: &'m str,
}

/// The method and path of an operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Binding<'m> {
    pub method: &'m str,
    pub path: &'m str,
}

impl Model {
    pub fn read(folder: &Path, service: &'static str) -> Result<Self, String> {
        let path = folder.join(format!("{service}.json"));
        let text =
            std::fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
        Self::parse(service, &text)
            .ok_or_else(|| format!("{} is not a service model", path.display()))
    }

    pub fn parse(service: &'static str, text: &str) -> Option<Self> {
        let mut document: Map<String, Value> = serde_json::from_str(text).ok()?;
        let Some(Value::Object(operations)) = document.remove("operations") else { return None };
        let Some(Value::Object(shapes)) = document.remove("shapes") else { return None };
        Some(Self { service, operations, shapes })
    }

    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.operations.keys().map(String::as_str)
    }

    pub fn has(&self, operation: &str) -> bool {
        self.operations.contains_key(operation)
    }

    pub fn input(&self, operation: &str) -> Option<Shape<'_>> {
        self.part(operation, "input")
    }

    pub fn output(&self, operation: &str) -> Option<Shape<'_>> {
        self.part(operation, "output")
    }

    fn part(&self, operation: &str, part: &str) -> Option<Shape<'_>> {
        let (operation, value) = self.operations.get_key_value(operation)?;
        self.shape(operation, value.get(part)?)
    }

    /// The names of the operation's errors, as clients see them.
    pub fn errors<'m>(&'m self, operation: &str) -> Vec<&'m str> {
        let errors = self.operations.get(operation).and_then(|it| it.get("errors")?.as_array());
        let names = errors.into_iter().flatten().filter_map(|error| error.get("shape")?.as_str());
        let code = |name: &str| self.shapes.get(name)?.pointer("/error/code")?.as_str();
        names.map(|name| code(name).unwrap_or(name)).collect()
    }

    pub fn binding(&self, operation: &str) -> Option<Binding<'_>> {
        let http = self.operations.get(operation)?.get("http")?;
        let method = http.get("method")?.as_str()?;
        Some(Binding { method, path: http.get("requestUri")?.as_str()? })
    }

    /// The shape of a reference, as a part of `operation`.
    fn shape<'m>(&'m self, operation: &'m str, reference: &Value) -> Option<Shape<'m>> {
        let (name, value) = self.shapes.get_key_value(reference.get("shape")?.as_str()?)?;
        Some(Shape { model: self, operation, name, value })
    }
}

impl<'m> Shape<'m> {
    pub fn kind(&self) -> Kind {
        if self.flag("document") {
            return Kind::Document;
        }
        match self.value.get("type").and_then(Value::as_str).unwrap_or_default() {
            "structure" => Kind::Structure,
            "list" => Kind::List,
            "map" => Kind::Map,
            "integer" | "long" => Kind::Integer,
            "float" | "double" => Kind::Number,
            "boolean" => Kind::Boolean,
            "timestamp" => Kind::Timestamp,
            _ => Kind::String,
        }
    }

    /// Tells whether exactly one member must be set.
    pub fn is_union(&self) -> bool {
        self.flag("union")
    }

    pub fn members(&self) -> Vec<Member<'m>> {
        let members = self.value.get("members").and_then(Value::as_object);
        let member = |(name, value): (&'m String, &'m Value)| {
            let text = |key: &str| value.get(key).and_then(Value::as_str);
            Some(Member {
                name,
                shape: self.model.shape(self.operation, value)?,
                location: text("location"),
                wire_name: text("locationName").unwrap_or(name),
            })
        };
        members.into_iter().flatten().filter_map(member).collect()
    }

    pub fn required(&self) -> Vec<&'m str> {
        let required = self.value.get("required").and_then(Value::as_array);
        required.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// The shape of a list's elements or of a map's values.
    pub fn element(&self) -> Option<Shape<'m>> {
        let element = self.value.get("member").or_else(|| self.value.get("value"))?;
        self.model.shape(self.operation, element)
    }

    /// The shape of a map's keys.
    pub fn key(&self) -> Option<Shape<'m>> {
        self.model.shape(self.operation, self.value.get("key")?)
    }

    pub fn words(&self) -> Vec<&'m str> {
        let words = self.value.get("enum").and_then(Value::as_array);
        words.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    pub fn pattern(&self) -> Option<&'m str> {
        self.value.get("pattern")?.as_str()
    }

    pub fn min(&self) -> Option<i64> {
        self.value.get("min")?.as_i64()
    }

    pub fn max(&self) -> Option<i64> {
        self.value.get("max")?.as_i64()
    }

    fn flag(&self, name: &str) -> bool {
        self.value.get(name).and_then(Value::as_bool).unwrap_or_default()
    }
}

#[cfg(test)]
pub mod example {
    //! A small model for the tests of this task.

    use super::Model;

    const TEXT: &str = r#"{
        "operations": {
            "Make": {
                "http": {"method": "POST", "requestUri": "/"},
                "input": {"shape": "MakeInput"},
                "output": {"shape": "MakeOutput"},
                "errors": [{"shape": "Conflict"}, {"shape": "Expired"}]
            },
            "Stop": {"http": {"method": "POST", "requestUri": "/"}}
        },
        "shapes": {
            "MakeInput": {
                "type": "structure",
                "required": ["Name"],
                "members": {
                    "Name": {"shape": "Name"},
                    "Size": {"shape": "Size"},
                    "Tags": {"shape": "Tags"},
                    "Kind": {"shape": "Kind"},
                    "Who": {"shape": "Who"},
                    "On": {"shape": "On"},
                    "Any": {"shape": "Any"}
                }
            },
            "MakeOutput": {
                "type": "structure",
                "required": ["Name"],
                "members": {"Name": {"shape": "Name"}, "Tags": {"shape": "Tags"}, "At": {"shape": "At"}}
            },
            "Name": {"type": "string", "min": 1, "max": 8, "pattern": "[a-z]+"},
            "Size": {"type": "integer", "min": 1, "max": 100},
            "Tags": {"type": "list", "member": {"shape": "Tag"}, "max": 2},
            "Tag": {
                "type": "structure",
                "required": ["Key"],
                "members": {"Key": {"shape": "Name"}}
            },
            "Kind": {"type": "string", "enum": ["BIG", "SMALL"]},
            "Who": {
                "type": "structure",
                "union": true,
                "members": {"User": {"shape": "Name"}, "Group": {"shape": "Name"}}
            },
            "On": {"type": "boolean"},
            "Any": {"type": "structure", "document": true, "members": {}},
            "At": {"type": "timestamp"},
            "Conflict": {"type": "structure", "members": {}},
            "Expired": {"type": "structure", "members": {}, "error": {"code": "ExpiredToken"}}
        }
    }"#;

    pub fn model() -> Model {
        Model::parse("example", TEXT).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_read() {
        let model = example::model();
        assert_eq!(model.errors("Make"), ["Conflict", "ExpiredToken"]);
        assert_eq!(model.binding("Make"), Some(Binding { method: "POST", path: "/" }));
        assert!(model.input("Stop").is_none());
        let input = model.input("Make").unwrap();
        assert_eq!(input.required(), ["Name"]);
        let kinds: Vec<Kind> = input.members().iter().map(|member| member.shape.kind()).collect();
        let expected = [
            Kind::String,
            Kind::Integer,
            Kind::List,
            Kind::String,
            Kind::Structure,
            Kind::Boolean,
            Kind::Document,
        ];
        assert_eq!(kinds, expected);
    }
}
