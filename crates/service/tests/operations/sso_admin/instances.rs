//! Instances: create, list, describe, rename.

use model::Fault;
use model::shown_user::seconds;
use serde_json::{Value, json};
use testing::{ACCOUNT, START_MS, administrator};

use super::{Center, each, is_conflict, missing, wrong_field};

#[test]
fn the_organization_has_an_instance_with_permission_sets() {
    let center = Center::new();
    let found = center.call("DescribeInstance", json!({})).unwrap();
    let store_id = center.bench.store_id();
    let created = seconds(START_MS);
    assert_eq!(
        found,
        json!({
            "InstanceArn": center.arn,
            "IdentityStoreId": store_id,
            "IdentityStoreArn":
                format!("arn:aws:identitystore::{ACCOUNT}:identitystore/{store_id}"),
            "OwnerAccountId": ACCOUNT,
            "CreatedDate": created,
            "Status": "ACTIVE",
            "PrimaryRegion": "us-east-1",
            "Regions": [{
                "RegionName": "us-east-1", "Status": "ACTIVE", "AddedDate": created,
                "IsPrimaryRegion": true,
            }],
            "EncryptionConfigurationDetails":
                {"KeyType": "AWS_OWNED_KMS_KEY", "EncryptionStatus": "ENABLED"},
            "NetworkConfigurationDetails": {"VpceAccessRequired": false},
            "PermissionSetsEnabled": true,
        })
    );
    let unknown = json!({"InstanceArn": "arn:aws:sso:::instance/ssoins-ffffffffffffffff"});
    assert_eq!(missing(center.call("DescribeInstance", unknown)), "instance");
}

#[test]
fn the_event_of_a_new_instance_names_it_and_its_identity_store() {
    let center = Center::new();
    let second = administrator(&center.create_account("second"));
    center.bench.clock.advance(1);
    center.bench.call_as(&second, "SWBExternalService.CreateInstance", &json!({})).unwrap();
    let listed = center.bench.call_as(&second, "SWBExternalService.ListInstances", &json!({}));
    let instances = listed.unwrap()["Instances"].as_array().unwrap().clone();
    let own = instances.iter().find(|it| it["InstanceArn"] != center.arn.as_str()).unwrap();
    let events = center.bench.logged("sso:CreateInstance");
    let answered = events.iter().map(|event| {
        let details: Value = serde_json::from_str(&event.details).unwrap();
        details["responseElements"].clone()
    });
    assert_eq!(
        answered.collect::<Vec<_>>(),
        [
            json!({"instanceArn": center.arn, "identityStoreId": center.bench.store_id()}),
            json!({"instanceArn": own["InstanceArn"], "identityStoreId": own["IdentityStoreId"]}),
        ]
    );
}

#[test]
fn an_account_owns_one_instance() {
    let center = Center::new();
    assert!(is_conflict(&center.call("CreateInstance", json!({}))));
}

#[test]
fn an_account_of_its_own_makes_an_instance_without_permission_sets() {
    let center = Center::new();
    let second = center.create_account("second");
    let caller = administrator(&second);
    let call = |operation: &str, body: Value| {
        center.bench.call_as(&caller, &format!("SWBExternalService.{operation}"), &body)
    };
    let body = json!({"Name": "Mine", "ClientToken": "t-1", "Tags": [{"Key": "a", "Value": "b"}]});
    let made = call("CreateInstance", body.clone()).unwrap();
    let arn = json!({"InstanceArn": made["InstanceArn"]});
    let found = call("DescribeInstance", arn.clone()).unwrap();
    assert_eq!((&found["Name"], &found["PermissionSetsEnabled"]), (&"Mine".into(), &false.into()));
    assert_eq!(found["OwnerAccountId"], second.as_str());
    assert_ne!(found["IdentityStoreId"], center.bench.store_id().as_str());

    // A repeated request returns the same instance; another request with the same token fails.
    assert_eq!(call("CreateInstance", body), Ok(made.clone()));
    let other = json!({"Name": "Other", "ClientToken": "t-1"});
    assert!(is_conflict(&call("CreateInstance", other)));
    assert!(is_conflict(&call("CreateInstance", json!({"ClientToken": "t-2"}))));

    let refused =
        call("CreatePermissionSet", json!({"InstanceArn": arn["InstanceArn"], "Name": "A"}));
    let because = "The operation is not supported for this Identity Center instance";
    assert_eq!(refused, Err(Fault::Unsupported { because: because.into() }));
    for operation in [
        "ListPermissionSets",
        "ListAccountAssignmentCreationStatus",
        "ListAccountAssignmentDeletionStatus",
        "ListPermissionSetProvisioningStatus",
    ] {
        assert!(matches!(call(operation, arn.clone()), Err(Fault::Unsupported { .. })));
    }
    let enable = json!({"InstanceArn": made["InstanceArn"], "PermissionSetsEnabled": true});
    assert!(matches!(call("UpdateInstance", enable), Err(Fault::Unsupported { .. })));

    // A member sees the organisation's instance and its own; the management account sees only its
    // own.
    let listed = call("ListInstances", json!({})).unwrap();
    let mut arns = each(&listed, "Instances", Some("InstanceArn"));
    arns.sort();
    let mut both = vec![center.arn.clone(), made["InstanceArn"].as_str().unwrap().to_owned()];
    both.sort();
    assert_eq!(arns, both);
    let first = call("ListInstances", json!({"MaxResults": 1})).unwrap();
    let next = json!({"MaxResults": 1, "NextToken": first["NextToken"]});
    let next = call("ListInstances", next).unwrap();
    assert_eq!(each(&next, "Instances", Some("InstanceArn")), both[1..]);
    assert!(next.get("NextToken").is_none());
    let own = center.call("ListInstances", json!({"RegionScope": "ALL_REGIONS"})).unwrap();
    assert_eq!(each(&own, "Instances", Some("InstanceArn")), [center.arn.as_str()]);
    let wrong = json!({"RegionScope": "EVERYWHERE"});
    assert_eq!(wrong_field(center.call("ListInstances", wrong)), "RegionScope");
}

#[test]
fn an_instance_is_named_and_unnamed() {
    let center = Center::new();
    let rename = |name: &str| center.call("UpdateInstance", json!({ "Name": name }));
    let name = || center.call("DescribeInstance", json!({})).unwrap().get("Name").cloned();
    assert_eq!(name(), None);
    assert_eq!(rename("Example"), Ok(json!({})));
    assert_eq!(name(), Some("Example".into()));
    assert_eq!(wrong_field(rename("a b")), "Name");
    assert_eq!(center.call("UpdateInstance", json!({})), Ok(json!({})));
    assert_eq!(name(), Some("Example".into()));
    assert_eq!(rename(""), Ok(json!({})));
    assert_eq!(name(), None);
}

#[test]
fn nothing_is_set_that_would_not_be_obeyed() {
    let center = Center::new();
    let update = |body: Value| center.call("UpdateInstance", body);
    // Settings may be set to their current value.
    for body in [
        json!({"EncryptionConfiguration": {"KeyType": "AWS_OWNED_KMS_KEY"}}),
        json!({"PermissionSetsEnabled": true}),
        json!({"NetworkConfiguration": {"VpceAccessRequired": false, "AllowSourceIps": []}}),
    ] {
        assert_eq!(update(body), Ok(json!({})));
    }
    let key = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-4000-8000-000000000000";
    let customer = json!({"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": key});
    let sources = json!({"VpceAccessRequired": false, "AllowSourceIps": ["192.0.2.0/24"]});
    for body in [
        json!({ "EncryptionConfiguration": customer }),
        json!({"NetworkConfiguration": {"VpceAccessRequired": true}}),
        json!({ "NetworkConfiguration": sources }),
    ] {
        let refused = update(body);
        assert!(matches!(refused, Err(Fault::Unsupported { .. })), "{refused:?}");
    }
    let wrong = |body: Value| wrong_field(update(body));
    assert_eq!(wrong(json!({"PermissionSetsEnabled": false})), "PermissionSetsEnabled");
    assert_eq!(wrong(json!({"EncryptionConfiguration": {}})), "EncryptionConfiguration.KeyType");
    let network = json!({"VpceAccessRequired": false, "AllowSourceIps": ["here"]});
    let field = "NetworkConfiguration.AllowSourceIps[0]";
    assert_eq!(wrong(json!({ "NetworkConfiguration": network })), field);
    let both = json!({
        "PermissionSetsEnabled": true,
        "NetworkConfiguration": {"VpceAccessRequired": false},
    });
    assert_eq!(wrong(both), "NetworkConfiguration");
}
