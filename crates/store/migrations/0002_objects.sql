-- The index of the local account store. The bytes are in files; a row names its file.
-- No key holds a character below U+0009, and none is longer than 1,024 bytes (model::object).

-- Names are the same in all accounts, so the name alone is the key.
CREATE TABLE bucket (
    name TEXT COLLATE "binary" PRIMARY KEY,
    account_id TEXT COLLATE "binary" NOT NULL REFERENCES account (id),
    region TEXT COLLATE "binary" NOT NULL,
    created_at_ms BIGINT NOT NULL,
    UNIQUE (account_id, name)
);

CREATE TABLE object (
    account_id TEXT COLLATE "binary" NOT NULL,
    bucket_name TEXT COLLATE "binary" NOT NULL,
    object_key TEXT COLLATE "binary" NOT NULL,
    -- The file with all its bytes, or else the upload whose parts they are.
    blob_id TEXT COLLATE "binary" UNIQUE,
    upload_id TEXT COLLATE "binary",
    -- 0 for an object in one file.
    part_count BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    etag TEXT COLLATE "binary" NOT NULL,
    -- 'CRC32', 'CRC32C', 'CRC64NVME', 'SHA1' or 'SHA256'.
    checksum_algorithm TEXT COLLATE "binary" NOT NULL,
    -- 'COMPOSITE' or 'FULL_OBJECT'.
    checksum_kind TEXT COLLATE "binary" NOT NULL,
    checksum TEXT COLLATE "binary" NOT NULL,
    -- JSON: the headers, metadata and tags that its maker gave it.
    description TEXT COLLATE "binary" NOT NULL,
    modified_at_ms BIGINT NOT NULL,
    PRIMARY KEY (account_id, bucket_name, object_key),
    FOREIGN KEY (account_id, bucket_name) REFERENCES bucket (account_id, name),
    CHECK ((blob_id IS NULL) <> (upload_id IS NULL))
);

-- Uploads in parts that are not complete. A row goes when its upload completes or is aborted.
CREATE TABLE multipart_upload (
    account_id TEXT COLLATE "binary" NOT NULL,
    bucket_name TEXT COLLATE "binary" NOT NULL,
    object_key TEXT COLLATE "binary" NOT NULL,
    id TEXT COLLATE "binary" NOT NULL,
    checksum_algorithm TEXT COLLATE "binary" NOT NULL,
    checksum_kind TEXT COLLATE "binary" NOT NULL,
    description TEXT COLLATE "binary" NOT NULL,
    initiated_at_ms BIGINT NOT NULL,
    PRIMARY KEY (account_id, bucket_name, object_key, id),
    FOREIGN KEY (account_id, bucket_name) REFERENCES bucket (account_id, name)
);

-- Parts of uploads, and of the objects that uploads became.
CREATE TABLE object_part (
    account_id TEXT COLLATE "binary" NOT NULL,
    bucket_name TEXT COLLATE "binary" NOT NULL,
    upload_id TEXT COLLATE "binary" NOT NULL,
    part_number BIGINT NOT NULL,
    blob_id TEXT COLLATE "binary" NOT NULL UNIQUE,
    size_bytes BIGINT NOT NULL,
    etag TEXT COLLATE "binary" NOT NULL,
    checksum_algorithm TEXT COLLATE "binary" NOT NULL,
    checksum TEXT COLLATE "binary" NOT NULL,
    modified_at_ms BIGINT NOT NULL,
    PRIMARY KEY (account_id, bucket_name, upload_id, part_number),
    FOREIGN KEY (account_id, bucket_name) REFERENCES bucket (account_id, name)
);
