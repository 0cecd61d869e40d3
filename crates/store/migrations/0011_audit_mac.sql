-- Proof of single events. `writer` and `sequence` place an event among those that one connection of
-- one server wrote, and `mac` covers both and every other column except `digest`.
-- Events of earlier versions have none of them.
ALTER TABLE audit_event ADD COLUMN writer TEXT COLLATE "binary" NOT NULL DEFAULT '';
ALTER TABLE audit_event ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;
-- HMAC-SHA-256 under a key that only the key file yields.
ALTER TABLE audit_event ADD COLUMN mac BYTEA;
-- 1: the hash covers the columns of 0001_core.sql. 2: it covers writer, sequence and mac too.
ALTER TABLE audit_digest ADD COLUMN format BIGINT NOT NULL DEFAULT 1;
