//! Administration of a bench's instance: permission sets, assignments and their jobs.

use kernel::Portico;
use model::Fault;
use model::ids::PermissionSetArn;
use model::role::Role;
use serde_json::{Value, json};
use store::role;

use super::{ACCOUNT, Bench};

/// Bench whose instance is administered.
pub struct Center {
    pub bench: Bench,
    /// ARN of the instance.
    pub arn: String,
}

impl Center {
    pub fn new() -> Self {
        let bench = Bench::new();
        let arn = bench.instance().id.arn();
        Self { bench, arn }
    }

    /// Calls an operation of the service on the instance.
    pub fn call(&self, operation: &str, body: Value) -> Result<Value, Fault> {
        self.bench.call(&format!("SWBExternalService.{operation}"), &self.body(body))
    }

    /// Adds the ARN of the instance to a request that has none.
    pub fn body(&self, mut body: Value) -> Value {
        let fields = body.as_object_mut().unwrap();
        fields.entry("InstanceArn").or_insert_with(|| self.arn.as_str().into());
        body
    }

    /// Runs every due job to its end.
    pub fn work(&self) {
        self.bench.finish_jobs();
    }

    pub fn create_set(&self, name: &str) -> String {
        let reply = self.call("CreatePermissionSet", json!({ "Name": name })).unwrap();
        text(&reply, "/PermissionSet/PermissionSetArn")
    }

    /// Creates a permission set whose inline policy allows the actions on everything.
    pub fn create_set_of(&self, name: &str, actions: &[&str]) -> String {
        let set = self.create_set(name);
        let statement = json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
        let policy = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
        let body = json!({"PermissionSetArn": set, "InlinePolicy": policy});
        self.call("PutInlinePolicyToPermissionSet", body).unwrap();
        set
    }

    pub fn create_user(&self, name: &str) -> String {
        self.bench.create_user(name).to_string()
    }

    pub fn create_group(&self, name: &str) -> String {
        let body = json!({"IdentityStoreId": self.bench.store_id(), "DisplayName": name});
        text(&self.bench.call("AWSIdentityStore.CreateGroup", &body).unwrap(), "/GroupId")
    }

    pub fn join(&self, group_id: &str, user_id: &str) {
        let body = json!({
            "IdentityStoreId": self.bench.store_id(),
            "GroupId": group_id,
            "MemberId": {"UserId": user_id},
        });
        self.bench.call("AWSIdentityStore.CreateGroupMembership", &body).unwrap();
    }

    pub fn create_account(&self, name: &str) -> String {
        let body = json!({"AccountName": name, "Email": format!("{name}@example.com")});
        let begun = self.bench.call("AWSOrganizationsV20161128.CreateAccount", &body).unwrap();
        self.work();
        let body = json!({"CreateAccountRequestId": begun["CreateAccountStatus"]["Id"]});
        let operation = "AWSOrganizationsV20161128.DescribeCreateAccountStatus";
        text(&self.bench.call(operation, &body).unwrap(), "/CreateAccountStatus/AccountId")
    }

    /// Creates an assignment, runs its job if it has one, and returns the final status.
    pub fn assign(&self, body: &Value) -> Value {
        self.done(
            ["CreateAccountAssignment", "DescribeAccountAssignmentCreationStatus"],
            ["AccountAssignmentCreationStatus", "AccountAssignmentCreationRequestId"],
            body,
        )
    }

    /// Deletes an assignment, runs its job and returns the final status.
    pub fn unassign(&self, body: &Value) -> Value {
        self.done(
            ["DeleteAccountAssignment", "DescribeAccountAssignmentDeletionStatus"],
            ["AccountAssignmentDeletionStatus", "AccountAssignmentDeletionRequestId"],
            body,
        )
    }

    /// Provisions a permission set, runs its job and returns the final status.
    pub fn provision(&self, set: &str, target: &Value) -> Value {
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
        if started[status]["Status"] == "IN_PROGRESS" {
            self.work();
        }
        let ended = self.call(describe, json!({id: started[status]["RequestId"]})).unwrap();
        ended[status].clone()
    }

    /// Reads the role of the permission set in the account from the database.
    pub fn role(&self, account: &str, set: &str) -> Option<Role> {
        let arn: PermissionSetArn = set.parse().unwrap();
        self.bench.as_caller(&Portico::itself(), |ctx| {
            let permit = ctx.authorize("portico:Test", "*").unwrap();
            let mut read = ctx.read(&permit).unwrap();
            role::find(&mut read, &arn.instance_id, &account.parse().unwrap(), &arn.id).unwrap()
        })
    }
}

/// Returns an assignment of a user in the management account.
pub fn for_user(set: &str, user_id: &str) -> Value {
    assignment(ACCOUNT, set, "USER", user_id)
}

pub fn assignment(account: &str, set: &str, kind: &str, id: &str) -> Value {
    json!({
        "TargetId": account,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": set,
        "PrincipalType": kind,
        "PrincipalId": id,
    })
}

pub fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap().to_owned()
}
