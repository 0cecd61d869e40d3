//! A database of an earlier program, opened by this one: every entity reads back.
//!
//! `sqlite.sql` and `postgres.sql` are what `make.py` made with the program of commit 92ff0a6, the
//! last one without hashes of its migrations. Ids are random there, so tests go by names.

mod access;
mod center;
mod objects;
mod people;
mod sign_in;

use model::ids::{AccountId, IdentityStoreId, UserId};
use model::instance::Instance;
use store::{Db, Location, Read, instance, user};

use crate::harness::{self, RunSql, read};

/// A database of the earlier program, opened by this one.
struct Upgraded {
    db: Db,
    /// Text that the database was loaded from.
    dump: &'static str,
    instance: Instance,
}

impl Upgraded {
    fn read<T>(&self, act: impl FnOnce(&mut Read<'_>) -> T) -> T {
        read(&self.db, act)
    }

    fn store_id(&self) -> &IdentityStoreId {
        &self.instance.identity_store_id
    }

    fn account_id(&self) -> &AccountId {
        &self.instance.owner_account_id
    }

    fn user_id(&self, name: &str) -> UserId {
        let found = self.read(|read| user::find_by_name(read, self.store_id(), name));
        found.unwrap().unwrap().id
    }

    /// The values of the column of 32 bytes that comes first in the rows of a table.
    fn hashes(&self, table: &str) -> Vec<[u8; 32]> {
        let begins =
            [format!("INSERT INTO {table} VALUES("), format!("INSERT INTO {table} VALUES (")];
        let is_row = |line: &&str| begins.iter().any(|begin| line.starts_with(begin.as_str()));
        self.dump.lines().filter(is_row).map(first_hash).collect()
    }
}

fn first_hash(line: &str) -> [u8; 32] {
    let mut words = line.split(|letter: char| !letter.is_ascii_hexdigit());
    let hash = words.find(|word| word.len() == 64).unwrap();
    let mut bytes = [0; 32];
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hash[2 * place..2 * place + 2], 16).unwrap();
    }
    bytes
}

fn upgrade(location: Location, sql: RunSql<'_>, dump: &'static str, test: fn(&Upgraded)) {
    sql(dump);
    // The first start applies the later migrations; the second finds nothing to do.
    drop(Db::open(location.clone()).unwrap());
    let db = Db::open(location).unwrap();
    let instance = read(&db, instance::find_of_organization).unwrap().unwrap();
    test(&Upgraded { db, dump, instance });
}

fn with_sqlite(test: fn(&Upgraded)) {
    harness::with_sqlite_empty(|location, sql| {
        upgrade(location, sql, include_str!("sqlite.sql"), test);
    });
}

fn with_postgres(test: fn(&Upgraded)) {
    harness::with_postgres_empty(|location, sql| {
        upgrade(location, sql, include_str!("postgres.sql"), test);
    });
}

/// Makes each test twice, on an upgraded SQLite file and on an upgraded PostgreSQL schema.
macro_rules! on_both_upgraded {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { crate::upgrade::with_sqlite(super::$test) })*
        }
        mod postgres_engine {
            $(#[test] fn $test() { crate::upgrade::with_postgres(super::$test) })*
        }
    };
}
use on_both_upgraded;
