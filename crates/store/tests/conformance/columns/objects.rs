//! Buckets, objects, uploads and their parts.

use model::bucket::Bucket;
use model::object::{
    Checksum, ChecksumAlgorithm, ChecksumKind, Content, Description, Object, Part, Upload,
};
use store::bucket::Which;
use store::multipart::Cursor;
use store::object::Entry;
use store::{Db, bucket, multipart, object};

use crate::bucket::bucket_name;
use crate::harness::{account_id, read, write};
use crate::multipart::upload_id;
use crate::object::{blob_id, key, unlinked};

on_both_engines!(columns_of_a_bucket, columns_of_an_object, columns_of_an_upload_and_its_part);

fn some_bucket() -> Bucket {
    Bucket {
        name: bucket_name("photos"),
        account_id: account_id(1),
        region: "eu-central-9".to_owned(),
        created_at_ms: 2,
    }
}

fn described(as_type: &str) -> Description {
    Description { content_type: Some(as_type.to_owned()), ..Description::default() }
}

fn some_object(content: Content) -> Object {
    Object {
        key: key("object-key"),
        content,
        size: 3,
        etag: "etag".to_owned(),
        checksum: Checksum {
            algorithm: ChecksumAlgorithm::Sha1,
            kind: ChecksumKind::Composite,
            value: "checksum".to_owned(),
        },
        description: described("text/plain"),
        modified_at_ms: 4,
    }
}

fn columns_of_a_bucket(db: &Db) {
    write(db, |tx| assert_eq!(bucket::insert(tx, &some_bucket()), Ok(None)));
    read(db, |read| {
        assert_eq!(bucket::find(read, &bucket_name("photos")), Ok(Some(some_bucket())));
        for region in ["", some_bucket().region.as_str()] {
            let which = Which { region, from: "", below: "~" };
            assert_eq!(bucket::list(read, &account_id(1), which, 9), Ok(vec![some_bucket()]));
        }
        let which = Which { region: "elsewhere", from: "", below: "~" };
        assert_eq!(bucket::list(read, &account_id(1), which, 9), Ok(vec![]));
    });
}

fn columns_of_an_object(db: &Db) {
    let (account, bucket) = (account_id(1), bucket_name("photos"));
    write(db, |tx| bucket::insert(tx, &some_bucket())).unwrap();
    let changed = Object {
        size: 30,
        etag: "other etag".to_owned(),
        checksum: Checksum {
            algorithm: ChecksumAlgorithm::Sha256,
            kind: ChecksumKind::FullObject,
            value: "other checksum".to_owned(),
        },
        description: described("text/other"),
        modified_at_ms: 40,
        ..some_object(Content::Parts { upload_id: upload_id(5), count: 6 })
    };
    for written in [some_object(Content::Blob(blob_id(1))), changed] {
        write(db, |tx| object::put(tx, &account, &bucket, &written, None)).unwrap();
        read(db, |read| {
            let found = object::require(read, &account, &bucket, &written.key);
            assert_eq!(found.as_ref(), Ok(&written));
            let Object { key, size, etag, checksum, modified_at_ms, .. } = written;
            let entry = Entry { key, size, etag, checksum, modified_at_ms };
            assert_eq!(object::list(read, &account, &bucket, "", "~", 9), Ok(vec![entry]));
        });
    }
}

fn columns_of_an_upload_and_its_part(db: &Db) {
    let (account, bucket) = (account_id(1), bucket_name("photos"));
    write(db, |tx| bucket::insert(tx, &some_bucket())).unwrap();
    let upload = Upload {
        id: upload_id(7),
        key: key("upload-key"),
        checksum_algorithm: ChecksumAlgorithm::Crc32c,
        checksum_kind: ChecksumKind::Composite,
        description: described("text/upload"),
        initiated_at_ms: 8,
    };
    let part = |blob, size, etag: &str, algorithm, checksum: &str, modified_at_ms| Part {
        number: 9,
        blob_id: blob_id(blob),
        size,
        etag: etag.to_owned(),
        checksum: Checksum {
            algorithm,
            kind: ChecksumKind::FullObject,
            value: checksum.to_owned(),
        },
        modified_at_ms,
    };
    let first = part(1, 10, "part etag", ChecksumAlgorithm::Crc32, "part checksum", 11);
    let second = part(2, 20, "next etag", ChecksumAlgorithm::Sha256, "next checksum", 21);
    write(db, |tx| multipart::insert(tx, &account, &bucket, &upload)).unwrap();
    read(db, |read| {
        let found = multipart::require(read, &account, &bucket, &upload.key, &upload.id);
        assert_eq!(found.as_ref(), Ok(&upload));
        let cursor = Cursor { key: "", after_id: "" };
        let listed = multipart::list(read, &account, &bucket, cursor, "~", 9);
        assert_eq!(listed, Ok(vec![upload.clone()]));
    });
    for (written, before) in [(first, None), (second, Some(blob_id(1)))] {
        write(db, |tx| multipart::put_part(tx, &account, &bucket, &upload.id, &written)).unwrap();
        assert_eq!(unlinked(db).into_iter().next(), before);
        read(db, |read| {
            let within = multipart::parts_within(read, &account, &bucket, &upload.id, &(1..5));
            assert_eq!(within, Ok(vec![(written.blob_id.clone(), 1..5)]));
            let listed = multipart::list_parts(read, &account, &bucket, &upload.id, 0, 9);
            assert_eq!(listed, Ok(vec![written]));
        });
    }
}
