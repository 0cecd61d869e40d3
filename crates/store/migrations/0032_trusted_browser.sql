-- Browsers that a person called their own after a second factor.
CREATE TABLE trusted_browser (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    -- SHA-256 of the secret in the browser's cookie.
    secret_hash BYTEA NOT NULL,
    -- Network that the browser was in.
    network TEXT COLLATE "binary" NOT NULL,
    created_at_ms BIGINT NOT NULL,
    last_used_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    PRIMARY KEY (identity_store_id, user_id, secret_hash),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
CREATE INDEX trusted_browser_expiring ON trusted_browser (expires_at_ms);
-- The code that went to a person's address in place of a second factor. A person has one.
CREATE TABLE sign_in_code (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    -- A MAC under the key ring, because a code is short.
    code_mac BYTEA NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    PRIMARY KEY (identity_store_id, user_id),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
CREATE INDEX sign_in_code_expiring ON sign_in_code (expires_at_ms);
