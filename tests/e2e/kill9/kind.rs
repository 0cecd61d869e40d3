//! The seven kinds of writes: the request of each, and where its result is listed.

use serde_json::Value;

use crate::support::Organization;

/// A kind of write. Texts with slashes are JSON pointers (RFC 6901).
#[derive(Debug)]
pub struct Kind {
    pub create: &'static str,
    /// The id in the reply, and in the event of the request.
    pub id: &'static str,
    pub event_id: &'static str,
    pub list: &'static str,
    /// The array in the list's reply, and the id in each element.
    pub listed: &'static str,
    pub listed_id: &'static str,
    pub describe: &'static str,
    /// The input member of `describe` for the id.
    pub asked: &'static str,
    pub described: &'static str,
    /// For a request with a job: the input of `list` that selects pending jobs.
    pub unfinished: Option<&'static str>,
}

pub const USER: Kind = Kind {
    create: "AWSIdentityStore.CreateUser",
    id: "/UserId",
    event_id: "/responseElements/userId",
    list: "AWSIdentityStore.ListUsers",
    listed: "/Users",
    listed_id: "/UserId",
    describe: "AWSIdentityStore.DescribeUser",
    asked: "UserId",
    described: "",
    unfinished: None,
};

pub const GROUP: Kind = Kind {
    create: "AWSIdentityStore.CreateGroup",
    id: "/GroupId",
    event_id: "/responseElements/groupId",
    list: "AWSIdentityStore.ListGroups",
    listed: "/Groups",
    listed_id: "/GroupId",
    describe: "AWSIdentityStore.DescribeGroup",
    asked: "GroupId",
    described: "",
    unfinished: None,
};

/// Memberships, which are listed group by group.
pub const MEMBERSHIP: Kind = Kind {
    create: "AWSIdentityStore.CreateGroupMembership",
    id: "/MembershipId",
    event_id: "/responseElements/membershipId",
    list: "AWSIdentityStore.ListGroupMemberships",
    listed: "/GroupMemberships",
    listed_id: "/MembershipId",
    describe: "AWSIdentityStore.DescribeGroupMembership",
    asked: "MembershipId",
    described: "",
    unfinished: None,
};

pub const PERMISSION_SET: Kind = Kind {
    create: "SWBExternalService.CreatePermissionSet",
    id: "/PermissionSet/PermissionSetArn",
    event_id: "/responseElements/permissionSetArn",
    list: "SWBExternalService.ListPermissionSets",
    listed: "/PermissionSets",
    listed_id: "",
    describe: "SWBExternalService.DescribePermissionSet",
    asked: "PermissionSetArn",
    described: "/PermissionSet",
    unfinished: None,
};

pub const ASSIGNMENT: Kind = Kind {
    create: "SWBExternalService.CreateAccountAssignment",
    id: "/AccountAssignmentCreationStatus/RequestId",
    event_id: "/responseElements/requestId",
    list: "SWBExternalService.ListAccountAssignmentCreationStatus",
    listed: "/AccountAssignmentsCreationStatus",
    listed_id: "/RequestId",
    describe: "SWBExternalService.DescribeAccountAssignmentCreationStatus",
    asked: "AccountAssignmentCreationRequestId",
    described: "/AccountAssignmentCreationStatus",
    unfinished: Some(r#"{"Filter":{"Status":"IN_PROGRESS"}}"#),
};

pub const ACCOUNT: Kind = Kind {
    create: "AWSOrganizationsV20161128.CreateAccount",
    id: "/CreateAccountStatus/Id",
    event_id: "/responseElements/createAccountRequestId",
    list: "AWSOrganizationsV20161128.ListCreateAccountStatus",
    listed: "/CreateAccountStatuses",
    listed_id: "/Id",
    describe: "AWSOrganizationsV20161128.DescribeCreateAccountStatus",
    asked: "CreateAccountRequestId",
    described: "/CreateAccountStatus",
    unfinished: Some(r#"{"States":["IN_PROGRESS"]}"#),
};

pub const PROVISIONING: Kind = Kind {
    create: "SWBExternalService.ProvisionPermissionSet",
    id: "/PermissionSetProvisioningStatus/RequestId",
    event_id: "/responseElements/requestId",
    list: "SWBExternalService.ListPermissionSetProvisioningStatus",
    listed: "/PermissionSetsProvisioningStatus",
    listed_id: "/RequestId",
    describe: "SWBExternalService.DescribePermissionSetProvisioningStatus",
    asked: "ProvisionPermissionSetRequestId",
    described: "/PermissionSetProvisioningStatus",
    unfinished: Some(r#"{"Filter":{"Status":"IN_PROGRESS"}}"#),
};

pub const KINDS: [&Kind; 7] =
    [&USER, &GROUP, &MEMBERSHIP, &PERMISSION_SET, &ASSIGNMENT, &ACCOUNT, &PROVISIONING];

/// The input with the members that every operation of the service needs.
pub fn addressed(organization: &Organization<'_>, operation: &str, input: Value) -> Value {
    match operation.split('.').next() {
        Some("AWSIdentityStore") => organization.of_store(input),
        Some("SWBExternalService") => organization.of_instance(input),
        _ => input,
    }
}

/// All elements of a list, read page by page.
pub fn list_all(
    organization: &Organization<'_>,
    operation: &str,
    input: Value,
    listed: &str,
) -> Vec<Value> {
    let mut input = addressed(organization, operation, input);
    let mut all = Vec::new();
    loop {
        let mut page = organization.call(operation, &input).ok();
        let rows = page.pointer_mut(listed).unwrap().as_array_mut().unwrap();
        all.append(rows);
        if page["NextToken"].is_null() {
            return all;
        }
        input["NextToken"] = page["NextToken"].take();
    }
}
