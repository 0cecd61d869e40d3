//! Renewal of stored copies of users, and of likenesses, that another version of the program wrote.

use ::sign_in::authenticate::Authentication;
use ::sso_admin::create_instance::enable_instance;
use kernel::renewal::{fill_likenesses, renew_copies, renew_likenesses};
use serde_json::json;
use store::Location;
use testing::Bench;
use testing::people::PASSWORD;

#[test]
fn old_copies_are_rewritten_with_an_event_and_current_ones_leave_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portico.sqlite");
    let bench = Bench::found(Location::Sqlite(path.clone()), true);
    enable_instance(&bench.portico).unwrap();
    bench.let_in_without_mfa();
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

#[test]
fn people_who_look_the_same_are_named_in_the_log_and_both_can_be_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portico.sqlite");
    let bench = Bench::found(Location::Sqlite(path.clone()), true);
    enable_instance(&bench.portico).unwrap();
    bench.let_in_without_mfa();
    let (older, _) = bench.create_person("josé");
    bench.clock.advance(1);
    // The name of the younger one has an invisible character, which new names may not have.
    let (younger, _) = bench.create_person("temporary");
    let name = "jos\u{34f}e\u{301}";
    let database = rusqlite::Connection::open(&path).unwrap();
    let old = "UPDATE identity_user SET user_name_likeness = NULL, likeness_version = 0";
    database.execute(old, []).unwrap();
    let rename = "UPDATE identity_user SET user_name = ?1, user_name_key = ?1, shown_version = 0
        WHERE id = ?2";
    database.execute(rename, [name, younger.as_str()]).unwrap();

    kernel::upkeep::every_minute(&bench.portico).unwrap();
    let events = bench.events("portico:RenewLikenesses");
    let named = format!(r#""lookLikeOlderOnes":["{younger}"]"#);
    assert_eq!(events.iter().filter(|event| event.details.contains(&named)).count(), 1);
    assert_eq!(renew_likenesses(&bench.portico), Ok(0));
    for (user, name) in [(&older, "JOSÉ"), (&younger, name)] {
        assert!(matches!(
            bench.sign_in(name, PASSWORD),
            Ok(Authentication::SignedIn(new)) if new.session.user_id == *user
        ));
        let operations = json!([{"AttributePath": "title", "AttributeValue": "CTO"}]);
        let body = json!({
            "IdentityStoreId": bench.store_id(), "UserId": user.to_string(),
            "Operations": operations,
        });
        bench.call("AWSIdentityStore.UpdateUser", &body).unwrap();
    }
    assert_eq!(renew_likenesses(&bench.portico), Ok(0));
}

#[test]
fn a_name_of_an_earlier_version_is_guarded_before_the_server_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portico.sqlite");
    let bench = Bench::found(Location::Sqlite(path.clone()), true);
    enable_instance(&bench.portico).unwrap();
    let create = |name: &str| {
        let body = json!({"IdentityStoreId": bench.store_id(), "DisplayName": name});
        bench.call("AWSIdentityStore.CreateGroup", &body)
    };
    create("Zürich").unwrap();
    create("Basel").unwrap();
    let old = "UPDATE identity_group SET display_name_likeness = NULL, likeness_version = 0";
    rusqlite::Connection::open(&path).unwrap().execute(old, []).unwrap();

    assert_eq!(fill_likenesses(&bench.portico), Ok(2));
    assert!(create("Zu\u{308}rich").is_err() && create("Ｂasel").is_err());
    assert_eq!(fill_likenesses(&bench.portico), Ok(0));
    assert_eq!(bench.events("portico:RenewLikenesses").len(), 1);
}
