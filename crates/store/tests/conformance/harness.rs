//! Databases for tests, and the fixtures that most tests need.
//!
//! `PORTICO_TEST_POSTGRES` is the connection string of a PostgreSQL database. Each test creates a
//! schema of its own in it. Without it the PostgreSQL tests fail; they are never skipped.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use model::AuditEvent;
use model::assignment::AssignmentPrincipal;
use model::ids::{AccountId, GroupId, IdentityStoreId, InstanceId, UserId};
use model::instance::{Instance, InstanceStatus};
use model::organization::{Account, JoinedMethod};
use policy::{Caller, NoFacts, Permit, Policies, Policy, PolicyType, Principal};
use sha2::{Digest, Sha256};
use store::{
    Db, Location, Origin, Read, Stamp, Tx, account, group, instance, removed_principal, user,
};

/// Default time of every write.
pub const NOW_MS: i64 = 1_800_000_000_000;

/// Makes each test three times: `sqlite::<test>`, `memory::<test>` and `postgres_engine::<test>`.
macro_rules! on_both_engines {
    ($($test:ident),* $(,)?) => {
        mod sqlite { $(#[test] fn $test() { crate::harness::with_sqlite(super::$test) })* }
        mod memory { $(#[test] fn $test() { crate::harness::with_memory(super::$test) })* }
        mod postgres_engine {
            $(#[test] fn $test() { crate::harness::with_postgres(super::$test) })*
        }
    };
}

pub fn with_sqlite(test: fn(&Db)) {
    with_sqlite_sql(|db, _| test(db));
}

pub fn with_memory(test: fn(&Db)) {
    run(Location::Memory, test);
}

pub fn with_postgres(test: fn(&Db)) {
    with_postgres_sql(|db, _| test(db));
}

/// Makes each test twice, with statements that bypass the store: `sqlite_sql::<test>` and
/// `postgres_sql::postgres_engine::<test>`.
macro_rules! on_both_engines_with_sql {
    ($($test:ident),* $(,)?) => {
        mod sqlite_sql { $(#[test] fn $test() { crate::harness::with_sqlite_sql(super::$test) })* }
        mod postgres_sql {
            mod postgres_engine {
                $(#[test] fn $test() { crate::harness::with_postgres_sql(super::super::$test) })*
            }
        }
    };
}

/// Function that runs statements on a test's database, bypassing the store.
pub type RunSql<'a> = &'a mut dyn FnMut(&str);

/// Deletes a user and all of their rows.
pub fn delete_user(db: &Db, number: u32) {
    let id: UserId = uuid(number);
    write(db, |tx| user::delete(tx, &store_id(), &id)).unwrap();
    while !write(db, |tx| {
        removed_principal::delete_part(tx, &an_instance(), &AssignmentPrincipal::User(id.clone()))
    })
    .unwrap()
    {}
}

/// Deletes a group and all of its rows.
pub fn delete_group(db: &Db, number: u32) {
    let id: GroupId = uuid(number);
    write(db, |tx| group::delete(tx, &store_id(), &id)).unwrap();
    while !write(db, |tx| {
        removed_principal::delete_part(tx, &an_instance(), &AssignmentPrincipal::Group(id.clone()))
    })
    .unwrap()
    {}
}

/// Runs a test on an SQLite file, with statements that bypass the store.
pub fn with_sqlite_sql(test: impl FnOnce(&Db, RunSql<'_>)) {
    with_sqlite_empty(|location, sql| run(location, |db| test(db, sql)));
}

/// Runs a test on PostgreSQL, with statements that bypass the store.
pub fn with_postgres_sql(test: impl FnOnce(&Db, RunSql<'_>)) {
    with_postgres_empty(|location, sql| run(location, |db| test(db, sql)));
}

/// Runs a test on an empty SQLite file.
pub fn with_sqlite_empty(test: impl FnOnce(Location, RunSql<'_>)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portico.sqlite");
    let mut sql = |sql: &str| {
        rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    };
    test(Location::Sqlite(path.clone()), &mut sql);
}

/// Runs a test on an empty PostgreSQL schema.
pub fn with_postgres_empty(test: impl FnOnce(Location, RunSql<'_>)) {
    with_postgres_schema(|location, schema, client| {
        client.batch_execute(&format!("SET search_path TO {schema}")).unwrap();
        test(location, &mut |sql| client.batch_execute(sql).unwrap());
    });
}

/// Runs a test on PostgreSQL, with a function that closes every open connection of the test.
pub fn with_postgres_cut(test: impl FnOnce(&Db, &mut dyn FnMut())) {
    with_postgres_schema(|location, schema, client| {
        run(location, |db| {
            let cut = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = $1";
            test(db, &mut || assert!(!client.query(cut, &[&schema]).unwrap().is_empty()));
        });
    });
}

fn with_postgres_schema(test: impl FnOnce(Location, &str, &mut postgres::Client)) {
    static SCHEMAS: AtomicU32 = AtomicU32::new(0);
    let number = SCHEMAS.fetch_add(1, Ordering::Relaxed);
    let schema = format!("conformance_{}_{number}", std::process::id());
    let url = postgres_url();
    let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
    let drop = format!("DROP SCHEMA IF EXISTS {schema} CASCADE");
    client.batch_execute(&format!("{drop}; CREATE SCHEMA {schema}")).unwrap();
    let separator = if url.contains('?') { '&' } else { '?' };
    let own = format!("options=-csearch_path%3D{schema}&application_name={schema}");
    test(Location::Postgres(format!("{url}{separator}{own}")), &schema, &mut client);
    // A failed test leaves its schema behind for inspection.
    client.batch_execute(&drop).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "tests are told of their database by who runs them")]
fn postgres_url() -> String {
    std::env::var("PORTICO_TEST_POSTGRES").expect("PORTICO_TEST_POSTGRES: a connection string")
}

/// Runs a test on an empty database, with an account and an instance.
pub fn run(location: Location, test: impl FnOnce(&Db)) {
    let db = Db::open(location).unwrap();
    db.prove_events_with(Box::new(mac));
    let mut tx = begin(&db);
    account::insert(&mut tx, &some_account(1)).unwrap();
    instance::insert(&mut tx, &an_instance(), None).unwrap();
    tx.commit(&AuditEvent::new()).unwrap();
    test(&db);
}

/// MAC of the events of tests. Its key is the program itself.
pub fn mac(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Account with this number. Every test database has number 1.
pub fn some_account(number: u32) -> Account {
    Account {
        id: account_id(number),
        name: format!("Account {number}").parse().unwrap(),
        email: format!("account-{number}@example.com").parse().unwrap(),
        joined_method: JoinedMethod::Created,
        joined_at_ms: NOW_MS,
    }
}

pub fn account_id(number: u32) -> AccountId {
    format!("{:012}", 100_000_000_000_u64 + u64::from(number)).parse().unwrap()
}

/// Instance that every test database has. Account 1 owns it.
pub fn an_instance() -> Instance {
    Instance {
        id: instance_id(),
        identity_store_id: store_id(),
        owner_account_id: account_id(1),
        is_organization: true,
        name: None,
        status: InstanceStatus::Active,
        network: None,
        created_at_ms: NOW_MS,
    }
}

pub fn instance_id() -> InstanceId {
    "ssoins-0123456789abcdef".parse().unwrap()
}

pub fn store_id() -> IdentityStoreId {
    "d-0123456789".parse().unwrap()
}

/// Id that ends with this number.
pub fn uuid<T: std::str::FromStr<Err = &'static str>>(number: u32) -> T {
    format!("00000000-0000-4000-8000-{number:012x}").parse().unwrap()
}

/// Runs `act` in a transaction and commits it.
pub fn write<T>(db: &Db, act: impl FnOnce(&mut Tx<'_>) -> T) -> T {
    write_at(db, NOW_MS, act)
}

/// Runs `act` in a transaction at a given time and commits it.
pub fn write_at<T>(db: &Db, now_ms: i64, act: impl FnOnce(&mut Tx<'_>) -> T) -> T {
    let mut tx = begin_at(db, now_ms);
    let done = act(&mut tx);
    tx.commit(&AuditEvent::new()).unwrap();
    done
}

/// Runs `act` in a read-only transaction.
pub fn read<T>(db: &Db, act: impl FnOnce(&mut Read<'_>) -> T) -> T {
    act(&mut db.read(&permit()).unwrap())
}

pub fn begin(db: &Db) -> Tx<'_> {
    begin_at(db, NOW_MS)
}

pub fn begin_at(db: &Db, now_ms: i64) -> Tx<'_> {
    begin_as(db, Principal::Portico, now_ms)
}

pub fn begin_as(db: &Db, principal: Principal, now_ms: i64) -> Tx<'_> {
    db.begin(permit_of(principal), stamp(now_ms)).unwrap()
}

pub fn stamp(now_ms: i64) -> Stamp {
    static EVENTS: AtomicU32 = AtomicU32::new(0);
    let number = EVENTS.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let [a, b, c, d] = number;
    Stamp::new(now_ms, &[0, 0, 0, 0, 0, 0, a, b, c, d], "r-1".to_owned(), Origin::default())
}

pub fn permit() -> Permit {
    permit_of(Principal::Portico)
}

pub fn permit_of(principal: Principal) -> Permit {
    let document = r#"{"Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let policies = Policies::identity_based(vec![Arc::new(
        Policy::parse(PolicyType::IdentityBased, "test", document).unwrap(),
    )]);
    let caller = Arc::new(Caller { principal, policies });
    policy::authorize(&caller, "portico:Test", "*", &NoFacts).unwrap()
}
