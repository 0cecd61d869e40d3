//! Reading and writing identifiers.

use super::*;
use crate::testing::Repeated;

#[test]
fn a_random_id_is_a_version_4_uuid() {
    let id = GroupId::random(&Repeated(0xFF));
    assert_eq!(id.to_string(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    assert_eq!(id.to_string().parse(), Ok(id));
}

#[test]
fn the_number_of_a_uuid_is_of_its_last_61_bits() {
    let largest = GroupId::random(&Repeated(0xFF)).number();
    assert_eq!(largest, (1 << 61) - 1);
    assert!(largest.checked_add(largest).is_some());
    let longer: GroupId = "9067000000-00000000-0000-4000-8000-00000000002a".parse().unwrap();
    assert_eq!(longer.number(), 42);
}

#[test]
fn an_arn_is_kept_as_its_id() {
    let id = "00000000-0000-4000-8000-000000000001";
    assert_eq!(format!("arn:aws:identitystore:::user/{id}").parse(), id.parse::<UserId>());
    assert!(format!("arn:aws:identitystore:::group/{id}").parse::<UserId>().is_err());
    let store = "arn:aws:identitystore::123456789012:identitystore/d-0123456789";
    assert_eq!(store.parse(), "d-0123456789".parse::<IdentityStoreId>());
    let instance = "arn:aws:sso:::instance/ssoins-0123456789abcdef";
    assert_eq!(instance.parse(), "ssoins-0123456789abcdef".parse::<InstanceId>());
    let set = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef";
    assert_eq!(set.parse::<PermissionSetArn>().map(|arn| arn.to_string()), Ok(set.to_owned()));
}

#[test]
fn a_request_for_an_account_leads_back_to_its_job() {
    let job: JobId = "0123abcd-0000-4000-8000-00000000000f".parse().unwrap();
    let request = CreateAccountRequestId::of_job(&job);
    assert_eq!(request.to_string(), "car-0123abcd00004000800000000000000f");
    assert_eq!(request.to_string().parse(), Ok(request.clone()));
    assert_eq!(request.job_id(), Some(job));
    assert_eq!(
        "car-examplecreateaccountrequestid1".parse().map(|id: CreateAccountRequestId| id.job_id()),
        Ok(None)
    );
}

#[test]
fn what_is_not_of_the_form_is_refused() {
    assert!("12345678901".parse::<AccountId>().is_err());
    assert!("d-012345678G".parse::<IdentityStoreId>().is_err());
    assert!("00000000-0000-4000-8000-00000000000".parse::<UserId>().is_err());
    assert!("0123456789-00000000-0000-4000-8000-000000000001".parse::<UserId>().is_ok());
}

#[test]
fn an_id_is_read_from_json_by_its_own_rule() {
    let json = r#"["ssoins-0123456789abcdef","123456789012"]"#;
    let read: (InstanceId, AccountId) = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), json);
    let arn = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef";
    let read = serde_json::from_value::<PermissionSetArn>(arn.into()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), arn);
    assert!(serde_json::from_str::<AccountId>("\"12345678901\"").is_err());
    assert!(serde_json::from_str::<AccountId>("123456789012").is_err());
}
