-- Who may enter which account as what: permission sets, the roles they became, and assignments.

CREATE TABLE permission_set (
    instance_id TEXT COLLATE "binary" NOT NULL REFERENCES instance (id),
    id TEXT COLLATE "binary" NOT NULL,
    name TEXT COLLATE "binary" NOT NULL,
    description TEXT COLLATE "binary",
    -- ISO 8601, as it was asked for.
    session_duration TEXT COLLATE "binary" NOT NULL,
    relay_state TEXT COLLATE "binary",
    inline_policy TEXT COLLATE "binary",
    -- Counts the edits. A role whose permission_set_revision is another has not had them all.
    revision BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, name)
);

CREATE TABLE permission_set_managed_policy (
    instance_id TEXT COLLATE "binary" NOT NULL,
    permission_set_id TEXT COLLATE "binary" NOT NULL,
    arn TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (instance_id, permission_set_id, arn),
    FOREIGN KEY (instance_id, permission_set_id)
        REFERENCES permission_set (instance_id, id) ON DELETE CASCADE
);

-- What a permission set became in an account, as it was when it was provisioned last.
CREATE TABLE role (
    instance_id TEXT COLLATE "binary" NOT NULL,
    account_id TEXT COLLATE "binary" NOT NULL REFERENCES account (id),
    permission_set_id TEXT COLLATE "binary" NOT NULL,
    name TEXT COLLATE "binary" NOT NULL,
    role_id TEXT COLLATE "binary" NOT NULL UNIQUE,
    -- JSON: a list of ARNs.
    managed_policy_arns TEXT COLLATE "binary" NOT NULL,
    inline_policy TEXT COLLATE "binary",
    session_duration_seconds BIGINT NOT NULL,
    relay_state TEXT COLLATE "binary",
    permission_set_revision BIGINT NOT NULL,
    -- Counts the times it was provisioned.
    revision BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    PRIMARY KEY (instance_id, account_id, permission_set_id),
    UNIQUE (account_id, name),
    FOREIGN KEY (instance_id, permission_set_id) REFERENCES permission_set (instance_id, id)
);
CREATE INDEX role_of_permission_set ON role (instance_id, permission_set_id, account_id);

-- INVARIANT: where there is an assignment there is the role, and where there is none there is none.
CREATE TABLE account_assignment (
    instance_id TEXT COLLATE "binary" NOT NULL,
    account_id TEXT COLLATE "binary" NOT NULL,
    permission_set_id TEXT COLLATE "binary" NOT NULL,
    -- 'USER' or 'GROUP'.
    principal_type TEXT COLLATE "binary" NOT NULL,
    principal_id TEXT COLLATE "binary" NOT NULL,
    created_at_ms BIGINT NOT NULL,
    PRIMARY KEY (instance_id, account_id, permission_set_id, principal_type, principal_id),
    FOREIGN KEY (instance_id, account_id, permission_set_id)
        REFERENCES role (instance_id, account_id, permission_set_id) ON DELETE CASCADE
);
CREATE INDEX account_assignment_of_principal ON account_assignment
    (instance_id, principal_type, principal_id, account_id, permission_set_id);

-- Tags of accounts and of the root of the organisation, which belong to no instance.
CREATE TABLE organization_tag (
    resource_id TEXT COLLATE "binary" NOT NULL,
    tag_key TEXT COLLATE "binary" NOT NULL,
    tag_value TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (resource_id, tag_key)
);

-- What an unfinished job is about, where two jobs about the same thing must not run at once.
CREATE TABLE job_subject (
    owner_id TEXT COLLATE "binary" NOT NULL,
    subject TEXT COLLATE "binary" NOT NULL,
    job_id TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (owner_id, subject),
    UNIQUE (owner_id, job_id)
);

CREATE INDEX job_listed_by_state ON job (owner_id, kind, state, created_at_ms, id);
