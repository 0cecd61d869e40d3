//! Renewal of stored copies of users that another version of the program wrote.

use ::sso_admin::create_instance::enable_instance;
use kernel::renewal::renew_copies;
use serde_json::json;
use store::Location;
use testing::Bench;

#[test]
fn old_copies_are_rewritten_with_an_event_and_current_ones_leave_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portico.sqlite");
    let bench = Bench::found(Location::Sqlite(path.clone()), true);
    enable_instance(&bench.portico).unwrap();
    let (user, _) = bench.create_person("alice");
    let describe = || {
        let body = json!({"IdentityStoreId": bench.store_id(), "UserId": user.to_string()});
        bench.call("AWSIdentityStore.DescribeUser", &body).unwrap()
    };
    let before = describe();
    assert_eq!(renew_copies(&bench.portico), Ok(0));
    assert_eq!(bench.events("portico:RenewUserCopies").len(), 0);
    let old = "UPDATE identity_user SET shown = '{}', shown_version = 0";
    rusqlite::Connection::open(&path).unwrap().execute(old, []).unwrap();
    assert_eq!(describe(), before);
    kernel::upkeep::every_minute(&bench.portico).unwrap();
    let [event] = bench.events("portico:RenewUserCopies").try_into().unwrap();
    assert!(event.details.contains(r#""users":"1""#), "{}", event.details);
    assert_eq!(describe(), before);
    assert_eq!(renew_copies(&bench.portico), Ok(0));
}
