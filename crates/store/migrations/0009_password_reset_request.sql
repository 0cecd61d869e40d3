-- Requests for the one-time password of a person who may do more than the requester. An administrator
-- confirms one, and the requester may then reset the password once.

CREATE TABLE password_reset_request (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    -- The ARN of a user, or of the session of a role that no person holds.
    requested_by TEXT COLLATE "binary" NOT NULL,
    created_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    -- An ARN like `requested_by`. NULL until an administrator confirms.
    confirmed_by TEXT COLLATE "binary",
    PRIMARY KEY (identity_store_id, id),
    UNIQUE (identity_store_id, user_id, requested_by),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
CREATE INDEX password_reset_request_over ON password_reset_request (expires_at_ms);
