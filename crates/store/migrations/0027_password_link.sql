-- Links that let a person set a password: one of each purpose at most (decision 0042).
CREATE TABLE password_link (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    -- 'INVITATION' or 'PASSWORD_RESET'.
    purpose TEXT COLLATE "binary" NOT NULL,
    secret_hash BYTEA NOT NULL,
    -- The address that it was sent to. NULL once an administrator has read it.
    email_key TEXT COLLATE "binary",
    -- Who answers for it: 'PERSON', or 'CALLER' with the voucher of that caller, in JSON, if it is known.
    guarantor TEXT COLLATE "binary" NOT NULL,
    voucher TEXT COLLATE "binary",
    created_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    PRIMARY KEY (identity_store_id, user_id, purpose),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX password_link_by_secret ON password_link (secret_hash);
CREATE INDEX password_link_over ON password_link (expires_at_ms);
