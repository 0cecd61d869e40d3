-- The last sign-ins of each person, and attempts in vain, for the person and administrators.
CREATE TABLE sign_in_record (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    id TEXT COLLATE "binary" NOT NULL,
    -- 'SUCCEEDED' or 'FAILED'.
    outcome TEXT COLLATE "binary" NOT NULL,
    credential_type TEXT COLLATE "binary" NOT NULL,
    source_address TEXT COLLATE "binary" NOT NULL,
    user_agent TEXT COLLATE "binary" NOT NULL,
    attempts BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (identity_store_id, user_id, at_ms, id),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
CREATE INDEX sign_in_record_old ON sign_in_record (at_ms);
-- The last warning of a person about attempts in vain.
CREATE INDEX message_of_kind ON message (identity_store_id, user_id, kind, created_at_ms);
