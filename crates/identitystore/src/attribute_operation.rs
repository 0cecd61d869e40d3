//! `Operations` of `UpdateUser` and `UpdateGroup`: set or remove an attribute.
//!
//! INVARIANT: the operations change a draft, which is the API's form of the user or group. The
//! readers of `CreateUser` and `CreateGroup` then read the draft. An update therefore cannot make
//! anything that could not have been created, and it applies all operations or none.

use model::Fault;
use protocol::Fields;
use serde_json::{Map, Value};

use super::attribute_path::AttributePath;
use super::attribute_shape::{Attribute, find};

/// Maximum number of operations in a request. AWS: `AttributeOperations`.
const OPERATIONS_MAX: usize = 100;

/// AWS: `AttributeOperation`.
#[derive(Clone, Debug)]
pub struct AttributeOperation {
    pub path: AttributePath,
    /// `None` removes the attribute.
    pub value: Option<Value>,
}

/// Reads `Operations`.
pub(super) fn read(fields: &Fields<'_>) -> Result<Vec<AttributeOperation>, Fault> {
    const FIELD: &str = "Operations";
    let operations = fields.objects(FIELD, 1..=OPERATIONS_MAX)?;
    let operations = operations.ok_or_else(|| fields.missing(FIELD))?;
    let read = |operation: &Fields<'_>| {
        // AWS: tools send null for an attribute without a value.
        let value = operation.document("AttributeValue").filter(|value| !value.is_null());
        Ok(AttributeOperation { path: operation.required("AttributePath")?, value: value.cloned() })
    };
    operations.iter().map(read).collect()
}

/// Applies operations to a draft, in their order.
pub(super) fn apply(
    draft: &mut Map<String, Value>,
    attributes: &'static [Attribute],
    operations: &[AttributeOperation],
) -> Result<(), Fault> {
    for (number, operation) in operations.iter().enumerate() {
        let invalid = |field, must| Fault::invalid(format!("Operations[{number}].{field}"), must);
        let place = find(attributes, &operation.path)
            .ok_or_else(|| invalid("AttributePath", "name an attribute that can be changed"))?;
        match &operation.value {
            Some(value) => {
                let translated = place.translate(value);
                let value = translated.map_err(|must| invalid("AttributeValue", must))?;
                set(draft, &place.names, value);
            }
            None => remove(draft, &place.names),
        }
    }
    Ok(())
}

/// Lists the paths of operations for the audit log, which must not contain values.
pub(super) fn paths(operations: &[AttributeOperation]) -> impl Iterator<Item = &AttributePath> {
    operations.iter().map(|operation| &operation.path)
}

fn set(map: &mut Map<String, Value>, names: &[&str], value: Value) {
    match names {
        [] => {}
        [last] => {
            map.insert((*last).to_owned(), value);
        }
        [first, rest @ ..] => {
            let inner = map.entry((*first).to_owned()).or_insert_with(|| Map::new().into());
            // An earlier operation may have set a document of any form.
            if !inner.is_object() {
                *inner = Map::new().into();
            }
            if let Value::Object(inner) = inner {
                set(inner, rest, value);
            }
        }
    }
}

/// Removes a member, and the objects that become empty by it.
fn remove(map: &mut Map<String, Value>, names: &[&str]) {
    match names {
        [] => {}
        [last] => {
            map.remove(*last);
        }
        [first, rest @ ..] => {
            if let Some(Value::Object(inner)) = map.get_mut(*first) {
                remove(inner, rest);
                if inner.is_empty() {
                    map.remove(*first);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::attribute_shape::USER;
    use super::*;

    fn applied(draft: &Value, operations: &Value) -> Result<Value, Fault> {
        let request = json!({ "Operations": operations }).to_string();
        let operations = read(&Fields::from_json(request.as_bytes()).unwrap())?;
        let mut draft = draft.as_object().unwrap().clone();
        apply(&mut draft, USER, &operations)?;
        Ok(draft.into())
    }

    #[test]
    fn operations_set_replace_and_remove_in_their_order() {
        let draft = json!({"UserName": "jane", "NickName": "J", "Name": {"GivenName": "Jane"}});
        let operations = json!([
            {"AttributePath": "nickName"},
            {"AttributePath": "title", "AttributeValue": "CTO"},
            {"AttributePath": "title", "AttributeValue": null},
            {"AttributePath": "name.givenName", "AttributeValue": "Janet"},
            {"AttributePath": "aws:identitystore:enterprise.manager.value", "AttributeValue": "x"},
            {"AttributePath": "aws:identitystore:enterprise.costCenter", "AttributeValue": "7"},
            {"AttributePath": "aws:identitystore:enterprise.manager"},
        ]);
        let after = json!({
            "UserName": "jane",
            "Name": {"GivenName": "Janet"},
            "Extensions": {"aws:identitystore:enterprise": {"costCenter": "7"}},
        });
        assert_eq!(applied(&draft, &operations), Ok(after));
    }

    #[test]
    fn removing_the_last_member_removes_what_held_it() {
        let draft =
            json!({"Extensions": {"aws:identitystore:enterprise": {"manager": {"value": "x"}}}});
        let operations = json!([{"AttributePath": "aws:identitystore:enterprise.manager.value"}]);
        assert_eq!(applied(&draft, &operations), Ok(json!({})));
    }

    #[test]
    fn a_complaint_names_the_operation() {
        let operations = json!([{"AttributePath": "title"}, {"AttributePath": "userStatus"}]);
        let fault = applied(&json!({}), &operations).unwrap_err();
        let must = "name an attribute that can be changed";
        assert_eq!(fault, Fault::invalid("Operations[1].AttributePath", must));
    }

    #[test]
    fn there_are_1_to_100_operations() {
        assert!(applied(&json!({}), &json!([])).is_err());
        assert!(applied(&json!({}), &json!(vec![json!({"AttributePath": "title"}); 101])).is_err());
        assert!(applied(&json!({}), &json!(vec![json!({"AttributePath": "title"}); 100])).is_ok());
    }
}
