//! Buckets.

use std::collections::{BTreeMap, BTreeSet};

use model::bucket::{Bucket, BucketName};
use model::{Fault, ObjectsEntity};
use store::bucket::Which;
use store::{Db, account, bucket, multipart, object, removed_upload};

use crate::harness::{NOW_MS, account_id, begin, read, some_account, write};
use crate::multipart::{some_part, some_upload};
use crate::object::{some_object, unlinked};

on_both_engines!(
    a_bucket_reads_back_as_it_was_written,
    a_bucket_name_is_one_in_all_accounts,
    a_bucket_is_for_its_own_account_alone,
    buckets_are_listed_by_name_within_an_account,
    a_bucket_with_objects_is_not_deleted,
    a_bucket_goes_after_its_uploads,
    tags_are_replaced_and_removed,
);

pub fn bucket_name(name: &str) -> BucketName {
    name.parse().unwrap()
}

pub fn some_bucket(name: &str, account: u32) -> Bucket {
    Bucket {
        name: bucket_name(name),
        account_id: account_id(account),
        region: "eu-west-1".to_owned(),
        created_at_ms: NOW_MS,
    }
}

/// Two accounts, and a bucket of the first.
pub fn populate(db: &Db) {
    write(db, |tx| {
        account::insert(tx, &some_account(2)).unwrap();
        assert_eq!(bucket::insert(tx, &some_bucket("photos", 1)), Ok(None));
    });
}

fn a_bucket_reads_back_as_it_was_written(db: &Db) {
    populate(db);
    read(db, |read| {
        assert_eq!(bucket::find(read, &bucket_name("photos")), Ok(Some(some_bucket("photos", 1))));
        assert_eq!(bucket::find(read, &bucket_name("others")), Ok(None));
    });
}

fn a_bucket_name_is_one_in_all_accounts(db: &Db) {
    populate(db);
    write(db, |tx| {
        let taken = bucket::insert(tx, &some_bucket("photos", 2));
        assert_eq!(taken, Ok(Some(some_bucket("photos", 1))));
        // The transaction continues.
        assert_eq!(bucket::insert(tx, &some_bucket("others", 2)), Ok(None));
    });
}

fn a_bucket_is_for_its_own_account_alone(db: &Db) {
    populate(db);
    read(db, |read| {
        assert!(bucket::require(read, &account_id(1), &bucket_name("photos")).is_ok());
        let others = bucket::require(read, &account_id(2), &bucket_name("photos"));
        assert!(matches!(others, Err(Fault::Denied(_))), "{others:?}");
        let none = bucket::require(read, &account_id(2), &bucket_name("none"));
        assert_eq!(none, Err(Fault::not_found(ObjectsEntity::Bucket, "none")));
    });
}

fn buckets_are_listed_by_name_within_an_account(db: &Db) {
    populate(db);
    write(db, |tx| {
        for (name, account) in [("a.b", 1), ("a-b", 1), ("zoo", 1), ("mine", 2)] {
            assert_eq!(bucket::insert(tx, &some_bucket(name, account)), Ok(None));
        }
    });
    let names = |from: &str, below: &str, limit| -> Vec<String> {
        let listed = read(db, |read| {
            let which = Which { region: "", from, below };
            bucket::list(read, &account_id(1), which, limit)
        });
        listed.unwrap().iter().map(|bucket| bucket.name.to_string()).collect()
    };
    assert_eq!(names("", "~", 10), ["a-b", "a.b", "photos", "zoo"]);
    assert_eq!(names("a.", "q", 10), ["a.b", "photos"]);
    assert_eq!(names("", "~", 1), ["a-b"]);
    assert_eq!(read(db, |read| bucket::count(read, &account_id(1))), Ok(4));
}

fn a_bucket_with_objects_is_not_deleted(db: &Db) {
    populate(db);
    let (account, name) = (account_id(1), bucket_name("photos"));
    write(db, |tx| object::put(tx, &account, &name, &some_object("cat", 1), None)).unwrap();
    let mut tx = begin(db);
    let refused = bucket::delete(&mut tx, &account, &name);
    assert!(matches!(refused, Err(Fault::Conflict { .. })), "{refused:?}");
    drop(tx);
    write(db, |tx| object::delete(tx, &account, &name, &some_object("cat", 1))).unwrap();
    write(db, |tx| bucket::delete(tx, &account, &name)).unwrap();
    assert_eq!(read(db, |read| bucket::find(read, &name)), Ok(None));
}

fn a_bucket_goes_after_its_uploads(db: &Db) {
    populate(db);
    let (account, name, upload) = (account_id(1), bucket_name("photos"), some_upload("dog", 7));
    write(db, |tx| {
        multipart::insert(tx, &account, &name, &upload).unwrap();
        multipart::put_part(tx, &account, &name, &upload.id, &some_part(1, 21)).unwrap();
    });
    write(db, |tx| multipart::remove(tx, &account, &name, &upload.key, &upload.id)).unwrap();
    let mut early = begin(db);
    assert_eq!(bucket::require_empty(&mut early, &account, &name), Ok(()));
    bucket::delete(&mut early, &account, &name).unwrap_err();
    drop(early);
    write(db, |tx| {
        let removed = removed_upload::find_in_bucket(tx, &account, &name).unwrap().unwrap();
        assert_eq!(removed_upload::delete_parts(tx, &removed, 2), Ok(1));
        bucket::delete(tx, &account, &name).unwrap();
    });
    assert_eq!(unlinked(db), BTreeSet::from([some_part(1, 21).blob_id]));
}

fn tags_are_replaced_and_removed(db: &Db) {
    populate(db);
    let (account, name) = (account_id(1), bucket_name("photos"));
    let tags = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let stored = |account| read(db, |read| bucket::tags(read, account, &name));
    assert_eq!(stored(&account), Ok(None));
    for set in [Some(tags(&[("team", "a \"b\""), ("ä", "")])), Some(tags(&[])), None] {
        write(db, |tx| bucket::replace_tags(tx, &account, &name, set.as_ref())).unwrap();
        assert_eq!(stored(&account), Ok(set));
    }
    let own = tags(&[("team", "own")]);
    write(db, |tx| {
        bucket::replace_tags(tx, &account, &name, Some(&own)).unwrap();
        bucket::replace_tags(tx, &account_id(2), &name, None).unwrap();
    });
    assert_eq!(stored(&account), Ok(Some(own)));
    assert_eq!(stored(&account_id(2)), Ok(None));
}
