-- What administrators have set for an instance. A setting without a row has its default.
CREATE TABLE instance_setting (
    instance_id TEXT COLLATE "binary" NOT NULL REFERENCES instance (id) ON DELETE CASCADE,
    name TEXT COLLATE "binary" NOT NULL,
    -- JSON.
    value TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (instance_id, name)
);
