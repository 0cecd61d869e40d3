//! Hashes of passwords that an earlier program stored unsealed.

use model::password::{HashCost, PasswordKind, StoredHash};
use store::unsealed_hash::{self, UnsealedHash};
use store::{Db, user, user_password};

use crate::harness::{read, store_id, uuid, write};
use crate::user::some_user;

on_both_engines!(unsealed_hashes_are_listed_and_replaced_and_sealed_ones_are_not);

fn hash(byte: u8, length: usize) -> StoredHash {
    let cost = HashCost { memory_kib: 64, passes: 1, lanes: 1 };
    StoredHash { cost, salt: [byte; 16], hash: vec![byte; length] }
}

fn unsealed_hashes_are_listed_and_replaced_and_sealed_ones_are_not(db: &Db) {
    write(db, |tx| {
        for (number, length) in [(1, 32), (2, 73), (3, 32)] {
            let name = format!("user-{number}");
            user::insert(tx, &some_user(number, &name)).unwrap();
            let (id, hash) = (uuid(number), hash(u8::try_from(number).unwrap(), length));
            let chosen = PasswordKind::Chosen;
            user_password::replace(tx, &store_id(), &id, &hash, &chosen).unwrap();
        }
    });
    let place = |number| UnsealedHash {
        identity_store_id: store_id(),
        user_id: uuid(number),
        revision: 1,
        hash: hash(u8::try_from(number).unwrap(), 32),
    };
    let lists = |limit| {
        read(db, |read| {
            let current = unsealed_hash::list(read, limit).unwrap();
            (current, unsealed_hash::list_past(read, limit).unwrap())
        })
    };
    assert_eq!(lists(9), (vec![place(1), place(3)], vec![place(1), place(3)]));
    assert_eq!(lists(1), (vec![place(1)], vec![place(1)]));
    write(db, |tx| {
        unsealed_hash::replace(tx, &place(1), &[9; 73]).unwrap();
        unsealed_hash::replace_past(tx, &place(3), &[8; 73]).unwrap();
        // Sealed rows stay.
        unsealed_hash::replace(tx, &UnsealedHash { revision: 1, ..place(2) }, &[7; 73]).unwrap();
        unsealed_hash::replace_past(tx, &UnsealedHash { revision: 2, ..place(1) }, &[7; 73])
            .unwrap();
    });
    assert_eq!(lists(9), (vec![place(3)], vec![place(1)]));
    read(db, |read| {
        let found = |number| user_password::find(read, &store_id(), &uuid(number));
        let hashes = [1, 2].map(found).map(|found| found.unwrap().unwrap().hash.hash);
        assert_eq!(hashes, [vec![9; 73], vec![2; 73]]);
    });
}
