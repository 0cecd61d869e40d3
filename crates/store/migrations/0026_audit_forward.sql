-- How far each target that audit events are forwarded to has got.
CREATE TABLE audit_forward (
    -- The target as the settings name it.
    target TEXT COLLATE "binary" PRIMARY KEY,
    -- The last digest whose events it has taken.
    digest BIGINT NOT NULL,
    -- The server that sends to it, and until when no other server does.
    held_by TEXT COLLATE "binary" NOT NULL,
    held_until_ms BIGINT NOT NULL
);
