//! Long work is in parts: no transaction of it deletes more rows than `part::ROWS_MAX`, those that a foreign key deletes
//! along included. SQLite runs the statements of both engines, and its file is read beside the store.

use model::assignment::AssignmentPrincipal;
use rusqlite::Connection;
use store::{Db, Location, Tx, group, instance, instance_contents, part, removed_principal, user};

use crate::harness::{an_instance, instance_id, run, store_id, uuid, with_sqlite_empty, write};

/// Numbers 1 to 250: more than two parts of each kind of row.
const NUMBERS: &str =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)";

/// Rows below user 1 and group 11, all of whose kinds are many.
const MANY: &[&str] = &[
    "N INSERT INTO account (id, name, email, email_key, joined_method, joined_at_ms)
        SELECT printf('%012d', i), 'a', 'a' || i, 'a' || i, 'CREATED', 0 FROM n",
    "N INSERT INTO permission_set (instance_id, id, name, session_duration, revision, created_at_ms)
        SELECT 'INSTANCE', 'ps-' || i, 'set' || i, 'PT1H', 1, 0 FROM n",
    "N INSERT INTO permission_set_managed_policy SELECT 'INSTANCE', 'ps-1', 'arn' || i FROM n",
    "N INSERT INTO role (instance_id, account_id, permission_set_id, name, role_id, managed_policy_arns,
            session_duration_seconds, permission_set_revision, revision, created_at_ms)
        SELECT 'INSTANCE', printf('%012d', i), 'ps-1', 'r' || i, 'r' || i, '[]', 1, 1, 1, 0 FROM n",
    "N INSERT INTO account_assignment
        SELECT 'INSTANCE', printf('%012d', i), 'ps-1', 'USER', 'USER1', 0, 0 FROM n",
    "N INSERT INTO account_assignment
        SELECT 'INSTANCE', printf('%012d', i), 'ps-1', 'GROUP', 'GROUP1', 0, 0 FROM n WHERE i < 120",
    "N INSERT INTO tag SELECT 'INSTANCE', 'arn', 'k' || i, 'v' FROM n",
    "N INSERT INTO session (identity_store_id, id, user_id, kind, source_address, user_agent,
            created_at_ms, expires_at_ms)
        SELECT 'STORE', 's' || i, 'USER1', 'PORTAL', '', '', 0, 0 FROM n",
    "N INSERT INTO authorization_code (code_hash, identity_store_id, client_session_id, client_hash,
            redirect_uri, code_challenge, scopes, expires_at_ms, is_used)
        SELECT CAST('c' || i AS BLOB), 'STORE', 's2', x'', '', '', '', 0, 0 FROM n",
    "N INSERT INTO device_authorization (device_code_hash, user_code, identity_store_id, client_hash, client_name,
            scopes, source_address, source_network, user_agent, state, created_at_ms, expires_at_ms)
        SELECT CAST('d' || i AS BLOB), 'u' || i, 'STORE', x'', '', '', '', '', '', 'PENDING', 0, 0 FROM n",
    "N INSERT INTO password_reset_request (identity_store_id, id, user_id, requested_by, created_at_ms, expires_at_ms)
        SELECT 'STORE', 'q' || i, 'USER1', 'by' || i, 0, 0 FROM n",
    "N INSERT INTO message (identity_store_id, id, user_id, kind, recipient, status, attempts, due_ms, requested_by,
            created_at_ms, updated_at_ms, expires_at_ms)
        SELECT 'STORE', 'm' || i, 'USER1', 'PASSWORD_RESET', 'r', 'SENT', 0, 0, '', 0, 0, 0 FROM n",
    "N INSERT INTO identity_membership
        SELECT 'STORE', 'm' || i, 'GROUP1', id, 0, '', 0, '', 0 FROM n JOIN identity_user ON user_name = 'member-' || i",
    "N INSERT INTO identity_membership
        SELECT 'STORE', 'o' || i, id, 'USER1', 0, '', 0, '', 0 FROM n JOIN identity_group ON display_name = 'Of ' || i",
    "N INSERT INTO identity_external_id (identity_store_id, principal_type, issuer, external_id, user_id)
        SELECT 'STORE', 'USER', 'p', 'e' || i, id FROM n JOIN identity_user ON user_name = 'member-' || i",
];

/// Runs `test` on a store with many rows, with a function that counts the rows of all tables but the audit log.
fn with_many(test: impl FnOnce(&Db, &dyn Fn() -> i64)) {
    with_sqlite_empty(|location, _| {
        let Location::Sqlite(path) = location.clone() else { unreachable!() };
        run(location, |db| {
            write(db, |tx| {
                for number in 1..=250 {
                    let name = format!("member-{number}");
                    user::insert(tx, &crate::user::some_user(1000 + number, &name)).unwrap();
                    let name = format!("Of {number}");
                    group::insert(tx, &crate::group::some_group(5000 + number, &name)).unwrap();
                }
                user::insert(tx, &crate::user::some_user(1, "jane")).unwrap();
                group::insert(tx, &crate::group::some_group(11, "Writers")).unwrap();
            });
            let beside = Connection::open(path).unwrap();
            beside.execute_batch("PRAGMA foreign_keys = ON").unwrap();
            for sql in MANY {
                let sql = sql
                    .strip_prefix("N ")
                    .map_or((*sql).to_owned(), |sql| format!("{NUMBERS} {sql}"));
                let sql = sql
                    .replace("INSTANCE", instance_id().as_str())
                    .replace("STORE", store_id().as_str())
                    .replace("USER1", uuid::<model::ids::UserId>(1).as_str())
                    .replace("GROUP1", uuid::<model::ids::GroupId>(11).as_str());
                beside.execute_batch(&sql).unwrap_or_else(|why| panic!("{sql}: {why}"));
            }
            test(db, &|| count(&beside));
        });
    });
}

fn count(beside: &Connection) -> i64 {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'audit_%'";
    let mut tables = beside.prepare(sql).unwrap();
    let names = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let count = |name: String| {
        beside
            .query_row(&format!("SELECT COUNT(*) FROM {name}"), [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    names.map(Result::unwrap).map(count).sum()
}

/// Runs parts until one says that nothing is left, and returns their number.
fn parts(db: &Db, count: &dyn Fn() -> i64, mut part: impl FnMut(&mut Tx<'_>) -> bool) -> usize {
    for number in 1..500 {
        let before = count();
        let is_all = write(db, &mut part);
        let deleted = before - count();
        assert!(deleted <= part::ROWS_MAX + 2, "{deleted} rows in part {number}");
        assert!(is_all || deleted > 0, "part {number} does nothing");
        if is_all {
            return number;
        }
    }
    panic!("it comes to no end");
}

#[test]
fn a_group_is_deleted_in_parts_of_bounded_size() {
    with_many(|db, count| {
        write(db, |tx| group::delete(tx, &store_id(), &uuid(11))).unwrap();
        let number = parts(db, count, |tx| {
            removed_principal::delete_part(
                tx,
                &an_instance(),
                &AssignmentPrincipal::Group(uuid(11)),
            )
            .unwrap()
        });
        assert!(number >= 5, "{number}");
    });
}

#[test]
fn a_user_is_deleted_in_parts_of_bounded_size() {
    with_many(|db, count| {
        write(db, |tx| user::delete(tx, &store_id(), &uuid(1))).unwrap();
        let number = parts(db, count, |tx| {
            removed_principal::delete_part(tx, &an_instance(), &AssignmentPrincipal::User(uuid(1)))
                .unwrap()
        });
        assert!(number >= 15, "{number}");
    });
}

#[test]
fn an_instance_is_deleted_in_parts_of_bounded_size() {
    with_many(|db, count| {
        // Both are being deleted themselves.
        write(db, |tx| group::delete(tx, &store_id(), &uuid(11))).unwrap();
        write(db, |tx| user::delete(tx, &store_id(), &uuid(1))).unwrap();
        let number = parts(db, count, |tx| {
            let (instance_id, store_id) = (instance_id(), store_id());
            let is_all =
                instance_contents::delete_part(tx, &instance_id, &store_id, part::ROWS_MAX)
                    .unwrap();
            if is_all {
                instance::delete(tx, &instance_id).unwrap();
            }
            is_all
        });
        assert!(number >= 30, "{number}");
    });
}
