//! Operations of organizations, from the JSON of the request to the JSON of the reply, in memory,
//! with their jobs.

use std::sync::Arc;

use model::shown_user::seconds;
use model::{Entity, Fault, OrganizationsEntity};
use policy::Caller;
use serde_json::{Value, json};
use store::Location;
use testing::{ACCOUNT, Bench, START_MS, role};

#[expect(clippy::needless_pass_by_value, reason = "tests write their requests in place")]
fn call(bench: &Bench, operation: &str, body: Value) -> Result<Value, Fault> {
    bench.call(&format!("AWSOrganizationsV20161128.{operation}"), &body)
}

fn call_as(
    bench: &Bench,
    caller: &Arc<Caller>,
    operation: &str,
    body: &Value,
) -> Result<Value, Fault> {
    bench.call_as(caller, &format!("AWSOrganizationsV20161128.{operation}"), body)
}

fn work(bench: &Bench) {
    while bench.run_job().unwrap() {}
}

fn begin(bench: &Bench, name: &str, email: &str) -> Value {
    let body = json!({"AccountName": name, "Email": email});
    let begun = call(bench, "CreateAccount", body).unwrap();
    begun["CreateAccountStatus"].clone()
}

/// Returns the status of a request for an account.
fn status(bench: &Bench, begun: &Value) -> Value {
    let body = json!({"CreateAccountRequestId": begun["Id"]});
    let described = call(bench, "DescribeCreateAccountStatus", body).unwrap();
    described["CreateAccountStatus"].clone()
}

fn create(bench: &Bench, name: &str) -> String {
    let begun = begin(bench, name, &format!("{name}@example.com"));
    work(bench);
    status(bench, &begun)["AccountId"].as_str().unwrap().to_owned()
}

fn wrong_field(reply: Result<Value, Fault>) -> String {
    match reply {
        Err(Fault::Invalid { field, .. }) => field.into_owned(),
        other => format!("{other:?}"),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "tests ask of replies in place")]
fn missing(reply: Result<Value, Fault>) -> Option<Entity> {
    match reply {
        Err(Fault::NotFound { entity, .. }) => Some(entity),
        _ => None,
    }
}

#[test]
fn an_account_is_made_in_the_background() {
    let bench = Bench::new();
    let begun = begin(&bench, "Storage", "storage@example.com");
    let id = begun["Id"].as_str().unwrap();
    assert!(id.starts_with("car-") && id.len() == 36, "{id}");
    assert_eq!(
        begun,
        json!({
            "Id": id, "AccountName": "Storage", "State": "IN_PROGRESS",
            "RequestedTimestamp": seconds(START_MS),
        })
    );
    assert_eq!(status(&bench, &begun), begun);
    bench.clock.advance(5000);
    work(&bench);
    let ended = status(&bench, &begun);
    let account_id = ended["AccountId"].as_str().unwrap();
    assert_eq!(
        ended,
        json!({
            "Id": id, "AccountName": "Storage", "State": "SUCCEEDED",
            "RequestedTimestamp": seconds(START_MS),
            "CompletedTimestamp": seconds(START_MS + 5000), "AccountId": account_id,
        })
    );
    let organization = call(&bench, "DescribeOrganization", json!({})).unwrap();
    let organization = organization["Organization"]["Id"].as_str().unwrap();
    let root = call(&bench, "ListRoots", json!({})).unwrap()["Roots"][0]["Id"].clone();
    let root = root.as_str().unwrap();
    let described = call(&bench, "DescribeAccount", json!({ "AccountId": account_id })).unwrap();
    let account = json!({
        "Id": account_id,
        "Arn": format!("arn:aws:organizations::{ACCOUNT}:account/{organization}/{account_id}"),
        "Email": "storage@example.com", "Name": "Storage", "Status": "ACTIVE", "State": "ACTIVE",
        "Paths": [format!("{organization}/{root}/{account_id}/")],
        "JoinedMethod": "CREATED", "JoinedTimestamp": seconds(START_MS + 5000),
    });
    assert_eq!(described, json!({ "Account": account }));
    let listed = call(&bench, "ListAccounts", json!({})).unwrap();
    assert_eq!(listed["Accounts"].as_array().unwrap().len(), 2);
    let parents = call(&bench, "ListParents", json!({ "ChildId": account_id })).unwrap();
    assert_eq!(parents, json!({"Parents": [{"Id": root, "Type": "ROOT"}]}));
}

#[test]
fn an_address_belongs_to_one_account() {
    let bench = Bench::new();
    let first = begin(&bench, "One", "same@example.com");
    let second = begin(&bench, "Two", "SAME@example.com");
    work(&bench);
    let mut ended = [status(&bench, &first), status(&bench, &second)];
    ended.sort_by_key(|status| status["State"].to_string());
    let [failed, made] = ended;
    assert_eq!(made["State"], "SUCCEEDED");
    assert_eq!((&failed["State"], &failed["AccountId"]), (&"FAILED".into(), &Value::Null));
    assert_eq!(failed["FailureReason"], "EMAIL_ALREADY_EXISTS");
    let listed = call(&bench, "ListAccounts", json!({})).unwrap();
    assert_eq!(listed["Accounts"].as_array().unwrap().len(), 2);
}

#[test]
fn requests_for_accounts_are_listed_newest_first() {
    let bench = Bench::new();
    let mut begun = Vec::new();
    for (name, email) in [("A", "a@example.com"), ("B", "a@example.com"), ("C", "c@example.com")] {
        bench.clock.advance(1000);
        begun.insert(0, begin(&bench, name, email));
        if name != "C" {
            work(&bench);
        }
    }
    let names = |body: Value| {
        let listed = call(&bench, "ListCreateAccountStatus", body).unwrap();
        let statuses = listed["CreateAccountStatuses"].as_array().unwrap().clone();
        let names: String = statuses.iter().map(|it| it["AccountName"].as_str().unwrap()).collect();
        (names, listed["NextToken"].clone())
    };
    assert_eq!(names(json!({})).0, "CBA");
    assert_eq!(names(json!({"States": ["SUCCEEDED", "IN_PROGRESS"]})).0, "CA");
    assert_eq!(names(json!({"States": ["FAILED"]})).0, "B");
    let (first, token) = names(json!({"MaxResults": 2}));
    assert_eq!(first, "CB");
    assert_eq!(names(json!({"MaxResults": 2, "NextToken": token})), ("A".to_owned(), Value::Null));
    let wrong = |body| wrong_field(call(&bench, "ListCreateAccountStatus", body));
    assert_eq!(wrong(json!({"States": ["DONE"]})), "States[0]");
    assert_eq!(wrong(json!({"MaxResults": 21})), "MaxResults");
}

#[test]
fn what_an_account_cannot_have_here_is_refused() {
    let bench = Bench::new();
    let create = |more: Value| {
        let mut body = json!({"AccountName": "A", "Email": "a@example.com"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        call(&bench, "CreateAccount", body)
    };
    let role = create(json!({"RoleName": "OrganizationAccountAccessRole"}));
    assert!(matches!(role, Err(Fault::Unsupported { .. })));
    let billing = create(json!({"IamUserAccessToBilling": "ALLOW"}));
    assert!(matches!(billing, Err(Fault::Unsupported { .. })));
    assert_eq!(
        wrong_field(create(json!({"IamUserAccessToBilling": "x"}))),
        "IamUserAccessToBilling"
    );
    assert_eq!(wrong_field(create(json!({"RoleName": "a b"}))), "RoleName");
    assert_eq!(wrong_field(create(json!({"Email": "a@b"}))), "Email");
    assert_eq!(wrong_field(create(json!({"Email": "a\u{202e}@example.com"}))), "Email");
    for name in ["", "  "] {
        assert_eq!(wrong_field(create(json!({"AccountName": name}))), "AccountName");
    }
    assert!(create(json!({"IamUserAccessToBilling": "DENY"})).is_ok());
}

#[test]
fn accounts_and_the_root_have_tags() {
    let bench = Bench::new();
    let tags = json!([{"Key": "a", "Value": "1"}]);
    let body = json!({"AccountName": "A", "Email": "a@example.com", "Tags": tags});
    let begun = call(&bench, "CreateAccount", body).unwrap()["CreateAccountStatus"].clone();
    work(&bench);
    let account = status(&bench, &begun)["AccountId"].clone();
    let root = call(&bench, "ListRoots", json!({})).unwrap()["Roots"][0]["Id"].clone();
    let list = |id: &Value| call(&bench, "ListTagsForResource", json!({ "ResourceId": id }));
    assert_eq!(list(&account), Ok(json!({ "Tags": tags })));
    assert_eq!(list(&root), Ok(json!({"Tags": []})));
    for id in [&account, &root] {
        let body = json!({"ResourceId": id, "Tags": [{"Key": "a", "Value": "2"}]});
        assert_eq!(call(&bench, "TagResource", body), Ok(json!({})));
        assert_eq!(list(id), Ok(json!({"Tags": [{"Key": "a", "Value": "2"}]})));
        let body = json!({"ResourceId": id, "TagKeys": ["a", "b"]});
        assert_eq!(call(&bench, "UntagResource", body), Ok(json!({})));
        assert_eq!(list(id), Ok(json!({"Tags": []})));
    }
    for unknown in ["210987654321", "r-0000", "ou-abcd-01234567", "p-12345678"] {
        assert_eq!(
            missing(list(&unknown.into())),
            Some(Entity::Organizations(OrganizationsEntity::Target)),
            "{unknown}"
        );
    }
    assert_eq!(wrong_field(list(&"x".into())), "ResourceId");
    let many: Vec<_> =
        (0..50).map(|number| json!({"Key": format!("k{number}"), "Value": ""})).collect();
    call(&bench, "TagResource", json!({"ResourceId": account, "Tags": many})).unwrap();
    let body = json!({"ResourceId": account, "Tags": [{"Key": "more", "Value": ""}]});
    assert!(matches!(call(&bench, "TagResource", body), Err(Fault::Quota { .. })));
    let first = list(&account).unwrap();
    assert_eq!(first["Tags"].as_array().unwrap().len(), 20);
    assert!(first["NextToken"].is_string());
}

#[test]
fn what_is_not_there_has_a_name_of_its_own() {
    let bench = Bench::new();
    let other = json!({"AccountId": "210987654321"});
    assert_eq!(
        missing(call(&bench, "DescribeAccount", other)),
        Some(Entity::Organizations(OrganizationsEntity::Account))
    );
    for child in ["210987654321", "ou-abcd-01234567"] {
        let refused = call(&bench, "ListParents", json!({ "ChildId": child }));
        assert_eq!(missing(refused), Some(Entity::Organizations(OrganizationsEntity::Child)));
    }
    assert_eq!(wrong_field(call(&bench, "ListParents", json!({"ChildId": "r-0000"}))), "ChildId");
    for id in ["car-0123456789abcdef0123456789abcdef", "car-examplecreateaccountrequestid1"] {
        let body = json!({ "CreateAccountRequestId": id });
        let refused = call(&bench, "DescribeCreateAccountStatus", body);
        assert_eq!(
            missing(refused),
            Some(Entity::Organizations(OrganizationsEntity::CreateAccountRequest)),
            "{id}"
        );
    }
    let wrong = call(&bench, "DescribeCreateAccountStatus", json!({"CreateAccountRequestId": "x"}));
    assert_eq!(wrong_field(wrong), "CreateAccountRequestId");
    for operation in ["ListRoots", "ListAccounts", "ListCreateAccountStatus"] {
        let refused = call(&bench, operation, json!({"NextToken": "AAAA"}));
        assert_eq!(wrong_field(refused), "NextToken", "{operation}");
    }
}

#[test]
fn an_account_that_stands_alone_makes_an_organization_once() {
    let bench = Bench::found(Location::Memory, false);
    for operation in ["DescribeOrganization", "ListAccounts", "ListRoots"] {
        let refused = call(&bench, operation, json!({}));
        assert_eq!(
            missing(refused),
            Some(Entity::Organizations(OrganizationsEntity::Organization)),
            "{operation}"
        );
    }
    let bills = json!({"FeatureSet": "CONSOLIDATED_BILLING"});
    let refused = call(&bench, "CreateOrganization", bills);
    assert!(matches!(refused, Err(Fault::Unsupported { .. })));
    let wrong = call(&bench, "CreateOrganization", json!({"FeatureSet": "SOME"}));
    assert_eq!(wrong_field(wrong), "FeatureSet");
    let made = call(&bench, "CreateOrganization", json!({"FeatureSet": "ALL"})).unwrap();
    assert_eq!(made["Organization"]["MasterAccountId"], ACCOUNT);
    assert_eq!(call(&bench, "DescribeOrganization", json!({})), Ok(made.clone()));
    let done = bench.logged("organizations:CreateOrganization");
    let done: Vec<_> = done.into_iter().filter(|event| event.error.is_none()).collect();
    assert_eq!(done.len(), 1);
    assert!(done[0].details.contains(made["Organization"]["Id"].as_str().unwrap()));
    let again = call(&bench, "CreateOrganization", json!({}));
    let twice = Fault::not_unique(OrganizationsEntity::Organization, "management account");
    assert_eq!(again, Err(twice));
    let instance = bench.call("SWBExternalService.CreateInstance", &json!({})).unwrap();
    let arn = json!({"InstanceArn": instance["InstanceArn"]});
    let found = bench.call("SWBExternalService.DescribeInstance", &arn).unwrap();
    assert_eq!(found["PermissionSetsEnabled"], true);
}

#[test]
fn the_first_start_is_told_of() {
    for with_organization in [true, false] {
        let bench = Bench::found(Location::Memory, with_organization);
        let [event] = bench.logged("portico:FoundOrganization").try_into().unwrap();
        assert!(event.details.contains(ACCOUNT), "{}", event.details);
        assert_eq!(event.details.contains("organizationId"), with_organization);
    }
}

#[test]
fn an_instance_that_was_made_before_the_organization_has_no_permission_sets() {
    let bench = Bench::found(Location::Memory, false);
    let made = bench.call("SWBExternalService.CreateInstance", &json!({})).unwrap();
    call(&bench, "CreateOrganization", json!({})).unwrap();
    let arn = json!({"InstanceArn": made["InstanceArn"]});
    let found = bench.call("SWBExternalService.DescribeInstance", &arn).unwrap();
    assert_eq!(found["PermissionSetsEnabled"], false);
}

#[test]
fn a_role_may_be_let_near_one_account_alone() {
    let bench = Bench::new();
    let (one, other) = (create(&bench, "one"), create(&bench, "other"));
    let statement = format!(
        r#"{{"Effect": "Allow", "Action": "organizations:*",
            "Resource": "arn:aws:organizations::{ACCOUNT}:account/*/{one}"}}"#
    );
    let caller = role(ACCOUNT, &statement);
    let describe =
        |id: &str| call_as(&bench, &caller, "DescribeAccount", &json!({ "AccountId": id }));
    assert!(describe(&one).is_ok());
    assert!(matches!(describe(&other), Err(Fault::Denied(_))));
}
