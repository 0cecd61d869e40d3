//! Names that look the same: found as one, refused as a second, and rows of earlier programs.

use model::organization::Account;
use model::user::User;
use model::{Fault, IdentityStoreEntity, OrganizationsEntity};
use store::likeness_renewal::{Due, Renewal, TABLES};
use store::{Db, account, external_id, group, user, user_password};

use crate::group::some_group;
use crate::harness::{NOW_MS, RunSql, account_id, read, some_account, store_id, uuid, write};
use crate::user::some_user;

on_both_engines!(
    a_user_is_found_by_every_spelling_that_looks_the_same,
    a_name_that_looks_like_another_is_refused,
    a_group_is_found_and_refused_by_its_likeness,
    an_address_of_an_account_that_looks_like_another_is_refused,
    settled_rows_are_not_renewed,
);

const COMPOSED: &str = "josé";
const DECOMPOSED: &str = "jose\u{301}";

fn with_email(number: u32, name: &str, email: &str) -> User {
    let attributes = format!(
        r#"{{"Name":{{"GivenName":"Jane","FamilyName":"Doe"}},"Emails":[{{"Value":"{email}"}}]}}"#
    );
    User { attributes: serde_json::from_str(&attributes).unwrap(), ..some_user(number, name) }
}

fn found(db: &Db, name: &str) -> Option<User> {
    read(db, |read| {
        let found = user::find_by_name(read, &store_id(), name).unwrap();
        let signer = user_password::find_signer_by_name(read, &store_id(), name).unwrap();
        assert_eq!(signer.map(|signer| signer.user_id), found.as_ref().map(|user| user.id.clone()));
        found
    })
}

fn found_number(db: &Db, name: &str) -> Option<u32> {
    found(db, name).map(|user| (1..9).find(|number| user.id == uuid(*number)).unwrap())
}

/// Renews all rows, and returns the number of written ones and the ids that are reported.
fn renew(db: &Db) -> (u64, Vec<String>) {
    let (mut renewed, mut shared) = (0, Vec::new());
    for (_, renew) in TABLES {
        for state in 0..store::likeness::VERSION {
            let due = Due { state, after: ("", ""), limit: 9 };
            let renewal = write(db, |tx| renew(tx, &due)).unwrap();
            renewed += renewal.renewed;
            shared.extend(renewal.shared);
        }
    }
    (renewed, shared)
}

fn taken<T>(field: &'static str) -> Result<T, Fault> {
    Err(Fault::not_unique(IdentityStoreEntity::User, field))
}

fn a_user_is_found_by_every_spelling_that_looks_the_same(db: &Db) {
    let jose = with_email(1, COMPOSED, "\u{fb01}nn@example.com");
    write(db, |tx| user::insert(tx, &jose)).unwrap();
    for name in [COMPOSED, DECOMPOSED, "JOSE\u{301}", "\u{ff4a}osé", "jo\u{200b}sé"] {
        assert_eq!(found(db, name), Some(jose.clone()), "{name:?}");
    }
    for name in ["jose", "jos\u{435}\u{301}", ""] {
        assert_eq!(found(db, name), None, "{name:?}");
    }
    read(db, |read| {
        let by_email = user::find_by_email(read, &store_id(), "FINN@example.com");
        assert_eq!(by_email, Ok(Some(jose)));
    });
}

fn a_name_that_looks_like_another_is_refused(db: &Db) {
    write(db, |tx| {
        user::insert(tx, &with_email(1, COMPOSED, "finn@example.com")).unwrap();
        assert_eq!(user::insert(tx, &some_user(2, DECOMPOSED)), taken("UserName"));
        let other = with_email(2, "finn", "\u{fb01}nn@example.com");
        assert_eq!(user::insert(tx, &other), taken("e-mail address"));
        user::insert(tx, &some_user(2, "finn")).unwrap();
        assert_eq!(user::update(tx, some_user(2, DECOMPOSED)), taken("UserName"));
        let other = with_email(2, "finn", "\u{fb01}nn@example.com");
        assert_eq!(user::update(tx, other), taken("e-mail address"));
        // A user may take another spelling of the own name, and the old one of a user who left it.
        user::update(tx, some_user(1, DECOMPOSED)).unwrap();
        let renamed = User { revision: 2, ..some_user(1, "jane") };
        user::update(tx, renamed).unwrap();
        user::update(tx, some_user(2, COMPOSED)).unwrap();
    });
    assert_eq!(found_number(db, DECOMPOSED), Some(2));
    assert_eq!(renew(db), (0, vec![]));
}

fn a_group_is_found_and_refused_by_its_likeness(db: &Db) {
    let taken = Fault::not_unique(IdentityStoreEntity::Group, "DisplayName");
    write(db, |tx| {
        group::insert(tx, &some_group(1, "Größe M")).unwrap();
        let other = some_group(2, "Gro\u{308}sse\u{a0} m ");
        assert_eq!(group::insert(tx, &other), Err(taken.clone()));
        group::insert(tx, &some_group(2, "Other")).unwrap();
        assert_eq!(group::update(tx, &other), Err(taken));
        external_id::replace_of_group(tx, &store_id(), &uuid(1), &[]).unwrap();
    });
    for name in ["Größe M", "gro\u{308}SSE\u{3000}m"] {
        let found = read(db, |read| group::find_by_name(read, &store_id(), name)).unwrap();
        assert_eq!(found.map(|group| group.id), Some(uuid(1)), "{name:?}");
    }
}

fn an_address_of_an_account_that_looks_like_another_is_refused(db: &Db) {
    let other =
        |number, email: &str| Account { email: email.parse().unwrap(), ..some_account(number) };
    write(db, |tx| {
        account::insert(tx, &other(2, "josé@example.com")).unwrap();
        let refused = account::insert(tx, &other(3, "Jose\u{301}@example.com"));
        assert_eq!(refused, Err(Fault::not_unique(OrganizationsEntity::Account, "Email")));
        let email = "JOSE\u{301}@EXAMPLE.com".parse().unwrap();
        assert_eq!(account::has_email(tx, &email), Ok(true));
        assert_eq!(account::has_email(tx, &"jose@example.com".parse().unwrap()), Ok(false));
    });
}

fn settled_rows_are_not_renewed(db: &Db) {
    write(db, |tx| {
        user::insert(tx, &with_email(1, "jane", "jane@example.com")).unwrap();
        group::insert(tx, &some_group(1, "Engineers")).unwrap();
        user::update(tx, some_user(1, "jane")).unwrap();
        group::update(tx, &some_group(1, "Engineers")).unwrap();
        external_id::replace_of_user(tx, &store_id(), &uuid(1), &[]).unwrap();
        external_id::replace_of_group(tx, &store_id(), &uuid(1), &[]).unwrap();
    });
    assert_eq!(renew(db), (0, vec![]));
}

/// Makes a user as an earlier program does: without likenesses.
fn add_as_before(db: &Db, sql: RunSql<'_>, user: &User) {
    write(db, |tx| user::insert(tx, &User { user_name: value("temporary"), ..user.clone() }))
        .unwrap();
    sql(&format!(
        "UPDATE identity_user SET user_name = '{name}', user_name_key = '{key}',
            user_name_likeness = NULL, email_likeness = NULL, likeness_version = 0,
            likeness_revision = 0
        WHERE id = '{id}'",
        name = user.user_name,
        key = user.user_name.key(),
        id = user.id,
    ));
}

fn value<T: std::str::FromStr<Err = &'static str>>(text: &str) -> T {
    text.parse().unwrap()
}

fn rows_of_an_earlier_program_get_their_likenesses(db: &Db, sql: RunSql<'_>) {
    add_as_before(db, sql, &with_email(1, DECOMPOSED, "jose@example.com"));
    write(db, |tx| {
        group::insert(tx, &some_group(1, "Größe")).unwrap();
        let email = value("josé@example.com");
        account::insert(tx, &Account { email, ..some_account(2) }).unwrap();
    });
    sql("UPDATE identity_group SET display_name_likeness = NULL, likeness_version = 0");
    sql("UPDATE account SET email_likeness = NULL, likeness_version = 0");
    let before = found(db, DECOMPOSED);
    assert_eq!(found(db, COMPOSED), None);
    // The harness has an account too.
    assert_eq!(renew(db), (4, vec![]));
    assert_eq!(renew(db), (0, vec![]));
    assert_eq!(found(db, COMPOSED), before);
    read(db, |read| {
        assert!(group::find_by_name(read, &store_id(), "gro\u{308}SSE").unwrap().is_some());
        assert_eq!(account::has_email(read, &value("jose\u{301}@example.com")), Ok(true));
    });
}

fn renewal_goes_on_after_a_batch(db: &Db, sql: RunSql<'_>) {
    for (number, name) in [(1, "ann"), (2, "bob"), (3, "eve")] {
        add_as_before(db, sql, &some_user(number, name));
    }
    let (_, renew) = TABLES[0];
    let batch = |after| {
        let due = Due { state: 0, after, limit: 2 };
        write(db, |tx| renew(tx, &due)).unwrap()
    };
    let owner = store_id().to_string();
    let place = |number: u32| Some((owner.clone(), uuid::<model::ids::UserId>(number).to_string()));
    let renewal = |renewed, last| Renewal { last, renewed, shared: vec![] };
    assert_eq!(batch(("", "")), renewal(2, place(2)));
    let second = place(2).unwrap();
    assert_eq!(batch((&second.0, &second.1)), renewal(1, place(3)));
    assert_eq!(batch(("", "")), renewal(0, None));
}

fn of_two_that_look_the_same_the_older_one_has_the_key(db: &Db, sql: RunSql<'_>) {
    // The row that upkeep reads first is the younger one.
    let younger = User { created_at_ms: NOW_MS + 1, ..some_user(1, DECOMPOSED) };
    let older = some_user(2, COMPOSED);
    add_as_before(db, sql, &younger);
    add_as_before(db, sql, &older);
    let younger_id = younger.id.to_string();
    assert_eq!(renew(db), (2, vec![younger_id]));
    assert_eq!(renew(db), (0, vec![]));
    // Each is found by the own spelling in any case, and everything else finds the older one.
    for (name, number) in
        [(DECOMPOSED, 1), ("JOSE\u{301}", 1), (COMPOSED, 2), ("JOSÉ", 2), ("\u{ff4a}osé", 2)]
    {
        assert_eq!(found_number(db, name), Some(number), "{name:?}");
    }
    // Both can be changed, and a third one is refused.
    write(db, |tx| {
        assert_eq!(user::insert(tx, &some_user(3, "\u{ff4a}osé")), taken("UserName"));
        user::update(tx, User { display_name: value("Younger"), ..younger.clone() }).unwrap();
        user::update(tx, User { display_name: value("Older"), ..older.clone() }).unwrap();
    });
    assert_eq!(found_number(db, DECOMPOSED), Some(1));
    assert_eq!(renew(db), (0, vec![]));
    // The younger one gets the key when the older one has another name.
    write(db, |tx| user::update(tx, User { revision: 2, ..some_user(2, "pedro") })).unwrap();
    assert_eq!(renew(db), (1, vec![]));
    assert_eq!(found_number(db, COMPOSED), Some(1));
    assert_eq!(renew(db), (0, vec![]));
}

fn a_name_that_an_earlier_program_changed_is_found_by_the_new_one_only(db: &Db, sql: RunSql<'_>) {
    write(db, |tx| user::insert(tx, &some_user(1, COMPOSED))).unwrap();
    sql("UPDATE identity_user SET user_name = 'pedro\u{301}', user_name_key = 'pedro\u{301}',
            revision = 2");
    assert_eq!(found_number(db, DECOMPOSED), None);
    assert_eq!(found_number(db, "pedro\u{301}"), Some(1));
    assert_eq!(renew(db), (1, vec![]));
    assert_eq!(found_number(db, "pedr\u{f3}"), Some(1));
    write(db, |tx| user::insert(tx, &some_user(2, DECOMPOSED))).unwrap();
}

fn a_row_takes_the_outdated_likeness_of_another(db: &Db, sql: RunSql<'_>) {
    write(db, |tx| user::insert(tx, &some_user(1, COMPOSED))).unwrap();
    sql("UPDATE identity_user SET user_name = 'pedro', user_name_key = 'pedro', revision = 2");
    add_as_before(db, sql, &some_user(2, DECOMPOSED));
    assert_eq!(renew(db), (2, vec![]));
    assert_eq!(found_number(db, COMPOSED), Some(2));
    assert_eq!(found_number(db, "PEDRO"), Some(1));
}

fn accounts_that_look_the_same_both_stay(db: &Db, sql: RunSql<'_>) {
    let other = |number, email| Account { email: value(email), ..some_account(number) };
    write(db, |tx| {
        account::insert(tx, &other(2, "jose\u{301}@example.com")).unwrap();
        account::insert(tx, &other(3, "temporary@example.com")).unwrap();
    });
    sql("UPDATE account SET email_likeness = NULL, likeness_version = 0");
    sql(&format!(
        "UPDATE account SET email = 'josé@example.com', email_key = 'josé@example.com'
        WHERE id = '{}'",
        account_id(3)
    ));
    assert_eq!(renew(db), (3, vec![account_id(3).to_string()]));
    read(db, |read| {
        for email in ["jose\u{301}@example.com", "josé@example.com"] {
            assert_eq!(account::has_email(read, &value(email)), Ok(true));
        }
    });
    assert_eq!(renew(db), (0, vec![]));
}

/// Makes each test twice, on an SQLite file and on PostgreSQL, with statements that bypass the
/// store.
macro_rules! with_sql {
    ($($test:ident),* $(,)?) => {
        mod sqlite_sql { $(#[test] fn $test() { crate::harness::with_sqlite_sql(super::$test) })* }
        mod sql_on {
            mod postgres_engine {
                $(#[test] fn $test() { crate::harness::with_postgres_sql(super::super::$test) })*
            }
        }
    };
}

with_sql!(
    rows_of_an_earlier_program_get_their_likenesses,
    renewal_goes_on_after_a_batch,
    of_two_that_look_the_same_the_older_one_has_the_key,
    a_name_that_an_earlier_program_changed_is_found_by_the_new_one_only,
    a_row_takes_the_outdated_likeness_of_another,
    accounts_that_look_the_same_both_stay,
);
