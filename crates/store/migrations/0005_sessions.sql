-- Signing in: passwords, failed attempts, sessions, the codes and tokens of OAuth clients, and what
-- was revoked. Whatever people or clients carry is here as a hash alone.

CREATE TABLE user_password (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    -- Argon2id: 'm=<KiB>,t=<passes>,p=<lanes>'.
    cost TEXT COLLATE "binary" NOT NULL,
    salt BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    -- 'CHOSEN'; 'ONE_TIME', good for one sign-in until `expires_at_ms`; or 'SPENT' after that.
    kind TEXT COLLATE "binary" NOT NULL,
    expires_at_ms BIGINT,
    -- Counts the changes.
    revision BIGINT NOT NULL,
    PRIMARY KEY (identity_store_id, user_id),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);

-- The last few passwords that a person chose, the present one among them.
CREATE TABLE past_password (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    revision BIGINT NOT NULL,
    cost TEXT COLLATE "binary" NOT NULL,
    salt BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (identity_store_id, user_id, revision),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);

-- How often somebody or some place failed to sign in. Strangers choose what is hashed into `scope`,
-- and nothing else of theirs is here.
CREATE TABLE sign_in_attempt (
    scope BYTEA PRIMARY KEY,
    failures BIGINT NOT NULL,
    failed_at_ms BIGINT NOT NULL,
    -- When the same person last signed in from there; 0 for never.
    succeeded_at_ms BIGINT NOT NULL,
    keep_until_ms BIGINT NOT NULL
);
CREATE INDEX sign_in_attempt_over ON sign_in_attempt (keep_until_ms);

CREATE TABLE session (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    -- The portal session that a client's session ends with.
    parent_id TEXT COLLATE "binary",
    -- 'PORTAL' or 'CLIENT'.
    kind TEXT COLLATE "binary" NOT NULL,
    -- Of a portal session's cookie.
    token_hash BYTEA UNIQUE,
    -- What a client calls itself.
    client_name TEXT COLLATE "binary",
    source_address TEXT COLLATE "binary" NOT NULL,
    user_agent TEXT COLLATE "binary" NOT NULL,
    created_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    PRIMARY KEY (identity_store_id, id),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
CREATE INDEX session_of_user ON session (identity_store_id, user_id, id);
CREATE INDEX session_of_parent ON session (identity_store_id, parent_id)
    WHERE parent_id IS NOT NULL;
CREATE INDEX session_over ON session (expires_at_ms);

CREATE TABLE client_token (
    token_hash BYTEA PRIMARY KEY,
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    session_id TEXT COLLATE "binary" NOT NULL,
    -- 'ACCESS' or 'REFRESH'.
    kind TEXT COLLATE "binary" NOT NULL,
    -- Of a refresh token: whose it is, what it is good for, and whether it was exchanged.
    client_hash BYTEA,
    scopes TEXT COLLATE "binary",
    is_used BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    FOREIGN KEY (identity_store_id, session_id)
        REFERENCES session (identity_store_id, id) ON DELETE CASCADE
);
CREATE INDEX client_token_of_session ON client_token (identity_store_id, session_id);
CREATE INDEX client_token_over ON client_token (expires_at_ms);

CREATE TABLE device_authorization (
    device_code_hash BYTEA PRIMARY KEY,
    user_code TEXT COLLATE "binary" NOT NULL UNIQUE,
    identity_store_id TEXT COLLATE "binary" NOT NULL
        REFERENCES instance (identity_store_id) ON DELETE CASCADE,
    client_hash BYTEA NOT NULL,
    client_name TEXT COLLATE "binary" NOT NULL,
    scopes TEXT COLLATE "binary" NOT NULL,
    source_address TEXT COLLATE "binary" NOT NULL,
    -- The part of the internet that may have only so many of these.
    source_network TEXT COLLATE "binary" NOT NULL,
    user_agent TEXT COLLATE "binary" NOT NULL,
    -- 'PENDING', 'CONFIRMED', 'APPROVED', 'DENIED' or 'USED'.
    state TEXT COLLATE "binary" NOT NULL,
    -- Who typed the code, and in which portal session, while it is 'CONFIRMED'.
    user_id TEXT COLLATE "binary",
    portal_session_id TEXT COLLATE "binary",
    -- What they allowed, once it is 'APPROVED' or 'USED'.
    client_session_id TEXT COLLATE "binary",
    created_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL
);
CREATE INDEX device_authorization_from
    ON device_authorization (source_network, expires_at_ms);
CREATE INDEX device_authorization_of_store ON device_authorization (identity_store_id);
CREATE INDEX device_authorization_over ON device_authorization (expires_at_ms);

CREATE TABLE authorization_code (
    code_hash BYTEA PRIMARY KEY,
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    client_session_id TEXT COLLATE "binary" NOT NULL,
    client_hash BYTEA NOT NULL,
    redirect_uri TEXT COLLATE "binary" NOT NULL,
    code_challenge TEXT COLLATE "binary" NOT NULL,
    scopes TEXT COLLATE "binary" NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    is_used BIGINT NOT NULL,
    FOREIGN KEY (identity_store_id, client_session_id)
        REFERENCES session (identity_store_id, id) ON DELETE CASCADE
);
CREATE INDEX authorization_code_of_session
    ON authorization_code (identity_store_id, client_session_id);
CREATE INDEX authorization_code_over ON authorization_code (expires_at_ms);

-- Role credentials made at or before `not_before_ms` are refused, within the scope:
-- 'instance/<instance>', 'user/<identity store>/<user>', 'account/<instance>/<account>',
-- 'permission-set/<instance>/<permission set>' or 'role/<instance>/<account>/<permission set>'.
CREATE TABLE revocation (
    scope TEXT COLLATE "binary" PRIMARY KEY,
    not_before_ms BIGINT NOT NULL
);
CREATE INDEX revocation_over ON revocation (not_before_ms);
