//! Buckets, objects and uploads of an earlier program.

use model::object::Content;
use store::multipart::{self, Cursor};
use store::{bucket, object};

use super::Upgraded;

super::on_both_upgraded!(objects_read_back, an_unfinished_upload_reads_back);

fn objects_read_back(upgraded: &Upgraded) {
    let (account_id, name) = (upgraded.account_id(), "fixture-photos".parse().unwrap());
    upgraded.read(|read| {
        let bucket = bucket::require(read, account_id, &name).unwrap();
        assert_eq!(bucket.region, "us-east-1");
        let listed = object::list(read, account_id, &name, "", "~", 9).unwrap();
        let keys: Vec<&str> = listed.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["a/ä.txt", "whole"]);
        let one = object::require(read, account_id, &name, &listed[0].key).unwrap();
        assert_eq!((one.size, one.etag.as_str()), (5, "5d41402abc4b2a76b9719d911017c592"));
        assert!(matches!(one.content, Content::Blob(_)));
        assert_eq!(one.description.content_type.as_deref(), Some("text/plain"));
        assert_eq!(one.description.metadata["author"], "ann");
        assert_eq!(one.description.tags["colour"], "blue");
        let whole = object::require(read, account_id, &name, &listed[1].key).unwrap();
        let Content::Parts { upload_id, count: 1 } = whole.content else { panic!("{whole:?}") };
        let parts = multipart::list_parts(read, account_id, &name, &upload_id, 0, 9).unwrap();
        assert_eq!((parts.len(), parts[0].size, whole.size), (1, 4, 4));
        let files = object::files_between(read, "", "~").unwrap();
        assert!(files.len() == 3 && files.iter().any(|file| file.id == parts[0].blob_id));
    });
}

fn an_unfinished_upload_reads_back(upgraded: &Upgraded) {
    let (account_id, name) = (upgraded.account_id(), "fixture-photos".parse().unwrap());
    upgraded.read(|read| {
        let cursor = Cursor { key: "", after_id: "" };
        let uploads = multipart::list(read, account_id, &name, cursor, "~", 9).unwrap();
        assert_eq!((uploads.len(), uploads[0].key.as_str()), (1, "begun"));
        let parts = multipart::list_parts(read, account_id, &name, &uploads[0].id, 0, 9).unwrap();
        assert_eq!((parts.len(), parts[0].number, parts[0].size), (1, 1, 4));
    });
}
