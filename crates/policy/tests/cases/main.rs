//! Tables of policy cases: what a policy says, what is asked, and what decides.
//!
//! - `conditions.json`: each condition operator, with values of its key for which it holds and fails. `null` is a
//!   request without the key, a list one with several values. Each value is asked twice: of an Allow, and of a Deny
//!   beside an Allow of everything.
//! - `statements.json`: the other elements of a statement.
//! - `types.json`: the types of policies beside each other.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use policy::{
    Decision, Facts, Policies, Policy, PolicyType, Request, Requester, ResourcePolicy, Values,
    evaluate, evaluate_with,
};
use serde_json::{Value, json};

const ACCOUNT: &str = "123456789012";

/// The requester of a group that says nothing else: a session of a role.
const ROLE: Requester<'_> = Requester {
    account: Some(ACCOUNT),
    arn: Some("arn:aws:iam::123456789012:role/R"),
    session_arn: Some("arn:aws:sts::123456789012:assumed-role/R/ada"),
    unique_id: Some("AROAQNZGKIQY56JQ7WMLA"),
    provider: None,
    service: None,
};

/// Condition keys with their values. Names are in lower case.
#[derive(Clone, Default)]
struct Context(BTreeMap<String, Value>);

impl Context {
    fn of(value: &Value) -> Self {
        let keys = value.as_object().into_iter().flatten();
        Self(keys.map(|(key, value)| (key.to_lowercase(), value.clone())).collect())
    }

    fn and(mut self, key: &str, value: &Value) -> Self {
        self.0.insert(key.to_lowercase(), value.clone());
        self
    }
}

impl Facts for Context {
    fn values(&self, key: &str) -> Values<'_> {
        assert_eq!(key, key.to_lowercase());
        match self.0.get(key) {
            None | Some(Value::Null) => Values::Missing,
            Some(Value::String(value)) => Values::One(value.as_str().into()),
            Some(Value::Array(values)) => {
                let text = |value: &Value| Cow::Owned(value.as_str().unwrap().to_owned());
                Values::Several(values.iter().map(text).collect())
            }
            Some(other) => panic!("{other} is no value of a condition key"),
        }
    }
}

fn read(table: &str) -> Vec<Value> {
    serde_json::from_str(table).unwrap()
}

fn document(version: Option<&str>, statements: &Value) -> String {
    match version {
        Some(version) => json!({"Version": version, "Statement": statements}),
        None => json!({"Statement": statements}),
    }
    .to_string()
}

#[test]
fn every_condition_holds_and_fails_as_its_table_says() {
    let (mut cases, mut wrong) = (0, Vec::new());
    for group in read(include_str!("conditions.json")) {
        let (operator, key) = (group["operator"].as_str().unwrap(), group["key"].as_str().unwrap());
        let version = group["version"].as_str().unwrap_or("2012-10-17");
        let condition = json!({operator: {key: group["values"]}});
        let with = |effect: &str| {
            let statement =
                json!({"Effect": effect, "Action": "*", "Resource": "*", "Condition": condition});
            let all = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
            let statements =
                if effect == "Deny" { json!([all, statement]) } else { json!([statement]) };
            Policy::parse(PolicyType::IdentityBased, "P", &document(Some(version), &statements))
        };
        if group["refused"] == true {
            cases += 1;
            if with("Allow").is_ok() {
                wrong.push(format!("{condition} is not refused"));
            }
            continue;
        }
        for (expected, name) in [(true, "holds"), (false, "fails")] {
            for value in group[name].as_array().unwrap() {
                let context = Context::of(&group["context"]).and(key, value);
                let request = Request::new("s3:ListBucket", "arn:aws:s3:::b", &context);
                for effect in ["Allow", "Deny"] {
                    cases += 1;
                    let policies = vec![Arc::new(with(effect).unwrap())];
                    let policies = Policies::identity_based(policies);
                    let decision = evaluate(&policies, &request);
                    let holds = match &decision {
                        Decision::Allowed(by) => effect == "Allow" && by.number == 1,
                        Decision::ExplicitDeny(by) => by.number == 2,
                        Decision::ImplicitDeny { .. } => false,
                        Decision::TooMuchWork => panic!("{condition}"),
                    };
                    if holds != expected {
                        wrong.push(format!("{effect} {condition} {name} for {value}: {decision}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases > 1000, "{cases}");
}

/// The policies of a group. Names in decisions are those of the members.
struct Group {
    policies: Policies,
    resource: Option<Policy>,
    resource_account: String,
}

impl Group {
    fn of(group: &Value) -> Self {
        let version = if group.get("version").is_some() {
            group["version"].as_str()
        } else {
            Some("2012-10-17")
        };
        let policy = |policy_type, name: &str, statements: &Value| {
            Policy::parse(policy_type, name, &document(version, statements)).unwrap()
        };
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let one = |policy_type, name: &str| {
            group.get(name).map(|statements| policy(policy_type, name, statements))
        };
        let of_level = |level: &Value| {
            let parse =
                |one: &Value| Arc::new(policy(PolicyType::ServiceControl, "service_control", one));
            list(level).iter().map(parse).collect()
        };
        let session = |one: &Value| Arc::new(policy(PolicyType::Session, "session", one));
        let policies = Policies {
            identity_based: one(PolicyType::IdentityBased, "identity")
                .into_iter()
                .map(Arc::new)
                .collect(),
            permissions_boundary: one(PolicyType::PermissionsBoundary, "boundary").map(Arc::new),
            session: list(&group["session"]).iter().map(session).collect(),
            service_control: list(&group["service_control"]).iter().map(of_level).collect(),
        };
        let resource =
            one(PolicyType::ResourceBased, "resource").or(one(PolicyType::RoleTrust, "trust"));
        let resource_account = group["resource_account"].as_str().unwrap_or(ACCOUNT).to_owned();
        Self { policies, resource, resource_account }
    }
}

fn requester(group: &Value) -> Requester<'_> {
    match group.get("requester") {
        None => ROLE,
        Some(names) => Requester { provider: names["provider"].as_str(), ..Requester::default() },
    }
}

fn check(table: &str) -> usize {
    let (mut cases, mut wrong) = (0, Vec::new());
    for group in read(table) {
        let about = &group["about"];
        let Group { policies, resource, resource_account } = Group::of(&group);
        let resource =
            resource.as_ref().map(|policy| ResourcePolicy { policy, account: &resource_account });
        for case in group["cases"].as_array().unwrap() {
            cases += 1;
            let texts: Vec<&str> =
                case.as_array().unwrap().iter().filter_map(Value::as_str).collect();
            let [action, on, expected] = texts.try_into().unwrap();
            let mut context = Context::of(&group["context"]);
            context.0.extend(Context::of(&case[3]).0);
            let requester = requester(&group);
            let request = Request { action, resource: on, requester, facts: &context };
            let decided = match evaluate_with(&policies, resource, &request) {
                Decision::Allowed(by) => format!("allowed by {} {}", by.policy, by.number),
                Decision::ExplicitDeny(by) => format!("denied by {} {}", by.policy, by.number),
                Decision::ImplicitDeny { lacking, .. } => format!("lacks {lacking}"),
                Decision::TooMuchWork => "too much work".to_owned(),
            };
            if decided != expected {
                wrong.push(format!("{about}: {case} is {decided}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    cases
}

#[test]
fn every_statement_decides_as_its_table_says() {
    assert!(check(include_str!("statements.json")) > 80);
}

#[test]
fn every_type_of_policy_decides_as_its_table_says() {
    assert!(check(include_str!("types.json")) > 60);
}
