//! Operations of sso-admin, from the JSON of the request to the JSON of the reply, in memory, with
//! their jobs.

mod access;
mod assignments;
mod deletion;
mod instances;
mod permission_sets;
mod policies;
mod provisioning;
mod tags;

use kernel::Portico;
use model::Fault;
use model::role::Role;
use serde_json::{Value, json};
use store::role;
use testing::{ACCOUNT, Bench};

/// Bench with an instance.
struct Center {
    bench: Bench,
    arn: String,
}

impl Center {
    fn new() -> Self {
        let bench = Bench::new();
        let arn = bench.instance().id.arn();
        Self { bench, arn }
    }

    /// Calls an operation of the service on the instance.
    fn call(&self, operation: &str, body: Value) -> Result<Value, Fault> {
        self.bench.call(&format!("SWBExternalService.{operation}"), &self.body(body))
    }

    fn body(&self, mut body: Value) -> Value {
        let fields = body.as_object_mut().unwrap();
        fields.entry("InstanceArn").or_insert_with(|| self.arn.as_str().into());
        body
    }

    /// Runs every due job.
    fn work(&self) {
        while self.bench.run_job().unwrap() {}
    }

    fn create_set(&self, name: &str) -> String {
        let reply = self.call("CreatePermissionSet", json!({ "Name": name })).unwrap();
        text(&reply, "/PermissionSet/PermissionSetArn")
    }

    fn create_user(&self, name: &str) -> String {
        let body = json!({
            "IdentityStoreId": self.bench.store_id(),
            "UserName": name,
            "DisplayName": name,
            "Name": {"GivenName": "Jane", "FamilyName": "Doe"},
        });
        text(&self.bench.call("AWSIdentityStore.CreateUser", &body).unwrap(), "/UserId")
    }

    fn create_group(&self, name: &str) -> String {
        let body = json!({"IdentityStoreId": self.bench.store_id(), "DisplayName": name});
        text(&self.bench.call("AWSIdentityStore.CreateGroup", &body).unwrap(), "/GroupId")
    }

    fn join(&self, group_id: &str, user_id: &str) {
        let body = json!({
            "IdentityStoreId": self.bench.store_id(),
            "GroupId": group_id,
            "MemberId": {"UserId": user_id},
        });
        self.bench.call("AWSIdentityStore.CreateGroupMembership", &body).unwrap();
    }

    fn create_account(&self, name: &str) -> String {
        let body = json!({"AccountName": name, "Email": format!("{name}@example.com")});
        let begun = self.bench.call("AWSOrganizationsV20161128.CreateAccount", &body).unwrap();
        self.work();
        let body = json!({"CreateAccountRequestId": begun["CreateAccountStatus"]["Id"]});
        let operation = "AWSOrganizationsV20161128.DescribeCreateAccountStatus";
        text(&self.bench.call(operation, &body).unwrap(), "/CreateAccountStatus/AccountId")
    }

    /// Creates an assignment, runs its job and returns the final status.
    fn assign(&self, body: &Value) -> Value {
        self.done(
            ["CreateAccountAssignment", "DescribeAccountAssignmentCreationStatus"],
            ["AccountAssignmentCreationStatus", "AccountAssignmentCreationRequestId"],
            body,
        )
    }

    /// Deletes an assignment, runs its job and returns the final status.
    fn unassign(&self, body: &Value) -> Value {
        self.done(
            ["DeleteAccountAssignment", "DescribeAccountAssignmentDeletionStatus"],
            ["AccountAssignmentDeletionStatus", "AccountAssignmentDeletionRequestId"],
            body,
        )
    }

    /// Provisions a permission set, runs its job and returns the final status.
    fn provision(&self, set: &str, target: &Value) -> Value {
        let mut body = target.clone();
        body.as_object_mut().unwrap().insert("PermissionSetArn".to_owned(), set.into());
        self.done(
            ["ProvisionPermissionSet", "DescribePermissionSetProvisioningStatus"],
            ["PermissionSetProvisioningStatus", "ProvisionPermissionSetRequestId"],
            &body,
        )
    }

    fn done(&self, [start, describe]: [&str; 2], [status, id]: [&str; 2], body: &Value) -> Value {
        let started = self.call(start, body.clone()).unwrap();
        assert_eq!(started[status]["Status"], "IN_PROGRESS");
        self.work();
        let ended = self.call(describe, json!({id: started[status]["RequestId"]})).unwrap();
        ended[status].clone()
    }

    /// Reads the role of the permission set in the account from the database.
    fn role(&self, account: &str, set: &str) -> Option<Role> {
        let arn: model::ids::PermissionSetArn = set.parse().unwrap();
        self.bench.as_caller(&Portico::itself(), |ctx| {
            let permit = ctx.authorize("portico:Test", "*").unwrap();
            let mut read = ctx.read(&permit).unwrap();
            role::find(&mut read, &arn.instance_id, &account.parse().unwrap(), &arn.id).unwrap()
        })
    }
}

/// Returns an assignment of a user in the management account.
fn for_user(set: &str, user_id: &str) -> Value {
    assignment(ACCOUNT, set, "USER", user_id)
}

fn assignment(account: &str, set: &str, kind: &str, id: &str) -> Value {
    json!({
        "TargetId": account,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": set,
        "PrincipalType": kind,
        "PrincipalId": id,
    })
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap().to_owned()
}

/// Returns the texts of a list, or of a field of all its items.
fn each(reply: &Value, list: &str, field: Option<&str>) -> Vec<String> {
    let items = reply.get(list).and_then(Value::as_array).unwrap();
    let item = |item: &Value| field.map_or(item, |field| &item[field]).as_str().unwrap().to_owned();
    items.iter().map(item).collect()
}

/// Returns the invalid field of a refused request.
fn wrong_field(reply: Result<Value, Fault>) -> String {
    match reply {
        Err(Fault::Invalid { field, .. }) => field.into_owned(),
        other => format!("{other:?}"),
    }
}

/// Returns the kind of the entity that a request did not find.
fn missing(reply: Result<Value, Fault>) -> String {
    match reply {
        Err(Fault::NotFound { entity, .. }) => entity.to_string(),
        other => format!("{other:?}"),
    }
}

fn is_conflict(reply: &Result<Value, Fault>) -> bool {
    matches!(reply, Err(Fault::Conflict { .. }))
}

/// Lists all pages of a list with page size one, and returns the texts.
fn one_by_one(center: &Center, operation: &str, body: &Value, list: &str) -> Vec<String> {
    let (mut all, mut token) = (Vec::new(), Value::Null);
    loop {
        let mut page = body.clone();
        let fields = page.as_object_mut().unwrap();
        fields.insert("MaxResults".to_owned(), 1.into());
        fields.insert("NextToken".to_owned(), token);
        let reply = center.call(operation, page).unwrap();
        let items = reply.get(list).and_then(Value::as_array).unwrap();
        assert!(items.len() <= 1, "{reply}");
        all.extend(items.iter().map(ToString::to_string));
        token = reply["NextToken"].clone();
        if token.is_null() {
            return all;
        }
    }
}
