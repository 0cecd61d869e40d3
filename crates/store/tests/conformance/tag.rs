//! Tags.

use model::Fault;
use model::tag::{TAGS_MAX, Tag};
use store::{Db, tag};

use crate::harness::{begin, instance_id, read, write};

on_both_engines!(
    a_tag_takes_the_place_of_the_one_with_its_key,
    tags_are_listed_by_key_from_any_place_on,
    tags_are_taken_away_one_by_one_and_all_at_once,
    a_resource_has_so_many_tags_and_no_more,
);

const RESOURCE: &str = "arn:test";

fn some_tag(key: &str, value: &str) -> Tag {
    Tag { key: key.parse().unwrap(), value: value.parse().unwrap() }
}

fn put(db: &Db, resource: &str, tags: &[Tag]) {
    write(db, |tx| tag::put(tx, &instance_id(), resource, tags)).unwrap();
}

fn list(db: &Db, after: &str, limit: i64) -> Vec<Tag> {
    read(db, |read| tag::list(read, &instance_id(), RESOURCE, after, limit)).unwrap()
}

fn a_tag_takes_the_place_of_the_one_with_its_key(db: &Db) {
    put(db, RESOURCE, &[some_tag("team", "a"), some_tag("Team", "b")]);
    put(db, RESOURCE, &[some_tag("team", "")]);
    assert_eq!(list(db, "", 9), [some_tag("Team", "b"), some_tag("team", "")]);
}

fn tags_are_listed_by_key_from_any_place_on(db: &Db) {
    put(db, RESOURCE, &[some_tag("c", "3"), some_tag("a", "1"), some_tag("b", "2")]);
    put(db, "arn:other", &[some_tag("d", "4")]);
    assert_eq!(list(db, "", 2), [some_tag("a", "1"), some_tag("b", "2")]);
    assert_eq!(list(db, "b", 2), [some_tag("c", "3")]);
}

fn tags_are_taken_away_one_by_one_and_all_at_once(db: &Db) {
    put(db, RESOURCE, &[some_tag("a", "1"), some_tag("b", "2"), some_tag("c", "3")]);
    let keys = ["a".parse().unwrap(), "none".parse().unwrap()];
    write(db, |tx| tag::delete(tx, &instance_id(), RESOURCE, &keys)).unwrap();
    assert_eq!(list(db, "", 9), [some_tag("b", "2"), some_tag("c", "3")]);
    write(db, |tx| tag::delete_all(tx, &instance_id(), RESOURCE)).unwrap();
    assert!(list(db, "", 9).is_empty());
}

fn a_resource_has_so_many_tags_and_no_more(db: &Db) {
    let tags: Vec<Tag> = (0..=TAGS_MAX).map(|n| some_tag(&format!("k{n}"), "v")).collect();
    let (last, most) = tags.split_last().unwrap();
    put(db, RESOURCE, most);
    let refused = tag::put(&mut begin(db), &instance_id(), RESOURCE, std::slice::from_ref(last));
    assert!(matches!(refused, Err(Fault::Quota { .. })), "{refused:?}");
}
