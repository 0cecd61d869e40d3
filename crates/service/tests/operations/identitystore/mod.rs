//! Operations of the identity store, from the JSON of the request to the JSON of the reply, in
//! memory.

mod access;
mod audit;
mod groups;
mod memberships;
mod names;
mod parts;
mod updates;
mod users;

use model::Fault;
use serde_json::{Value, json};
use testing::Bench;

/// Bench with an identity store.
struct Store {
    bench: Bench,
    id: String,
}

impl Store {
    fn new() -> Self {
        let bench = Bench::new();
        let id = bench.store_id();
        Self { bench, id }
    }

    /// Calls an operation of the service on the store.
    fn call(&self, operation: &str, body: Value) -> Result<Value, Fault> {
        self.bench.call(&format!("AWSIdentityStore.{operation}"), &self.body(body))
    }

    /// Calls an operation on the status of a user.
    fn admin(&self, operation: &str, user_id: &str) -> Result<Value, Fault> {
        let body = self.body(json!({ "UserId": user_id }));
        self.bench.call(&format!("PorticoAdmin.{operation}"), &body)
    }

    fn body(&self, mut body: Value) -> Value {
        body.as_object_mut().unwrap().insert("IdentityStoreId".to_owned(), self.id.as_str().into());
        body
    }

    fn create_user(&self, name: &str) -> String {
        text(&self.call("CreateUser", a_user(name)).unwrap(), "UserId")
    }

    fn create_group(&self, name: &str) -> String {
        text(&self.call("CreateGroup", json!({ "DisplayName": name })).unwrap(), "GroupId")
    }

    fn join(&self, group_id: &str, user_id: &str) -> Result<Value, Fault> {
        let body = json!({"GroupId": group_id, "MemberId": {"UserId": user_id}});
        self.call("CreateGroupMembership", body)
    }

    fn describe_user(&self, user_id: &str) -> Value {
        self.call("DescribeUser", json!({ "UserId": user_id })).unwrap()
    }
}

/// Returns the smallest valid user.
fn a_user(name: &str) -> Value {
    json!({
        "UserName": name,
        "DisplayName": format!("The {name}"),
        "Name": {"GivenName": "Jane", "FamilyName": "Doe"},
    })
}

/// Returns the smallest valid user with additional or changed members.
fn a_user_with(name: &str, more: &Value) -> Value {
    let mut user = a_user(name);
    let fields = user.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    user
}

fn text(value: &Value, field: &str) -> String {
    value.get(field).and_then(Value::as_str).unwrap().to_owned()
}

/// Returns the values of a field of all items of a list.
fn each(reply: &Value, list: &str, field: &str) -> Vec<String> {
    reply
        .get(list)
        .and_then(Value::as_array)
        .unwrap()
        .iter()
        .map(|item| text(item, field))
        .collect()
}

/// Returns the invalid field of a refused request.
fn wrong_field(reply: Result<Value, Fault>) -> String {
    match reply {
        Err(Fault::Invalid { field, .. }) => field.into_owned(),
        other => format!("{other:?}"),
    }
}
