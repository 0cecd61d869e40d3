-- Identity stores: users, groups, who is a member of what, and what other providers call them.
-- One text for both engines. Allowed column types: TEXT COLLATE "binary", BIGINT, BYTEA.
-- A column whose name ends in `_key` holds the form in which two texts are the same one.

CREATE TABLE identity_user (
    identity_store_id TEXT COLLATE "binary" NOT NULL
        REFERENCES instance (identity_store_id) ON DELETE CASCADE,
    id TEXT COLLATE "binary" NOT NULL,
    user_name TEXT COLLATE "binary" NOT NULL,
    user_name_key TEXT COLLATE "binary" NOT NULL,
    -- JSON: the user as replies show one, without extensions. A copy of the other columns, made by
    -- every write, so that a page of users reads two columns and builds nothing.
    shown TEXT COLLATE "binary" NOT NULL,
    display_name TEXT COLLATE "binary" NOT NULL,
    -- NULL for a user without an address.
    email_key TEXT COLLATE "binary",
    -- 'ENABLED' or 'DISABLED'.
    status TEXT COLLATE "binary" NOT NULL,
    -- JSON: every other attribute, under the names of the API.
    attributes TEXT COLLATE "binary" NOT NULL,
    -- JSON: a copy of the user's rows in identity_external_id, so that a list needs no others; or NULL.
    external_ids TEXT COLLATE "binary",
    revision BIGINT NOT NULL,
    -- Role credentials from before this moment are not good any more.
    credentials_not_before_ms BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    created_by TEXT COLLATE "binary" NOT NULL,
    updated_at_ms BIGINT NOT NULL,
    updated_by TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (identity_store_id, id),
    UNIQUE (identity_store_id, user_name_key),
    UNIQUE (identity_store_id, email_key)
);

CREATE TABLE identity_group (
    identity_store_id TEXT COLLATE "binary" NOT NULL
        REFERENCES instance (identity_store_id) ON DELETE CASCADE,
    id TEXT COLLATE "binary" NOT NULL,
    display_name TEXT COLLATE "binary" NOT NULL,
    display_name_key TEXT COLLATE "binary" NOT NULL,
    description TEXT COLLATE "binary",
    -- JSON: a copy of the group's rows in identity_external_id; or NULL.
    external_ids TEXT COLLATE "binary",
    revision BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    created_by TEXT COLLATE "binary" NOT NULL,
    updated_at_ms BIGINT NOT NULL,
    updated_by TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (identity_store_id, id),
    UNIQUE (identity_store_id, display_name_key)
);

CREATE TABLE identity_membership (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    id TEXT COLLATE "binary" NOT NULL,
    group_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    created_at_ms BIGINT NOT NULL,
    created_by TEXT COLLATE "binary" NOT NULL,
    updated_at_ms BIGINT NOT NULL,
    updated_by TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (identity_store_id, id),
    -- The members of a group are listed along this.
    UNIQUE (identity_store_id, group_id, user_id),
    FOREIGN KEY (identity_store_id, group_id)
        REFERENCES identity_group (identity_store_id, id) ON DELETE CASCADE,
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
-- The groups of a user are listed along this.
CREATE INDEX identity_membership_of_user
    ON identity_membership (identity_store_id, user_id, group_id);

-- What a provider outside calls a user or a group. Exactly one of user_id and group_id is there.
CREATE TABLE identity_external_id (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    -- 'USER' or 'GROUP': a provider may call a user and a group the same.
    principal_type TEXT COLLATE "binary" NOT NULL,
    issuer TEXT COLLATE "binary" NOT NULL,
    external_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary",
    group_id TEXT COLLATE "binary",
    PRIMARY KEY (identity_store_id, principal_type, issuer, external_id),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE,
    FOREIGN KEY (identity_store_id, group_id)
        REFERENCES identity_group (identity_store_id, id) ON DELETE CASCADE
);
CREATE INDEX identity_external_id_of_user
    ON identity_external_id (identity_store_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX identity_external_id_of_group
    ON identity_external_id (identity_store_id, group_id) WHERE group_id IS NOT NULL;
