-- Messages to people. A row is a job of its own: it has its lease and its attempts (decision 0038).
CREATE TABLE message (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    id TEXT COLLATE "binary" NOT NULL,
    -- NULL for a test message, which is about no person.
    user_id TEXT COLLATE "binary",
    kind TEXT COLLATE "binary" NOT NULL,
    recipient TEXT COLLATE "binary" NOT NULL,
    -- 'WAITING', 'SENT', 'FAILED', 'HANDED_OVER' or 'ENDED'.
    status TEXT COLLATE "binary" NOT NULL,
    -- Sealed under the key ring. NULL once the message can be neither sent nor handed over.
    content TEXT COLLATE "binary",
    reason TEXT COLLATE "binary",
    attempts BIGINT NOT NULL,
    -- When it is sent next. While a server sends it, the end of that server's lease.
    due_ms BIGINT NOT NULL,
    requested_by TEXT COLLATE "binary" NOT NULL,
    created_at_ms BIGINT NOT NULL,
    updated_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    PRIMARY KEY (identity_store_id, id),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
CREATE INDEX message_by_time ON message (identity_store_id, created_at_ms, id);
CREATE INDEX message_by_status ON message (identity_store_id, status, created_at_ms, id);
CREATE INDEX message_of_user ON message (identity_store_id, user_id);
CREATE INDEX message_kept_of_user ON message (identity_store_id, user_id) WHERE content IS NOT NULL;
CREATE INDEX message_to ON message (identity_store_id, recipient, created_at_ms);
CREATE INDEX message_due ON message (due_ms) WHERE status = 'WAITING';
CREATE INDEX message_ending ON message (expires_at_ms) WHERE content IS NOT NULL;
CREATE INDEX message_over ON message (updated_at_ms) WHERE content IS NULL;
