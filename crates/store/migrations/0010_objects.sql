-- The tags of a bucket, as JSON. NULL is no set of tags.

ALTER TABLE bucket ADD COLUMN tags TEXT COLLATE "binary";

-- Uploads that are never completed are ended by age.
CREATE INDEX multipart_upload_by_age ON multipart_upload (initiated_at_ms);
