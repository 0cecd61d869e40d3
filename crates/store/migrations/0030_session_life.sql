-- When a session was last used, and when its person last proved who they are. 0 for a session of an earlier program,
-- which counts as its beginning.
ALTER TABLE session ADD COLUMN used_at_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN proved_at_ms BIGINT NOT NULL DEFAULT 0;
-- A session is good while its epoch is the one of its user. So all sessions of a user end with one row, and the rows of
-- the sessions go in parts. NULL for a session of an earlier program, which is good while it has a row.
ALTER TABLE session ADD COLUMN epoch BIGINT;
ALTER TABLE identity_user ADD COLUMN session_epoch BIGINT NOT NULL DEFAULT 0;
