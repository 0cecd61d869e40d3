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
