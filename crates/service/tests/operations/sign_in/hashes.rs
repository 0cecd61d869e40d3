//! Hashes of passwords are sealed under the key ring, and those of an earlier version become so.

use std::path::Path;

use ::sso_admin::create_instance::enable_instance;
use kernel::hash_seal::open_hash;
use kernel::upkeep::every_minute;
use rusqlite::Connection;
use store::Location;
use testing::Bench;
use testing::people::{BROWSER, PASSWORD};

use super::{DAY_MS, is_signed_in, is_wrong, kept_password};

const TABLES: [&str; 2] = ["user_password", "past_password"];

fn bench_in(folder: &Path) -> (Bench, Connection) {
    let path = folder.join("portico.sqlite");
    let bench = Bench::found(Location::Sqlite(path.clone()), true);
    enable_instance(&bench.portico).unwrap();
    bench.let_in_without_mfa();
    (bench, Connection::open(&path).unwrap())
}

/// Numbers of hashes that are stored as they are, of passwords and of remembered ones.
fn unsealed(database: &Connection) -> [i64; 2] {
    TABLES.map(|table| {
        let sql = format!("SELECT count(*) FROM {table} WHERE length(hash) = 32");
        database.query_row(&sql, [], |row| row.get(0)).unwrap()
    })
}

/// Stores the hash of alice's only password as an earlier version did.
fn unseal(bench: &Bench, database: &Connection) {
    let user = database
        .query_row("SELECT user_id FROM user_password", [], |row| row.get::<_, String>(0))
        .unwrap();
    let (store_id, user_id) = (bench.store_id().parse().unwrap(), user.parse().unwrap());
    let stored = kept_password(bench, &user_id).hash;
    let hash = open_hash(&bench.portico, (&store_id, &user_id), &stored).unwrap();
    for table in TABLES {
        database.execute(&format!("UPDATE {table} SET hash = ?1"), [hash.hash.as_slice()]).unwrap();
    }
}

#[test]
fn a_database_alone_allows_no_guess() {
    let folder = tempfile::tempdir().unwrap();
    let (bench, database) = bench_in(folder.path());
    let (alice, _) = bench.create_person("alice");
    let (bob, _) = bench.create_person("bob");
    assert_eq!(unsealed(&database), [0, 0]);
    let stored = kept_password(&bench, &alice).hash;
    assert_eq!(stored.hash.len(), 73);
    // The hash of another person, or an altered one, is nobody's.
    let copy = "UPDATE user_password SET (cost, salt, hash) = (
        SELECT cost, salt, hash FROM user_password WHERE user_id = ?1) WHERE user_id = ?2";
    database.execute(copy, [alice.as_str(), bob.as_str()]).unwrap();
    assert!(is_wrong(&bench.sign_in("bob", PASSWORD)));
    assert!(is_signed_in(&bench.sign_in("alice", PASSWORD)));
    let mut altered = stored.hash;
    altered[40] ^= 1;
    let alter = "UPDATE user_password SET hash = ?1 WHERE user_id = ?2";
    database.execute(alter, rusqlite::params![altered, alice.as_str()]).unwrap();
    assert!(is_wrong(&bench.sign_in("alice", PASSWORD)));
}

#[test]
fn a_hash_of_an_earlier_version_is_good_and_sealed_at_the_sign_in() {
    let folder = tempfile::tempdir().unwrap();
    let (bench, database) = bench_in(folder.path());
    bench.create_person("alice");
    unseal(&bench, &database);
    assert_eq!(unsealed(&database), [1, 1]);
    assert!(is_wrong(&bench.sign_in("alice", "wrong")));
    assert_eq!(unsealed(&database), [1, 1]);
    assert!(is_signed_in(&bench.sign_in("alice", PASSWORD)));
    assert_eq!(unsealed(&database), [0, 1]);
    assert!(is_signed_in(&bench.sign_in("alice", PASSWORD)));
}

#[test]
fn upkeep_seals_the_others_and_keys_rotate() {
    let folder = tempfile::tempdir().unwrap();
    let (bench, database) = bench_in(folder.path());
    let (alice, _) = bench.create_person("alice");
    unseal(&bench, &database);
    every_minute(&bench.portico).unwrap();
    every_minute(&bench.portico).unwrap();
    assert_eq!(unsealed(&database), [0, 0]);
    let [event] = bench.events("portico:SealPasswordHashes").try_into().unwrap();
    assert!(event.details.contains(r#""passwords":"1""#), "{}", event.details);
    for _ in 0..3 {
        bench.clock.advance(91 * DAY_MS);
        every_minute(&bench.portico).unwrap();
    }
    assert!(is_signed_in(&bench.sign_in("alice", PASSWORD)));
    let ticket = bench.ticket(&alice, "alice");
    assert!(bench.set_password(&ticket, BROWSER, PASSWORD).is_err());
}
