-- What is known of the address of a user beside the address itself, which is among the attributes (decision 0042).
CREATE TABLE user_email (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    -- The address that the row is about. It says nothing of another one.
    email_key TEXT COLLATE "binary" NOT NULL,
    -- Voucher of the caller who set the address, in JSON, if it is known.
    voucher TEXT COLLATE "binary",
    -- When the person proved that the address is theirs, if they did.
    verified_at_ms BIGINT,
    PRIMARY KEY (identity_store_id, user_id),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
