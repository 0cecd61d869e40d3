//! Account assignments and the jobs that create and delete them.

use model::Fault;
use serde_json::{Value, json};
use sso_admin::provision_permission_set;
use testing::{ACCOUNT, administrator};

use super::{
    Center, assignment, each, for_user, is_conflict, missing, one_by_one, text, wrong_field,
};

#[test]
fn the_first_assignment_waits_for_its_role_and_is_then_listed() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    let begun = center.call("CreateAccountAssignment", for_user(&set, &user)).unwrap();
    let status = &begun["AccountAssignmentCreationStatus"];
    assert_eq!(status["Status"], "IN_PROGRESS");
    assert_eq!(status["TargetId"], ACCOUNT);
    assert_eq!(status["TargetType"], "AWS_ACCOUNT");
    assert_eq!(status["PermissionSetArn"], set.as_str());
    assert_eq!((&status["PrincipalType"], &status["PrincipalId"]), (&"USER".into(), &user.into()));
    assert!(status.get("FailureReason").is_none());

    let where_ = json!({"AccountId": ACCOUNT, "PermissionSetArn": set});
    let list = || center.call("ListAccountAssignments", where_.clone()).unwrap();
    assert_eq!(list(), json!({"AccountAssignments": []}));
    center.work();
    let id = json!({"AccountAssignmentCreationRequestId": status["RequestId"]});
    let ended = center.call("DescribeAccountAssignmentCreationStatus", id).unwrap();
    let mut expected = begun.clone();
    expected["AccountAssignmentCreationStatus"]["Status"] = "SUCCEEDED".into();
    assert_eq!(ended, expected);
    let only = json!([{
        "AccountId": ACCOUNT, "PermissionSetArn": set, "PrincipalType": "USER",
        "PrincipalId": status["PrincipalId"],
    }]);
    assert_eq!(list()["AccountAssignments"], only);
}

#[test]
fn an_assignment_to_a_role_that_is_there_is_made_at_once() {
    let center = Center::new();
    let set = center.create_set("Reader");
    let [ann, jane] = ["ann", "jane"].map(|name| center.create_user(name));
    center.assign(&for_user(&set, &ann));
    let role = center.role(ACCOUNT, &set).unwrap();

    let made = center.call("CreateAccountAssignment", for_user(&set, &jane)).unwrap();
    let status = &made["AccountAssignmentCreationStatus"];
    assert_eq!(status["Status"], "SUCCEEDED");
    let where_ = json!({"AccountId": ACCOUNT, "PermissionSetArn": set});
    let listed = center.call("ListAccountAssignments", where_).unwrap();
    let listed = each(&listed, "AccountAssignments", Some("PrincipalId"));
    assert!(listed.contains(&jane), "{listed:?}");
    // The status can be asked for as that of a job.
    let id = json!({"AccountAssignmentCreationRequestId": status["RequestId"]});
    assert_eq!(center.call("DescribeAccountAssignmentCreationStatus", id).as_ref(), Ok(&made));
    // One event has who asked and what came of it.
    let event = center.bench.events("sso:CreateAccountAssignment").pop().unwrap();
    let told: Value = serde_json::from_str(&event.details).unwrap();
    assert_eq!(told["requestParameters"]["principalId"], jane.as_str());
    assert_eq!(told["responseElements"]["requestId"], status["RequestId"]);
    assert_eq!(told["responseElements"]["roleName"], role.name.as_str());
    // Nothing is left to do.
    assert_eq!(center.bench.run_job(), Ok(false));
}

#[test]
fn an_assignment_of_a_changed_permission_set_waits_for_its_provisioning() {
    let center = Center::new();
    let set = center.create_set("Reader");
    let [ann, jane] = ["ann", "jane"].map(|name| center.create_user(name));
    center.assign(&for_user(&set, &ann));
    let change = json!({"PermissionSetArn": set, "SessionDuration": "PT2H"});
    center.call("UpdatePermissionSet", change).unwrap();
    let begun = center.call("CreateAccountAssignment", for_user(&set, &jane)).unwrap();
    assert_eq!(begun["AccountAssignmentCreationStatus"]["Status"], "IN_PROGRESS");
    center.work();
    assert_eq!(center.role(ACCOUNT, &set).unwrap().session_duration_seconds, 7200);
}

#[test]
fn an_assignment_that_is_being_deleted_is_not_made_before() {
    let center = Center::new();
    let set = center.create_set("Reader");
    for name in ["ann", "jane"] {
        center.assign(&for_user(&set, &center.create_user(name)));
    }
    let user = center.create_user("john");
    center.assign(&for_user(&set, &user));
    center.call("DeleteAccountAssignment", for_user(&set, &user)).unwrap();
    let refused = center.call("CreateAccountAssignment", for_user(&set, &user));
    assert!(is_conflict(&refused), "{refused:?}");
    center.work();
    assert_eq!(center.assign(&for_user(&set, &user))["Status"], "SUCCEEDED");
}

#[test]
fn an_assignment_needs_everything_that_it_joins() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    let group = center.create_group("Writers");
    let create = |body: Value| center.call("CreateAccountAssignment", body);
    let nobody = "00000000-0000-4000-8000-000000000000";
    assert_eq!(missing(create(for_user(&set, nobody))), "user");
    // The principal type must match the id.
    assert_eq!(missing(create(for_user(&set, &group))), "user");
    assert_eq!(missing(create(assignment(ACCOUNT, &set, "GROUP", &user))), "group");
    let elsewhere = assignment("210987654321", &set, "USER", &user);
    assert_eq!(missing(create(elsewhere)), "account");
    let unknown = set.replace("/ps-", "/ps-0").split_at(set.len()).0.to_owned();
    assert_eq!(missing(create(for_user(&unknown, &user))), "permission set");

    let wrong = |field: &str, value: Value| {
        let mut body = for_user(&set, &user);
        body.as_object_mut().unwrap().insert(field.to_owned(), value);
        assert_eq!(wrong_field(create(body)), field);
    };
    wrong("TargetId", "12345678901".into());
    wrong("TargetType", "AWS_OU".into());
    wrong("TargetType", Value::Null);
    wrong("PrincipalType", "ROLE".into());
    wrong("PrincipalId", "jane".into());
    wrong("PrincipalId", format!("arn:aws:identitystore:::user/{user}").into());
    wrong("PrincipalId", Value::Null);
    wrong("PermissionSetArn", Value::Null);
    wrong("InstanceArn", 1.into());
}

#[test]
fn the_same_assignment_again_changes_nothing() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    assert_eq!(center.assign(&for_user(&set, &user))["Status"], "SUCCEEDED");
    let before = center.role(ACCOUNT, &set);
    assert_eq!(center.assign(&for_user(&set, &user))["Status"], "SUCCEEDED");
    assert_eq!(center.role(ACCOUNT, &set), before);
    let where_ = json!({"AccountId": ACCOUNT, "PermissionSetArn": set});
    let listed = center.call("ListAccountAssignments", where_).unwrap();
    assert_eq!(each(&listed, "AccountAssignments", Some("PrincipalId")), [user]);
}

#[test]
fn two_requests_about_one_assignment_wait_for_each_other() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    let body = for_user(&set, &user);
    center.call("CreateAccountAssignment", body.clone()).unwrap();
    for operation in ["CreateAccountAssignment", "DeleteAccountAssignment"] {
        let refused = center.call(operation, body.clone());
        assert!(is_conflict(&refused), "{operation}: {refused:?}");
    }
    // Another assignment is independent.
    let other = center.create_user("john");
    center.call("CreateAccountAssignment", for_user(&set, &other)).unwrap();
    center.work();
    center.call("DeleteAccountAssignment", body).unwrap();
}

#[test]
fn an_assignment_that_is_not_there_is_not_deleted() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    let refused = center.call("DeleteAccountAssignment", for_user(&set, &user));
    assert_eq!(missing(refused), "account assignment");
    // The refused request left no job that blocks the next one.
    assert_eq!(center.assign(&for_user(&set, &user))["Status"], "SUCCEEDED");
}

#[test]
fn a_principal_that_goes_in_between_makes_the_request_fail() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    let begun = center.call("CreateAccountAssignment", for_user(&set, &user)).unwrap();
    let body = json!({"IdentityStoreId": center.bench.store_id(), "UserId": user});
    center.bench.call("AWSIdentityStore.DeleteUser", &body).unwrap();
    center.work();
    let id = begun["AccountAssignmentCreationStatus"]["RequestId"].clone();
    let id = json!({"AccountAssignmentCreationRequestId": id});
    let ended = center.call("DescribeAccountAssignmentCreationStatus", id).unwrap();
    let status = &ended["AccountAssignmentCreationStatus"];
    assert_eq!(status["Status"], "FAILED");
    assert_eq!(status["FailureReason"], format!("USER {user} not found."));
    assert_eq!(center.role(ACCOUNT, &set), None);
}

#[test]
fn the_assignments_of_a_deleted_user_go_and_the_role_with_the_last() {
    let center = Center::new();
    let set = center.create_set("Reader");
    let (jane, john) = (center.create_user("jane"), center.create_user("john"));
    center.assign(&for_user(&set, &jane));
    center.assign(&for_user(&set, &john));
    let delete = |user: &str| {
        let body = json!({"IdentityStoreId": center.bench.store_id(), "UserId": user});
        center.bench.call("AWSIdentityStore.DeleteUser", &body).unwrap();
    };
    delete(&jane);
    center.work();
    assert!(center.role(ACCOUNT, &set).is_some());
    let where_ = json!({"AccountId": ACCOUNT, "PermissionSetArn": set});
    let listed = center.call("ListAccountAssignments", where_).unwrap();
    assert_eq!(each(&listed, "AccountAssignments", Some("PrincipalId")), [john.as_str()]);
    delete(&john);
    center.work();
    assert_eq!(center.role(ACCOUNT, &set), None);
}

#[test]
fn the_assignments_of_a_user_are_its_own_and_its_groups() {
    let center = Center::new();
    let user = center.create_user("jane");
    let (mine, other) = (center.create_group("Writers"), center.create_group("Others"));
    center.join(&mine, &user);
    let sets = ["A", "B", "C"].map(|name| center.create_set(name));
    let second = center.create_account("second");
    center.assign(&for_user(&sets[0], &user));
    center.assign(&assignment(ACCOUNT, &sets[1], "GROUP", &mine));
    center.assign(&assignment(&second, &sets[1], "GROUP", &mine));
    center.assign(&assignment(ACCOUNT, &sets[2], "GROUP", &other));

    let operation = "ListAccountAssignmentsForPrincipal";
    let of = |kind: &str, id: &str| json!({"PrincipalType": kind, "PrincipalId": id});
    let found = center.call(operation, of("USER", &user)).unwrap();
    let mut found: Vec<_> = found["AccountAssignments"].as_array().unwrap().clone();
    let line = |account: &str, set: &str, kind: &str, id: &str| {
        json!({
            "AccountId": account, "PermissionSetArn": set, "PrincipalType": kind,
            "PrincipalId": id,
        })
    };
    let mut expected = vec![
        line(ACCOUNT, &sets[0], "USER", &user),
        line(ACCOUNT, &sets[1], "GROUP", &mine),
        line(&second, &sets[1], "GROUP", &mine),
    ];
    for lines in [&mut found, &mut expected] {
        lines.sort_by_key(ToString::to_string);
    }
    assert_eq!(found, expected);
    let mut paged = one_by_one(&center, operation, &of("USER", &user), "AccountAssignments");
    paged.sort();
    assert_eq!(paged, expected.iter().map(ToString::to_string).collect::<Vec<_>>());

    let group = center.call(operation, of("GROUP", &mine)).unwrap();
    assert_eq!(group["AccountAssignments"].as_array().unwrap().len(), 2);
    let mut filtered = of("USER", &user);
    filtered["Filter"] = json!({ "AccountId": second });
    let filtered = center.call(operation, filtered).unwrap();
    assert_eq!(each(&filtered, "AccountAssignments", Some("AccountId")), [second]);
    let nobody = of("USER", "00000000-0000-4000-8000-000000000000");
    assert_eq!(missing(center.call(operation, nobody)), "user");
    let mut wrong = of("USER", &user);
    wrong["Filter"] = json!({"AccountId": "1"});
    assert_eq!(wrong_field(center.call(operation, wrong)), "Filter.AccountId");
}

#[test]
fn assignments_to_a_role_are_listed_page_by_page() {
    let center = Center::new();
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    let groups = ["A", "B"].map(|name| center.create_group(name));
    center.assign(&for_user(&set, &user));
    for group in &groups {
        center.assign(&assignment(ACCOUNT, &set, "GROUP", group));
    }
    let where_ = json!({"AccountId": ACCOUNT, "PermissionSetArn": set});
    let paged = one_by_one(&center, "ListAccountAssignments", &where_, "AccountAssignments");
    assert_eq!(paged.len(), 3);
    assert!(paged[2].contains(&user), "{paged:?}");
    let elsewhere = json!({"AccountId": "210987654321", "PermissionSetArn": set});
    assert_eq!(missing(center.call("ListAccountAssignments", elsewhere)), "account");
}

#[test]
fn requests_are_listed_newest_first_and_by_their_status() {
    let center = Center::new();
    let users = ["a", "b", "c"].map(|name| center.create_user(name));
    let mut ids = Vec::new();
    for (place, user) in users.iter().enumerate() {
        center.bench.clock.advance(1000);
        let set = &center.create_set(&format!("Reader{place}"));
        let begun = center.call("CreateAccountAssignment", for_user(set, user)).unwrap();
        ids.insert(0, text(&begun, "/AccountAssignmentCreationStatus/RequestId"));
        if place == 0 {
            let body = json!({"IdentityStoreId": center.bench.store_id(), "UserId": user});
            center.bench.call("AWSIdentityStore.DeleteUser", &body).unwrap();
        }
        if place < 2 {
            center.work();
        }
    }
    let operation = "ListAccountAssignmentCreationStatus";
    let list = |status: Option<&str>| {
        let filter = status.map(|status| json!({ "Status": status }));
        let listed = center.call(operation, json!({ "Filter": filter })).unwrap();
        each(&listed, "AccountAssignmentsCreationStatus", Some("RequestId"))
    };
    assert_eq!(list(None), ids);
    assert_eq!(list(Some("IN_PROGRESS")), ids[..1]);
    assert_eq!(list(Some("SUCCEEDED")), ids[1..2]);
    assert_eq!(list(Some("FAILED")), ids[2..]);
    let field = "AccountAssignmentsCreationStatus";
    assert_eq!(one_by_one(&center, operation, &json!({}), field).len(), 3);
    let wrong = json!({"Filter": {"Status": "DONE"}});
    assert_eq!(wrong_field(center.call(operation, wrong)), "Filter.Status");
    // A token of one filter is invalid with another filter.
    let first = center.call(operation, json!({"MaxResults": 1})).unwrap();
    let other = json!({"NextToken": first["NextToken"], "Filter": {"Status": "FAILED"}});
    assert_eq!(wrong_field(center.call(operation, other)), "NextToken");

    let none = center.call("ListAccountAssignmentDeletionStatus", json!({})).unwrap();
    assert_eq!(none, json!({"AccountAssignmentsDeletionStatus": []}));
    // The status of a creation cannot be read as the status of a deletion.
    let id = json!({"AccountAssignmentDeletionRequestId": ids[0]});
    let refused = center.call("DescribeAccountAssignmentDeletionStatus", id);
    assert_eq!(missing(refused), "request");
}

#[test]
fn a_hundred_groups_and_no_more_share_a_role() {
    let center = Center::new();
    let set = center.create_set("Reader");
    for number in 0..100 {
        let group = center.create_group(&format!("G{number}"));
        let status = center.assign(&assignment(ACCOUNT, &set, "GROUP", &group));
        assert_eq!(status["Status"], "SUCCEEDED");
    }
    let group = center.create_group("One too many");
    let refused =
        center.call("CreateAccountAssignment", assignment(ACCOUNT, &set, "GROUP", &group));
    let limit = "100 groups with one permission set in one account".into();
    assert_eq!(refused, Err(Fault::Quota { limit }));
    let user = center.create_user("jane");
    assert_eq!(center.assign(&for_user(&set, &user))["Status"], "SUCCEEDED");
}

#[test]
fn a_long_queue_slows_its_caller_down_and_refuses_more_in_the_end() {
    let center = Center::new();
    let hold_ms = || {
        center.bench.as_caller(&administrator(ACCOUNT), |ctx| {
            let permit = ctx.authorize(provision_permission_set::OPERATION.action, "*").unwrap();
            let room =
                provision_permission_set::JOB.require_room(ctx, &mut ctx.read(&permit).unwrap());
            (room.map(drop), ctx.request.hold.duration().as_millis())
        })
    };
    let (set, user) = (center.create_set("Reader"), center.create_user("jane"));
    center.assign(&for_user(&set, &user));
    let body = json!({
        "PermissionSetArn": set, "TargetType": "AWS_ACCOUNT", "TargetId": ACCOUNT,
    });
    let ask_until = |count| {
        for _ in 0..count {
            center.call("ProvisionPermissionSet", body.clone()).unwrap();
        }
        center.bench.clock.advance(1000);
        hold_ms()
    };
    assert_eq!(ask_until(250), (Ok(()), 0));
    assert_eq!(ask_until(50), (Ok(()), 50));
    assert_eq!(ask_until(700), (Err(Fault::Busy), 750));
    assert_eq!(center.call("ProvisionPermissionSet", body.clone()), Err(Fault::Busy));
    center.work();
    center.call("ProvisionPermissionSet", body).unwrap();
}
