//! Identifiers of what the walk has made, for the inputs of later calls.

use serde_json::{Value, json};

/// Identifiers, each as the reply had it; null until it is known, and where a call failed.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// The management account, and one that the walk made.
    pub accounts: [Value; 2],
    pub instance: Value,
    pub identity_store: Value,
    /// Users by the names of [`USER_NAMES`].
    pub users: [Value; 2],
    pub groups: [Value; 2],
    pub memberships: Vec<Value>,
    pub permission_sets: [Value; 2],
    /// The access token of a command line that the first user let in.
    pub access_token: Value,
}

/// The names of [`World::users`].
pub const USER_NAMES: [&str; 2] = ["ada", "alan"];

impl World {
    /// The input of an operation on the instance.
    #[must_use]
    pub fn of_instance(&self, more: &Value) -> Value {
        merged(&json!({ "InstanceArn": self.instance }), more)
    }

    /// The input of an operation on the identity store.
    #[must_use]
    pub fn of_store(&self, more: &Value) -> Value {
        merged(&json!({ "IdentityStoreId": self.identity_store }), more)
    }
}

/// The value at a JSON pointer of a reply, or null.
#[must_use]
pub fn at(reply: &Value, pointer: &str) -> Value {
    reply.pointer(pointer).cloned().unwrap_or_default()
}

/// Tells whether the status at a JSON pointer of a reply is `IN_PROGRESS`.
pub fn is_in_progress(pointer: &'static str) -> impl Fn(&Value) -> bool {
    move |reply| at(reply, pointer) == "IN_PROGRESS"
}

/// The members of two objects.
#[must_use]
pub fn merged(input: &Value, more: &Value) -> Value {
    let members = [input, more].map(|it| it.as_object().cloned().unwrap_or_default());
    Value::Object(members.into_iter().flatten().collect())
}
