-- Files of objects that no row of `object` or `object_part` names any more. They stay on the disk for a while, so that
-- files that are copied after the database are all there. No account owns them: their object is gone.
CREATE TABLE unlinked_file (
    blob_id TEXT COLLATE "binary" PRIMARY KEY,
    unlinked_at_ms BIGINT NOT NULL
);

-- They are removed by age.
CREATE INDEX unlinked_file_by_age ON unlinked_file (unlinked_at_ms);
