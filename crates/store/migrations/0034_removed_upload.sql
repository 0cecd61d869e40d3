-- Uploads, and objects that were made of uploads, that are gone. Their parts are deleted a number at a time.
CREATE TABLE removed_upload (
    account_id TEXT COLLATE "binary" NOT NULL,
    bucket_name TEXT COLLATE "binary" NOT NULL,
    upload_id TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (account_id, bucket_name, upload_id),
    FOREIGN KEY (account_id, bucket_name) REFERENCES bucket (account_id, name)
);
