//! Copies of users for replies: their form, its version, and the rewriting of older copies.

use model::shown_user::ShownUser;
use model::user::User;
use store::user::ListedUser;
use store::{Db, user};

use crate::harness::{NOW_MS, RunSql, read, store_id, uuid, write, write_at};
use crate::user::some_user;

on_both_engines!(the_form_of_a_copy_is_that_of_its_version, current_copies_are_left_as_they_are);

fn a_rich_user() -> User {
    let attributes = r#"{"Name":{"Formatted":"a","FamilyName":"b","GivenName":"c","MiddleName":"d",
            "HonorificPrefix":"e","HonorificSuffix":"f"},
        "NickName":"g","ProfileUrl":"h","Emails":[{"Value":"i@j","Type":"k","Primary":true}],
        "Addresses":[{"StreetAddress":"l","Locality":"m","Region":"n","PostalCode":"o",
            "Country":"p","Formatted":"q","Type":"r","Primary":false}],
        "PhoneNumbers":[{"Value":"+1","Type":"s","Primary":true}],"UserType":"t","Title":"u",
        "PreferredLanguage":"v","Locale":"w","Timezone":"x",
        "Photos":[{"Value":"y","Type":"z","Display":"A","Primary":true}],"Website":"B",
        "Birthdate":"2000-02-29","Roles":[{"Value":"C","Type":"D","Primary":false}],
        "Extensions":{"aws:identitystore:enterprise":{"employeeNumber":"7"}}}"#;
    let external_ids = r#"[{"Issuer":"E","Id":"F"}]"#;
    User {
        attributes: serde_json::from_str(attributes).unwrap(),
        external_ids: serde_json::from_str(external_ids).unwrap(),
        created_at_ms: 1_500,
        updated_at_ms: 2_000,
        ..some_user(1, "jane")
    }
}

/// Form of version 1. If this fails, replies have another form than the stored copies: increment
/// `SHOWN_VERSION` in `store::user` and write the new form here.
const FORM: &str = r#"{"IdentityStoreId":"d-0123456789","UserId":"00000000-0000-4000-8000-000000000001","UserArn":"arn:aws:identitystore:::user/00000000-0000-4000-8000-000000000001","Revision":"1","UserName":"jane","ExternalIds":[{"Issuer":"E","Id":"F"}],"DisplayName":"The jane","Name":{"Formatted":"a","FamilyName":"b","GivenName":"c","MiddleName":"d","HonorificPrefix":"e","HonorificSuffix":"f"},"NickName":"g","ProfileUrl":"h","Emails":[{"Value":"i@j","Type":"k","Primary":true}],"Addresses":[{"StreetAddress":"l","Locality":"m","Region":"n","PostalCode":"o","Country":"p","Formatted":"q","Type":"r","Primary":false}],"PhoneNumbers":[{"Value":"+1","Type":"s","Primary":true}],"UserType":"t","Title":"u","PreferredLanguage":"v","Locale":"w","Timezone":"x","Photos":[{"Value":"y","Type":"z","Display":"A","Primary":true}],"Website":"B","Birthdate":"2000-02-29","Roles":[{"Value":"C","Type":"D","Primary":false}],"UserStatus":"ENABLED","CreatedAt":1.5,"CreatedBy":"creator","UpdatedAt":2.0,"UpdatedBy":"creator"}"#;

fn the_form_of_a_copy_is_that_of_its_version(db: &Db) {
    write(db, |tx| user::insert(tx, &a_rich_user())).unwrap();
    let shown = read(db, |read| user::require_shown(read, &store_id(), &uuid(1)));
    assert_eq!(shown.as_deref(), Ok(FORM));
}

fn current_copies_are_left_as_they_are(db: &Db) {
    write(db, |tx| user::insert(tx, &a_rich_user())).unwrap();
    write(db, |tx| assert_eq!(user::renew_shown(tx, 10), Ok(0)));
}

fn listed(db: &Db) -> Vec<ListedUser> {
    read(db, |read| user::list_shown(read, &store_id(), "", 9)).unwrap()
}

/// Adds three users and returns them as listed.
fn populate(db: &Db) -> Vec<ListedUser> {
    write(db, |tx| {
        for (number, name) in [(1, "ann"), (2, "bob"), (3, "eve")] {
            user::insert(tx, &some_user(number, name)).unwrap();
        }
    });
    listed(db)
}

fn copies_of_other_versions_are_never_shown(db: &Db, sql: RunSql<'_>) {
    let before = populate(db);
    for version in [0, 99] {
        sql(&format!(
            "UPDATE identity_user SET shown = 'another form', shown_version = {version}
            WHERE user_name = 'bob'"
        ));
        assert_eq!(listed(db), before);
        let shown = read(db, |read| user::require_shown(read, &store_id(), &uuid(2)));
        assert_eq!(shown.as_ref(), Ok(&before[1].shown));
        let page = read(db, |read| user::list_shown(read, &store_id(), "ann", 1)).unwrap();
        assert_eq!(page, before[1..2]);
    }
    // Copies in a later form, of a newer node, are left alone.
    write(db, |tx| assert_eq!(user::renew_shown(tx, 10), Ok(0)));
}

fn old_copies_are_rewritten_in_batches_and_the_users_are_unchanged(db: &Db, sql: RunSql<'_>) {
    let before = populate(db);
    let users = || read(db, |read| user::list(read, &store_id(), "", 9)).unwrap();
    let unchanged = users();
    sql("UPDATE identity_user SET shown = 'an old form', shown_version = 0");
    let signal = db.signals().authority();
    let renew = |limit| write_at(db, NOW_MS + 9, |tx| user::renew_shown(tx, limit)).unwrap();
    assert_eq!([renew(2), renew(2), renew(2)], [2, 1, 0]);
    assert_eq!(listed(db), before);
    assert_eq!(users(), unchanged);
    assert_eq!(db.signals().authority(), signal);
    // Another column shows that the list reads the rewritten copies.
    sql("UPDATE identity_user SET display_name = 'Other'");
    assert_eq!(listed(db), before);
}

fn a_change_writes_the_current_version(db: &Db, sql: RunSql<'_>) {
    populate(db);
    sql("UPDATE identity_user SET shown = 'an old form', shown_version = 0");
    let changed = User { display_name: "Changed".parse().unwrap(), ..some_user(2, "bob") };
    let changed = write(db, |tx| user::update(tx, changed)).unwrap();
    write(db, |tx| assert_eq!(user::renew_shown(tx, 10), Ok(2)));
    let expected = serde_json::to_string(&ShownUser::new(changed, false)).unwrap();
    assert_eq!(listed(db)[1].shown, expected);
}

on_both_engines_with_sql!(
    copies_of_other_versions_are_never_shown,
    old_copies_are_rewritten_in_batches_and_the_users_are_unchanged,
    a_change_writes_the_current_version,
);
