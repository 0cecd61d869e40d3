//! Deletion of the contents of an instance.

use store::{Db, instance, instance_contents, tag, user};

use crate::account_assignment::{assign, populate, to_group, to_user};
use crate::harness::{instance_id, read, store_id, write};

on_both_engines!(an_instance_is_emptied_a_part_at_a_time);

fn an_instance_is_emptied_a_part_at_a_time(db: &Db) {
    populate(db);
    assign(db, &[to_user(1, 1, 1), to_group(2, 2, 11)]);
    let tags = [model::tag::Tag { key: "k".parse().unwrap(), value: "v".parse().unwrap() }];
    write(db, |tx| tag::put(tx, &instance_id(), "arn:test", &tags)).unwrap();
    let delete =
        || write(db, |tx| instance_contents::delete_part(tx, &instance_id(), &store_id(), 3));
    let mut parts = 1;
    while !delete().unwrap() {
        parts += 1;
        assert!(parts < 100, "it comes to no end");
    }
    assert!(parts > 3, "{parts}");
    assert_eq!(read(db, |read| user::list(read, &store_id(), "", 9)), Ok(Vec::new()));
    // No row refers to the instance any more.
    write(db, |tx| instance::delete(tx, &instance_id())).unwrap();
    assert_eq!(read(db, |read| instance::find(read, &instance_id())), Ok(None));
}
