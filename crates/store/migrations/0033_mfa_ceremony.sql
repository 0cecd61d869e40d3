-- Challenges of WebAuthn that were answered rightly. None is answered twice.
CREATE TABLE answered_challenge (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    -- SHA-256 of the sealed ceremony.
    challenge_hash BYTEA NOT NULL,
    -- The ceremony is over by then.
    expires_at_ms BIGINT NOT NULL,
    PRIMARY KEY (identity_store_id, challenge_hash)
);
CREATE INDEX answered_challenge_expiring ON answered_challenge (expires_at_ms);
-- People who may sign in once without their second factor, because they lost it.
CREATE TABLE mfa_bypass (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    PRIMARY KEY (identity_store_id, user_id),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
CREATE INDEX mfa_bypass_expiring ON mfa_bypass (expires_at_ms);
