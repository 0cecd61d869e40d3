-- What every other part stands on: the organisation, its accounts and instances, tags, jobs, the
-- audit log, and the keys that Portico signs and seals with.
-- One text for both engines. Allowed column types: TEXT COLLATE "binary", BIGINT, BYTEA.

CREATE TABLE account (
    id TEXT COLLATE "binary" PRIMARY KEY,
    name TEXT COLLATE "binary" NOT NULL,
    email TEXT COLLATE "binary" NOT NULL,
    email_key TEXT COLLATE "binary" NOT NULL UNIQUE,
    -- 'CREATED' or 'INVITED', as organizations says how it joined.
    joined_method TEXT COLLATE "binary" NOT NULL,
    joined_at_ms BIGINT NOT NULL
);

-- At most one row: a server serves one organisation.
CREATE TABLE organization (
    id TEXT COLLATE "binary" PRIMARY KEY,
    root_id TEXT COLLATE "binary" NOT NULL,
    management_account_id TEXT COLLATE "binary" NOT NULL REFERENCES account (id),
    -- What the identity store of the next instance will be called.
    next_identity_store_id TEXT COLLATE "binary" NOT NULL,
    created_at_ms BIGINT NOT NULL
);

CREATE TABLE instance (
    id TEXT COLLATE "binary" PRIMARY KEY,
    identity_store_id TEXT COLLATE "binary" NOT NULL UNIQUE,
    owner_account_id TEXT COLLATE "binary" NOT NULL UNIQUE REFERENCES account (id),
    -- 1: the organisation's instance, which has permission sets; 0: an account instance.
    is_organization BIGINT NOT NULL,
    name TEXT COLLATE "binary",
    -- 'ACTIVE' or 'DELETE_IN_PROGRESS'.
    status TEXT COLLATE "binary" NOT NULL,
    client_token TEXT COLLATE "binary",
    created_at_ms BIGINT NOT NULL
);

CREATE TABLE tag (
    instance_id TEXT COLLATE "binary" NOT NULL REFERENCES instance (id) ON DELETE CASCADE,
    resource_arn TEXT COLLATE "binary" NOT NULL,
    tag_key TEXT COLLATE "binary" NOT NULL,
    tag_value TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (instance_id, resource_arn, tag_key)
);

-- Long work. The status objects of the API are these rows.
CREATE TABLE job (
    -- The instance or the account that the work belongs to.
    owner_id TEXT COLLATE "binary" NOT NULL,
    id TEXT COLLATE "binary" NOT NULL,
    kind TEXT COLLATE "binary" NOT NULL,
    -- 'IN_PROGRESS', 'SUCCEEDED' or 'FAILED'.
    state TEXT COLLATE "binary" NOT NULL,
    -- JSON, in the form that `kind` has.
    payload TEXT COLLATE "binary" NOT NULL,
    failure_reason TEXT COLLATE "binary",
    attempts BIGINT NOT NULL,
    -- When it may run: in the future after a failed attempt, or while a worker's lease lasts.
    run_after_ms BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    updated_at_ms BIGINT NOT NULL,
    PRIMARY KEY (owner_id, id)
);
CREATE INDEX job_due ON job (run_after_ms, id) WHERE state = 'IN_PROGRESS';
CREATE INDEX job_over ON job (updated_at_ms) WHERE state <> 'IN_PROGRESS';
CREATE INDEX job_listed ON job (owner_id, kind, created_at_ms, id);

-- One row per event, in the form of CloudTrail's records. `id` sorts by time.
CREATE TABLE audit_event (
    id TEXT COLLATE "binary" PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    request_id TEXT COLLATE "binary" NOT NULL,
    account_id TEXT COLLATE "binary",
    caller_arn TEXT COLLATE "binary" NOT NULL,
    -- JSON: userIdentity.
    identity TEXT COLLATE "binary" NOT NULL,
    action TEXT COLLATE "binary" NOT NULL,
    resource TEXT COLLATE "binary" NOT NULL,
    source_address TEXT COLLATE "binary" NOT NULL,
    user_agent TEXT COLLATE "binary" NOT NULL,
    -- NULL when it was done.
    error TEXT COLLATE "binary",
    -- JSON: requestParameters, responseElements.
    details TEXT COLLATE "binary" NOT NULL,
    -- The digest that seals it; 0 until one does.
    digest BIGINT NOT NULL
);
CREATE INDEX audit_event_unsealed ON audit_event (id) WHERE digest = 0;
CREATE INDEX audit_event_sealed ON audit_event (digest, id) WHERE digest > 0;

-- Each row seals a run of events and the row before it.
CREATE TABLE audit_digest (
    number BIGINT PRIMARY KEY,
    sealed_at_ms BIGINT NOT NULL,
    event_count BIGINT NOT NULL,
    -- SHA-256 of the digest before and of the events.
    hash BYTEA NOT NULL,
    -- Ed25519 over the hash.
    signature BYTEA NOT NULL
);

-- Keys, sealed under the key file of the server.
CREATE TABLE master_key (
    purpose TEXT COLLATE "binary" NOT NULL,
    number BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at_ms BIGINT NOT NULL,
    PRIMARY KEY (purpose, number)
);

-- The link that the first start prints. A row goes when it is used.
CREATE TABLE setup_link (
    token_hash BYTEA PRIMARY KEY,
    expires_at_ms BIGINT NOT NULL
);
