-- Likenesses: keys under which names and addresses that look the same are equal. The older columns
-- whose names end in `_key` know case only; they stay the order of lists, and what an older node reads.
--
-- A likeness is NULL until upkeep fills it, where a row has no address, and where an older row has
-- the same likeness: then `likeness_version` is odd.
-- An older node changes a name without its likeness. `likeness_revision` tells: it is the revision of
-- the row that the likeness was made for.

ALTER TABLE identity_user ADD COLUMN user_name_likeness TEXT COLLATE "binary";
ALTER TABLE identity_user ADD COLUMN email_likeness TEXT COLLATE "binary";
ALTER TABLE identity_user ADD COLUMN likeness_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE identity_user ADD COLUMN likeness_revision BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX identity_user_user_name_likeness
    ON identity_user (identity_store_id, user_name_likeness);
CREATE UNIQUE INDEX identity_user_email_likeness
    ON identity_user (identity_store_id, email_likeness);
-- Upkeep reads this.
CREATE INDEX identity_user_likeness_state ON identity_user (
    (CASE WHEN likeness_revision = revision THEN likeness_version ELSE 0 END), identity_store_id, id);

ALTER TABLE identity_group ADD COLUMN display_name_likeness TEXT COLLATE "binary";
ALTER TABLE identity_group ADD COLUMN likeness_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE identity_group ADD COLUMN likeness_revision BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX identity_group_display_name_likeness
    ON identity_group (identity_store_id, display_name_likeness);
CREATE INDEX identity_group_likeness_state ON identity_group (
    (CASE WHEN likeness_revision = revision THEN likeness_version ELSE 0 END), identity_store_id, id);

-- The address of an account never changes, so it needs no revision.
ALTER TABLE account ADD COLUMN email_likeness TEXT COLLATE "binary";
ALTER TABLE account ADD COLUMN likeness_version BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX account_email_likeness ON account (email_likeness);
CREATE INDEX account_likeness_version ON account (likeness_version, id);
