//! IAM Identity Center (sso-admin): instances, permission sets, assignments.

use serde_json::{Value, json};

use crate::world::{at, is_in_progress, merged};
use crate::{Api, Call, Callers, World};

/// Fills in [`World::instance`] and [`World::identity_store`]: the organization's instance is enabled
/// when a walk begins.
pub fn walk_instance(api: &mut dyn Api, world: &mut World) {
    let list = list_instances();
    let listed = api.call(&list);
    world.instance = at(&listed, "/Instances/0/InstanceArn");
    world.identity_store = at(&listed, "/Instances/0/IdentityStoreId");
    let name = world.of_instance(&json!({ "Name": "Example" }));
    api.step("SWBExternalService.UpdateInstance", name);
    api.step("SWBExternalService.DescribeInstance", world.of_instance(&json!({})));
    // The name is in the list only now.
    api.call(&list);
}

/// AWS: lists the instances that are visible to the caller's account.
fn list_instances() -> Call {
    Call::new("SWBExternalService.ListInstances", json!({})).by(Callers::Organization)
}

/// Fills in [`World::permission_sets`].
pub fn walk_permission_sets(api: &mut dyn Api, world: &mut World) {
    let tags = json!([{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "2" }]);
    let full = json!({
        "Name": "Reader", "Description": "Reads", "SessionDuration": "PT2H",
        "RelayState": "https://example.com/", "Tags": tags,
    });
    world.permission_sets = [full, json!({ "Name": "Writer" })].map(|new| {
        let made = api.step("SWBExternalService.CreatePermissionSet", world.of_instance(&new));
        at(&made, "/PermissionSet/PermissionSetArn")
    });
    let [reader, _] = &world.permission_sets;
    let set = world.of_instance(&json!({ "PermissionSetArn": reader }));
    api.step("SWBExternalService.DescribePermissionSet", set.clone());
    api.step("SWBExternalService.ListPermissionSets", world.of_instance(&json!({})));
    let change = merged(&set, &json!({ "Description": "Reads all" }));
    api.step("SWBExternalService.UpdatePermissionSet", change);
    for policy in ["ReadOnlyAccess", "job-function/ViewOnlyAccess"] {
        let policy = merged(&set, &managed_policy(policy));
        api.step("SWBExternalService.AttachManagedPolicyToPermissionSet", policy);
    }
    api.step("SWBExternalService.ListManagedPoliciesInPermissionSet", set.clone());
    let statement = json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }]);
    let policy = json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
    let inline = merged(&set, &json!({ "InlinePolicy": policy }));
    api.step("SWBExternalService.PutInlinePolicyToPermissionSet", inline);
    api.step("SWBExternalService.GetInlinePolicyForPermissionSet", set);
    let resource = world.of_instance(&json!({ "ResourceArn": reader }));
    let tags = merged(&resource, &json!({ "Tags": [{ "Key": "c", "Value": "3" }] }));
    api.step("SWBExternalService.TagResource", tags);
    api.step("SWBExternalService.ListTagsForResource", resource.clone());
    let keys = merged(&resource, &json!({ "TagKeys": ["c"] }));
    api.step("SWBExternalService.UntagResource", keys);
}

fn managed_policy(name: &str) -> Value {
    json!({ "ManagedPolicyArn": format!("arn:aws:iam::aws:policy/{name}") })
}

/// Assigns the permission sets, with a second page in every list, and provisions one again.
pub fn walk_assignments(api: &mut dyn Api, world: &World) {
    for assignment in assignments(world) {
        let begun = api.step("SWBExternalService.CreateAccountAssignment", assignment);
        let id = at(&begun, "/AccountAssignmentCreationStatus/RequestId");
        let id = world.of_instance(&json!({ "AccountAssignmentCreationRequestId": id }));
        let status = Call::new("SWBExternalService.DescribeAccountAssignmentCreationStatus", id);
        finish(api, &status, "/AccountAssignmentCreationStatus/Status");
    }
    let all = world.of_instance(&json!({}));
    api.step("SWBExternalService.ListAccountAssignmentCreationStatus", all.clone());
    let ([account, _], [reader, _]) = (&world.accounts, &world.permission_sets);
    let [user, _] = &world.users;
    let set = world.of_instance(&json!({ "PermissionSetArn": reader }));
    let of_account = world.of_instance(&json!({ "AccountId": account }));
    let both = merged(&set, &of_account);
    api.step("SWBExternalService.ListAccountAssignments", both);
    let principal = world.of_instance(&json!({ "PrincipalId": user, "PrincipalType": "USER" }));
    api.step("SWBExternalService.ListAccountAssignmentsForPrincipal", principal);
    for target in [
        json!({ "TargetId": account, "TargetType": "AWS_ACCOUNT" }),
        json!({ "TargetType": "ALL_PROVISIONED_ACCOUNTS" }),
    ] {
        let target = merged(&set, &target);
        let begun = api.step("SWBExternalService.ProvisionPermissionSet", target);
        let id = at(&begun, "/PermissionSetProvisioningStatus/RequestId");
        let id = world.of_instance(&json!({ "ProvisionPermissionSetRequestId": id }));
        let status = Call::new("SWBExternalService.DescribePermissionSetProvisioningStatus", id);
        finish(api, &status, "/PermissionSetProvisioningStatus/Status");
    }
    api.step("SWBExternalService.ListPermissionSetProvisioningStatus", all);
    api.step("SWBExternalService.ListAccountsForProvisionedPermissionSet", set);
    api.step("SWBExternalService.ListPermissionSetsProvisionedToAccount", of_account);
}

/// The inputs of the assignments.
fn assignments(world: &World) -> [Value; 4] {
    let ([account, other], [reader, writer]) = (&world.accounts, &world.permission_sets);
    let ([user, _], [group, _]) = (&world.users, &world.groups);
    let all = [
        (account, reader, "USER", user),
        (account, reader, "GROUP", group),
        (account, writer, "USER", user),
        (other, reader, "USER", user),
    ];
    all.map(|(account, set, kind, principal)| {
        world.of_instance(&json!({
            "TargetId": account, "TargetType": "AWS_ACCOUNT", "PermissionSetArn": set,
            "PrincipalType": kind, "PrincipalId": principal,
        }))
    })
}

/// Reads the status of a job while it may be pending, and waits for the job.
fn finish(api: &mut dyn Api, status: &Call, pointer: &'static str) {
    api.call(status);
    api.wait(status, &is_in_progress(pointer));
}

/// Deletes the assignments and the permission sets.
pub fn take_down_permission_sets(api: &mut dyn Api, world: &World) {
    for assignment in assignments(world) {
        let begun = api.step("SWBExternalService.DeleteAccountAssignment", assignment);
        let id = at(&begun, "/AccountAssignmentDeletionStatus/RequestId");
        let id = world.of_instance(&json!({ "AccountAssignmentDeletionRequestId": id }));
        let status = Call::new("SWBExternalService.DescribeAccountAssignmentDeletionStatus", id);
        finish(api, &status, "/AccountAssignmentDeletionStatus/Status");
    }
    let all = world.of_instance(&json!({}));
    api.step("SWBExternalService.ListAccountAssignmentDeletionStatus", all);
    let [reader, _] = &world.permission_sets;
    let set = world.of_instance(&json!({ "PermissionSetArn": reader }));
    api.step("SWBExternalService.DeleteInlinePolicyFromPermissionSet", set.clone());
    let policy = merged(&set, &managed_policy("ReadOnlyAccess"));
    api.step("SWBExternalService.DetachManagedPolicyFromPermissionSet", policy);
    for set in &world.permission_sets {
        let set = world.of_instance(&json!({ "PermissionSetArn": set }));
        api.step("SWBExternalService.DeletePermissionSet", set);
    }
}

/// Deletes the instance, and makes another one.
pub fn take_down_instance(api: &mut dyn Api, world: &World) {
    let create = Call::new("SWBExternalService.CreateInstance", json!({ "Name": "Another" }));
    // AWS: a member account may have an instance of its own.
    let create = create.by(Callers::Organization);
    // Callers with keys of the instance lose them when the instance is deleted.
    api.refuse(&create);
    api.step("SWBExternalService.DeleteInstance", world.of_instance(&json!({})));
    api.wait(&list_instances(), &|listed: &Value| {
        let listed = listed.get("Instances").and_then(Value::as_array);
        listed.into_iter().flatten().any(|it| it.get("InstanceArn") == Some(&world.instance))
    });
    api.succeed(&create);
}
