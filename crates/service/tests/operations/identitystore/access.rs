//! Permissions and names of identity stores.

use model::Fault;
use serde_json::json;
use testing::{ACCOUNT, administrator, role};

use super::Store;

#[test]
fn a_policy_can_name_one_user_of_one_store() {
    let store = Store::new();
    let (jane, john) = (store.create_user("jane"), store.create_user("john"));
    let statement = json!({
        "Effect": "Allow",
        "Action": "identitystore:DescribeUser",
        "Resource": [
            format!("arn:aws:identitystore::{ACCOUNT}:identitystore/{}", store.id),
            format!("arn:aws:identitystore:::user/{jane}"),
        ],
    });
    let caller = role(ACCOUNT, &statement.to_string());
    let describe = |user_id: &str| {
        let body = store.body(json!({ "UserId": user_id }));
        store.bench.call_as(&caller, "AWSIdentityStore.DescribeUser", &body)
    };
    assert!(describe(&jane).is_ok());
    assert!(matches!(describe(&john), Err(Fault::Denied(_))));
}

#[test]
fn an_account_lists_its_own_identity_store() {
    let store = Store::new();
    let arn = format!("arn:aws:identitystore::{ACCOUNT}:identitystore/{}", store.id);
    let own = json!({"IdentityStoreId": store.id, "IdentityStoreArn": arn});
    assert_eq!(store.call("DescribeIdentityStore", json!({})), Ok(own.clone()));
    let list = |account: &str| {
        let caller = administrator(account);
        store.bench.call_as(&caller, "AWSIdentityStore.ListIdentityStores", &json!({}))
    };
    assert_eq!(list(ACCOUNT), Ok(json!({ "IdentityStores": [own] })));
    assert_eq!(list("210987654321"), Ok(json!({"IdentityStores": []})));
}

#[test]
fn a_store_is_named_by_its_arn_too() {
    let store = Store::new();
    let arn = format!("arn:aws:identitystore::{ACCOUNT}:identitystore/{}", store.id);
    let body = json!({ "IdentityStoreId": arn });
    let users = store.bench.call("AWSIdentityStore.ListUsers", &body);
    assert_eq!(users, Ok(json!({"Users": []})));
}

#[test]
fn a_store_that_requires_a_vpc_admits_its_allowed_addresses_only() {
    let store = Store::new();
    let (inside, outside) = ("192.0.2.77", "203.0.113.9");
    let call = |address: &str, operation: &str, body: serde_json::Value| {
        let operation = format!("AWSIdentityStore.{operation}");
        store.bench.call_from(address, &administrator(ACCOUNT), &operation, &store.body(body))
    };
    let set = |address: &str, network: serde_json::Value| {
        call(address, "UpdateIdentityStore", json!({ "NetworkConfiguration": network }))
    };
    let network = json!({
        "VpceAccessRequired": true,
        "ApiRestrictSourceVpcs": ["vpc-0123456789abcdef0"],
        "ApiAllowSourceIps": ["192.0.2.0/24", "2001:db8::/32"],
    });
    let arn = format!("arn:aws:identitystore::{ACCOUNT}:identitystore/{}", store.id);
    let ids = json!({"IdentityStoreId": store.id, "IdentityStoreArn": arn});
    assert_eq!(set(inside, network.clone()), Ok(ids.clone()));
    let described = call(outside, "DescribeIdentityStore", json!({})).unwrap();
    assert_eq!(described["NetworkConfiguration"], network);

    assert!(call(inside, "ListUsers", json!({})).is_ok());
    let refused = call(outside, "ListUsers", json!({})).unwrap_err();
    let Fault::Denied(denial) = &refused else { panic!("{refused:?}") };
    assert!(denial.because.contains(outside), "{denial:?}");
    let user = super::a_user("jane");
    assert!(matches!(call(outside, "CreateUser", user.clone()), Err(Fault::Denied(_))));
    let made = call(inside, "CreateUser", user).unwrap();
    // The operations of Portico on users obey it too.
    let named = store.body(json!({ "UserId": made["UserId"] }));
    let mut ending = named.clone();
    ending["SessionIds"] = json!(["0b7f3c2e-5d1a-4c6e-9f3b-2a1d4e5f6a7b"]);
    for (operation, body) in [
        ("PorticoAdmin.DisableUser", &named),
        ("PorticoAdmin.EnableUser", &named),
        ("PorticoAdmin.ListSessions", &named),
        ("PorticoAdmin.ResetUserPassword", &named),
        ("PorticoAdmin.DeleteSessions", &ending),
    ] {
        let call_from = |address: &str| {
            let mut body = body.clone();
            if operation.ends_with("ResetUserPassword") {
                body["Mode"] = json!("ONE_TIME_PASSWORD");
            }
            store.bench.call_from(address, &administrator(ACCOUNT), operation, &body)
        };
        let refused = call_from(outside);
        assert!(matches!(refused, Err(Fault::Denied(_))), "{operation}: {refused:?}");
        let admitted = call_from(inside);
        assert!(!matches!(admitted, Err(Fault::Denied(_))), "{operation}: {admitted:?}");
    }

    // The way back is open from everywhere, and an update without a configuration changes nothing.
    assert_eq!(call(outside, "UpdateIdentityStore", json!({})), Ok(ids.clone()));
    assert!(call(outside, "ListUsers", json!({})).is_err());
    assert_eq!(set(outside, json!({"VpceAccessRequired": false})), Ok(ids.clone()));
    assert!(call(outside, "ListUsers", json!({})).is_ok());
    assert_eq!(call(outside, "DescribeIdentityStore", json!({})), Ok(ids));
}

#[test]
fn a_network_configuration_is_held_to_its_form() {
    let store = Store::new();
    let set = |network: serde_json::Value| {
        store.call("UpdateIdentityStore", json!({ "NetworkConfiguration": network }))
    };
    for (network, field) in [
        (json!({}), "NetworkConfiguration.VpceAccessRequired"),
        (json!({"VpceAccessRequired": "maybe"}), "NetworkConfiguration.VpceAccessRequired"),
        (
            json!({"VpceAccessRequired": true, "ApiAllowSourceIps": []}),
            "NetworkConfiguration.ApiAllowSourceIps",
        ),
        (
            json!({"VpceAccessRequired": true, "ApiAllowSourceIps": ["192.0.2.0/33"]}),
            "NetworkConfiguration.ApiAllowSourceIps[0]",
        ),
        (
            json!({"VpceAccessRequired": true, "ApiRestrictSourceVpcs": ["vpc-1"]}),
            "NetworkConfiguration.ApiRestrictSourceVpcs[0]",
        ),
    ] {
        assert_eq!(super::wrong_field(set(network.clone())), field, "{network}");
    }
    let scim = json!({"VpceAccessRequired": true, "ScimAllowSourceIps": ["0.0.0.0/0"]});
    assert!(matches!(set(scim), Err(Fault::Unsupported { .. })));
    let described = store.call("DescribeIdentityStore", json!({})).unwrap();
    assert!(described.get("NetworkConfiguration").is_none(), "{described}");
}
