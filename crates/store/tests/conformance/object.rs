//! Objects.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use model::Fault;
use model::object::{
    BlobId, Checksum, ChecksumAlgorithm, ChecksumKind, Content, Description, Object, ObjectKey,
};
use store::object::NamedFile;
use store::{Db, multipart, object, removed_upload, unlinked_file};

use crate::bucket::{bucket_name, populate};
use crate::harness::{NOW_MS, account_id, read, write};
use crate::multipart::{some_part, upload_id};

on_both_engines!(
    an_object_reads_back_as_it_was_written,
    an_object_in_place_of_another_unlinks_its_file,
    an_object_made_of_parts_unlinks_the_files_of_its_parts,
    an_object_is_for_its_own_account_alone,
    objects_are_listed_by_the_bytes_of_their_keys,
    an_object_is_described_anew,
    files_that_rows_name_are_found,
    unlinked_files_are_listed_by_age_until_they_are_removed,
);

pub fn blob_id(number: u32) -> BlobId {
    BlobId::from_str(&format!("{number:032x}")).unwrap()
}

pub fn key(key: &str) -> ObjectKey {
    key.parse().unwrap()
}

pub fn some_checksum() -> Checksum {
    Checksum {
        algorithm: ChecksumAlgorithm::Crc64Nvme,
        kind: ChecksumKind::FullObject,
        value: "AAAAAAAAAAA=".to_owned(),
    }
}

pub fn some_object(name: &str, blob: u32) -> Object {
    Object {
        key: key(name),
        content: Content::Blob(blob_id(blob)),
        size: 5 << 40,
        etag: "d41d8cd98f00b204e9800998ecf8427e".to_owned(),
        checksum: some_checksum(),
        description: Description {
            content_type: Some("text/plain; charset=\"utf-8\"".to_owned()),
            metadata: BTreeMap::from([("näme".to_owned(), "välue\n".to_owned())]),
            ..Description::default()
        },
        modified_at_ms: NOW_MS,
    }
}

fn find(db: &Db, name: &str) -> Result<Option<Object>, Fault> {
    read(db, |read| object::find(read, &account_id(1), &bucket_name("photos"), &key(name)))
}

/// The files without an object.
pub fn unlinked(db: &Db) -> BTreeSet<BlobId> {
    let listed = read(db, |read| unlinked_file::list_before(read, i64::MAX, 100)).unwrap();
    listed.into_iter().collect()
}

fn put(db: &Db, wanted: &Object) {
    let (account, bucket) = (account_id(1), bucket_name("photos"));
    write(db, |tx| {
        let before = object::find(tx, &account, &bucket, &wanted.key).unwrap();
        object::put(tx, &account, &bucket, wanted, before.as_ref()).unwrap();
    });
}

fn an_object_reads_back_as_it_was_written(db: &Db) {
    populate(db);
    put(db, &some_object("a/../ä", 1));
    assert_eq!(find(db, "a/../ä"), Ok(Some(some_object("a/../ä", 1))));
    assert_eq!(find(db, "ä"), Ok(None));
}

fn an_object_in_place_of_another_unlinks_its_file(db: &Db) {
    populate(db);
    put(db, &some_object("cat", 1));
    assert_eq!(unlinked(db), BTreeSet::new());
    put(db, &some_object("cat", 2));
    assert_eq!(unlinked(db), BTreeSet::from([blob_id(1)]));
    assert_eq!(find(db, "cat"), Ok(Some(some_object("cat", 2))));
    let (account, bucket) = (account_id(1), bucket_name("photos"));
    write(db, |tx| object::delete(tx, &account, &bucket, &some_object("cat", 2))).unwrap();
    assert_eq!(unlinked(db), BTreeSet::from([blob_id(1), blob_id(2)]));
    assert_eq!(find(db, "cat"), Ok(None));
}

fn an_object_made_of_parts_unlinks_the_files_of_its_parts(db: &Db) {
    populate(db);
    let (account, bucket) = (account_id(1), bucket_name("photos"));
    write(db, |tx| {
        for part in [some_part(1, 21), some_part(2, 22)] {
            multipart::put_part(tx, &account, &bucket, &upload_id(7), &part).unwrap();
        }
    });
    let content = Content::Parts { upload_id: upload_id(7), count: 2 };
    let whole = Object { content, ..some_object("cat", 0) };
    put(db, &whole);
    assert_eq!(find(db, "cat"), Ok(Some(whole)));
    put(db, &some_object("cat", 3));
    assert_eq!(unlinked(db), BTreeSet::new());
    let removed = read(db, |read| removed_upload::list(read, 9)).unwrap();
    assert_eq!(removed.len(), 1);
    write(db, |tx| removed_upload::delete_parts(tx, &removed[0], 9)).unwrap();
    assert_eq!(unlinked(db), BTreeSet::from([blob_id(21), blob_id(22)]));
    let left =
        read(db, |read| multipart::list_parts(read, &account, &bucket, &upload_id(7), 0, 10));
    assert_eq!(left, Ok(vec![]));
}

fn an_object_is_for_its_own_account_alone(db: &Db) {
    populate(db);
    put(db, &some_object("cat", 1));
    for name in ["cat", "dog"] {
        let found =
            read(db, |read| object::find(read, &account_id(2), &bucket_name("photos"), &key(name)));
        assert!(matches!(found, Err(Fault::Denied(_))), "{found:?}");
    }
    let nowhere =
        read(db, |read| object::find(read, &account_id(1), &bucket_name("nowhere"), &key("cat")));
    assert!(matches!(nowhere, Err(Fault::NotFound { .. })), "{nowhere:?}");
}

fn objects_are_listed_by_the_bytes_of_their_keys(db: &Db) {
    populate(db);
    let keys = ["a", "a\t", "a b", "a-b", "a.b", "a/b", "a/b/c", "aB", "ab", "ä", "\u{10FFFF}"];
    for (number, name) in (1..).zip(keys.iter().rev()) {
        put(db, &some_object(name, number));
    }
    let list = |from: &str, below: &str, limit| -> Vec<String> {
        let (account, bucket) = (account_id(1), bucket_name("photos"));
        let listed = read(db, |read| object::list(read, &account, &bucket, from, below, limit));
        listed.unwrap().iter().map(|entry| entry.key.to_string()).collect()
    };
    let ceiling = "\u{10FFFF}".repeat(257);
    assert_eq!(list("", &ceiling, 100), keys);
    assert_eq!(list("a/", &format!("a/{ceiling}"), 100), ["a/b", "a/b/c"]);
    assert_eq!(list(&format!("a/{ceiling}"), &ceiling, 2), ["aB", "ab"]);
    assert_eq!(list("a\t", &ceiling, 2), ["a\t", "a b"]);
}

fn an_object_is_described_anew(db: &Db) {
    populate(db);
    put(db, &some_object("cat", 1));
    let (account, bucket) = (account_id(1), bucket_name("photos"));
    let said = Description {
        tags: BTreeMap::from([("a".to_owned(), "1".to_owned())]),
        ..Description::default()
    };
    write(db, |tx| object::describe(tx, &account, &bucket, &key("cat"), &said)).unwrap();
    assert_eq!(find(db, "cat").unwrap().unwrap().description, said);
    let missing = write(db, |tx| object::describe(tx, &account, &bucket, &key("dog"), &said));
    assert!(matches!(missing, Err(Fault::NotFound { .. })), "{missing:?}");
}

fn files_that_rows_name_are_found(db: &Db) {
    populate(db);
    put(db, &some_object("cat", 0x10));
    put(db, &some_object("dog", 0x20));
    write(db, |tx| {
        let (account, bucket) = (account_id(1), bucket_name("photos"));
        multipart::put_part(tx, &account, &bucket, &upload_id(7), &some_part(1, 0x11)).unwrap();
    });
    let between = |from: u32, below: u32| {
        let (from, below) = (blob_id(from).to_string(), blob_id(below).to_string());
        read(db, |read| object::files_between(read, &from, &below)).unwrap()
    };
    let file = |number, size: Option<u64>| NamedFile {
        id: blob_id(number),
        size,
        checksum: size.map(|_| some_checksum()),
    };
    assert_eq!(between(0x10, 0x20), [file(0x10, Some(5 << 40)), file(0x11, Some(100))]);
    assert_eq!(between(0x30, 0x40), []);
    put(db, &some_object("cat", 0x30));
    assert_eq!(between(0x10, 0x20), [file(0x10, None), file(0x11, Some(100))]);
}

fn unlinked_files_are_listed_by_age_until_they_are_removed(db: &Db) {
    populate(db);
    for blob in 1..=4 {
        put(db, &some_object("cat", blob));
    }
    let list = |before_ms, limit| {
        read(db, |read| unlinked_file::list_before(read, before_ms, limit)).unwrap()
    };
    assert_eq!((list(NOW_MS, 9).len(), list(NOW_MS + 1, 9).len()), (0, 3));
    assert_eq!(list(NOW_MS + 1, 2).len(), 2);
    write(db, |tx| unlinked_file::delete(tx, &blob_id(2))).unwrap();
    assert_eq!(unlinked(db), BTreeSet::from([blob_id(1), blob_id(3)]));
}
