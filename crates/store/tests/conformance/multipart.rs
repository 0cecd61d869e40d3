//! Multipart uploads.

use std::collections::BTreeSet;
use std::str::FromStr;

use model::Fault;
use model::object::{ChecksumAlgorithm, ChecksumKind, Description, Part, Upload, UploadId};
use store::multipart::{self, Cursor};
use store::{Db, removed_upload};

use crate::bucket::{bucket_name, populate};
use crate::harness::{NOW_MS, account_id, read, write};
use crate::object::{blob_id, key, some_checksum, unlinked};

on_both_engines!(
    an_upload_reads_back_as_it_was_written,
    uploads_are_listed_by_key_and_id,
    uploads_are_found_by_age,
    a_part_in_place_of_another_unlinks_its_file,
    parts_are_listed_by_number,
    a_range_is_found_in_the_parts_that_hold_it,
    files_of_deleted_parts_are_unlinked,
);

pub fn upload_id(number: u32) -> UploadId {
    UploadId::from_str(&format!("{number:032x}")).unwrap()
}

pub fn some_upload(name: &str, number: u32) -> Upload {
    Upload {
        id: upload_id(number),
        key: key(name),
        checksum_algorithm: ChecksumAlgorithm::Sha256,
        checksum_kind: ChecksumKind::Composite,
        description: Description {
            cache_control: Some("no-cache".to_owned()),
            ..Description::default()
        },
        initiated_at_ms: NOW_MS,
    }
}

/// Part of 100 bytes.
pub fn some_part(number: u32, blob: u32) -> Part {
    Part {
        number,
        blob_id: blob_id(blob),
        size: 100,
        etag: "d41d8cd98f00b204e9800998ecf8427e".to_owned(),
        checksum: some_checksum(),
        modified_at_ms: NOW_MS,
    }
}

fn put(db: &Db, part: &Part) {
    let (account, bucket) = (account_id(1), bucket_name("photos"));
    write(db, |tx| multipart::put_part(tx, &account, &bucket, &upload_id(7), part)).unwrap();
}

fn an_upload_reads_back_as_it_was_written(db: &Db) {
    populate(db);
    let (account, bucket) = (account_id(1), bucket_name("photos"));
    let upload = some_upload("dog", 7);
    write(db, |tx| multipart::insert(tx, &account, &bucket, &upload)).unwrap();
    let require = |name: &str, number| {
        read(db, |read| multipart::require(read, &account, &bucket, &key(name), &upload_id(number)))
    };
    assert_eq!(require("dog", 7), Ok(upload.clone()));
    assert!(matches!(require("cat", 7), Err(Fault::NotFound { .. })));
    assert!(matches!(require("dog", 8), Err(Fault::NotFound { .. })));
    write(db, |tx| multipart::delete(tx, &account, &bucket, &upload.key, &upload.id)).unwrap();
    assert!(matches!(require("dog", 7), Err(Fault::NotFound { .. })));
}

fn uploads_are_found_by_age(db: &Db) {
    populate(db);
    let (account, bucket) = (account_id(1), bucket_name("photos"));
    write(db, |tx| {
        for (name, number, at_ms) in [("b", 1, 30), ("a", 2, 10), ("c", 3, 20)] {
            let upload = Upload { initiated_at_ms: at_ms, ..some_upload(name, number) };
            multipart::insert(tx, &account, &bucket, &upload).unwrap();
        }
    });
    let found = |before_ms, limit| -> Vec<UploadId> {
        let found = read(db, |read| multipart::initiated_before(read, before_ms, limit)).unwrap();
        assert!(found.iter().all(|place| place.account_id == account));
        found.into_iter().map(|place| place.id).collect()
    };
    assert_eq!(found(30, 9), [upload_id(2), upload_id(3)]);
    assert_eq!(found(31, 2), [upload_id(2), upload_id(3)]);
    assert_eq!(found(10, 9), []);
    let places = read(db, |read| multipart::initiated_before(read, 11, 1)).unwrap();
    assert_eq!((&places[0].bucket_name, &places[0].key), (&bucket, &key("a")));
}

fn uploads_are_listed_by_key_and_id(db: &Db) {
    populate(db);
    let (account, bucket) = (account_id(1), bucket_name("photos"));
    let uploads = [("b", 1), ("a", 3), ("a", 2), ("a/b", 1), ("c", 9)];
    write(db, |tx| {
        for (name, number) in uploads {
            multipart::insert(tx, &account, &bucket, &some_upload(name, number)).unwrap();
        }
    });
    let list = |from_key: &str, after_id: &str, below: &str, limit| -> Vec<(String, UploadId)> {
        let from = Cursor { key: from_key, after_id };
        let listed =
            read(db, |read| multipart::list(read, &account, &bucket, from, below, limit)).unwrap();
        listed.into_iter().map(|upload| (upload.key.to_string(), upload.id)).collect()
    };
    let expected = |places: &[(&str, u32)]| -> Vec<(String, UploadId)> {
        places.iter().map(|(name, number)| ((*name).to_owned(), upload_id(*number))).collect()
    };
    let all = [("a", 2), ("a", 3), ("a/b", 1), ("b", 1), ("c", 9)];
    assert_eq!(list("", "", "~", 10), expected(&all));
    assert_eq!(list("a", upload_id(2).as_str(), "~", 2), expected(&[("a", 3), ("a/b", 1)]));
    assert_eq!(list("a/", "", "a0", 10), expected(&[("a/b", 1)]));
}

fn a_part_in_place_of_another_unlinks_its_file(db: &Db) {
    populate(db);
    put(db, &some_part(1, 21));
    assert_eq!(unlinked(db), BTreeSet::new());
    put(db, &some_part(1, 22));
    assert_eq!(unlinked(db), BTreeSet::from([blob_id(21)]));
}

fn parts_are_listed_by_number(db: &Db) {
    populate(db);
    for number in [10_000, 2, 30, 1] {
        put(db, &some_part(number, number));
    }
    let (account, bucket) = (account_id(1), bucket_name("photos"));
    let list = |after, limit| {
        let parts = read(db, |read| {
            multipart::list_parts(read, &account, &bucket, &upload_id(7), after, limit)
        });
        parts.unwrap().iter().map(|part| part.number).collect::<Vec<_>>()
    };
    assert_eq!(list(0, 10), [1, 2, 30, 10_000]);
    assert_eq!(list(2, 1), [30]);
    let parts =
        read(db, |read| multipart::list_parts(read, &account, &bucket, &upload_id(7), 0, 1));
    assert_eq!(parts, Ok(vec![some_part(1, 1)]));
}

fn a_range_is_found_in_the_parts_that_hold_it(db: &Db) {
    populate(db);
    for number in [1, 5, 9] {
        put(db, &some_part(number, number));
    }
    let (account, bucket) = (account_id(1), bucket_name("photos"));
    let within = |bytes: std::ops::Range<u64>| {
        let found = read(db, |read| {
            multipart::parts_within(read, &account, &bucket, &upload_id(7), &bytes)
        });
        found.unwrap()
    };
    assert_eq!(within(0..300), [(blob_id(1), 0..100), (blob_id(5), 0..100), (blob_id(9), 0..100)]);
    assert_eq!(within(0..100), [(blob_id(1), 0..100)]);
    assert_eq!(within(99..101), [(blob_id(1), 99..100), (blob_id(5), 0..1)]);
    assert_eq!(within(150..160), [(blob_id(5), 50..60)]);
    assert_eq!(within(299..999), [(blob_id(9), 99..100)]);
    assert_eq!(within(300..301), []);
}

fn files_of_deleted_parts_are_unlinked(db: &Db) {
    populate(db);
    for number in [1, 2, 3] {
        put(db, &some_part(number, number));
    }
    let (account, bucket) = (account_id(1), bucket_name("photos"));
    let id = upload_id(7);
    let one = |number| write(db, |tx| multipart::delete_part(tx, &account, &bucket, &id, number));
    for _ in 0..2 {
        assert_eq!(one(2), Ok(()));
        assert_eq!(unlinked(db), BTreeSet::from([blob_id(2)]));
    }
    put(db, &some_part(2, 4));
    write(db, |tx| removed_upload::insert(tx, &account, &bucket, &id)).unwrap();
    let removed = read(db, |read| removed_upload::find_in_bucket(read, &account, &bucket)).unwrap();
    assert_eq!(
        read(db, |read| removed_upload::list(read, 9)).unwrap(),
        Vec::from_iter(removed.clone())
    );
    let removed = removed.unwrap();
    assert_eq!(removed.upload_id, id);
    let some = || write(db, |tx| removed_upload::delete_parts(tx, &removed, 2));
    assert_eq!(some(), Ok(2));
    assert_eq!(unlinked(db), BTreeSet::from([1, 2, 4].map(blob_id)));
    assert_eq!(some(), Ok(1));
    assert_eq!(unlinked(db), BTreeSet::from([1, 2, 3, 4].map(blob_id)));
    assert_eq!(read(db, |read| removed_upload::list(read, 9)).unwrap(), []);
}
