//! One of the 200 writes of a round.

use serde_json::{Value, json};

use super::kind::{self, Kind};
use crate::support::{Answer, Keys, Portico, Request};

pub struct Write {
    pub kind: &'static Kind,
    pub input: Value,
    /// Members that a description of the result must have.
    pub content: Value,
}

/// The client's knowledge of its write.
pub enum Known {
    /// The write is done; its result has this id.
    Acknowledged { id: String, request: String },
    /// The write was refused and has no effect.
    Refused,
    /// The client received no complete answer.
    Unanswered,
}

impl Write {
    pub fn sign(&self, keys: &Keys, portico: &Portico) -> Request {
        keys.sign_call(self.kind.create, &self.input, portico)
    }

    /// The knowledge from the answer, or from its absence.
    pub fn read(&self, answer: Option<&Answer>) -> Known {
        let Some(answer) = answer else { return Known::Unanswered };
        if answer.status != 200 {
            // Contention is the only allowed refusal (decision 0031).
            let contended = ["ThrottlingException", "TooManyRequestsException"];
            let is_known = contended.contains(&answer.error().as_str());
            assert!(is_known, "{}: {answer}", self.kind.create);
            return Known::Refused;
        }
        // A server can be killed between the head and the body of an answer.
        let Ok(reply) = serde_json::from_slice::<Value>(&answer.body) else {
            return Known::Unanswered;
        };
        let id = reply.pointer(self.kind.id).unwrap().as_str().unwrap().to_owned();
        let request = answer.header("x-amzn-requestid").unwrap().to_owned();
        Known::Acknowledged { id, request }
    }

    pub fn create_user(store: &str, name: &str) -> Self {
        let content = json!({
            "IdentityStoreId": store,
            "UserName": name,
            "DisplayName": format!("The user {name}"),
            "Name": { "GivenName": name, "FamilyName": "Example" },
            "Emails": [{ "Value": format!("{name}@example.com"), "Type": "work", "Primary": true }],
        });
        Self { kind: &kind::USER, input: content.clone(), content }
    }

    pub fn create_group(store: &str, name: &str) -> Self {
        let content = json!({
            "IdentityStoreId": store,
            "DisplayName": name,
            "Description": format!("The group {name}"),
        });
        Self { kind: &kind::GROUP, input: content.clone(), content }
    }

    pub fn join(store: &str, group: &str, user: &str) -> Self {
        let content = json!({
            "IdentityStoreId": store, "GroupId": group, "MemberId": { "UserId": user },
        });
        Self { kind: &kind::MEMBERSHIP, input: content.clone(), content }
    }

    pub fn create_permission_set(instance: &str, name: &str) -> Self {
        let content = json!({
            "Name": name,
            "Description": format!("The permission set {name}"),
            "SessionDuration": "PT2H",
            "RelayState": format!("https://example.com/{name}"),
        });
        let mut input = content.clone();
        input["InstanceArn"] = json!(instance);
        Self { kind: &kind::PERMISSION_SET, input, content }
    }

    /// `assignment` has the members of a request.
    pub fn assign(assignment: Value) -> Self {
        let mut content = assignment.clone();
        content.as_object_mut().unwrap().remove("InstanceArn");
        content["Status"] = json!("SUCCEEDED");
        Self { kind: &kind::ASSIGNMENT, input: assignment, content }
    }

    pub fn create_account(name: &str) -> Self {
        let input = json!({ "AccountName": name, "Email": format!("{name}@example.com") });
        let content = json!({ "AccountName": name, "State": "SUCCEEDED" });
        Self { kind: &kind::ACCOUNT, input, content }
    }

    pub fn provision(instance: &str, set: &str) -> Self {
        let input = json!({
            "InstanceArn": instance, "PermissionSetArn": set,
            "TargetType": "ALL_PROVISIONED_ACCOUNTS",
        });
        let content = json!({ "PermissionSetArn": set, "Status": "SUCCEEDED" });
        Self { kind: &kind::PROVISIONING, input, content }
    }
}

/// Tells whether `found` contains all of `sent`.
pub fn holds(found: &Value, sent: &Value) -> bool {
    let Some(members) = sent.as_object() else { return found == sent };
    members.iter().all(|(name, sent)| holds(&found[name], sent))
}
