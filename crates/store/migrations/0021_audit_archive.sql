-- Files that hold the events of digests, so that the rows of these events are gone. The digests stay.
CREATE TABLE audit_archive (
    first_digest BIGINT PRIMARY KEY,
    last_digest BIGINT NOT NULL,
    -- Path below the folder of the archive; empty while the digests stay in the database.
    name TEXT COLLATE "binary" NOT NULL,
    -- 'WRITING', 'MOVING', 'MOVED', 'REMOVING', or 'LEFT' for a digest that stays, because it is not as it was sealed.
    state TEXT COLLATE "binary" NOT NULL,
    event_count BIGINT NOT NULL,
    -- The lowest and the highest id of its events. A late event can lie before those of an earlier file.
    lowest_id TEXT COLLATE "binary" NOT NULL,
    highest_id TEXT COLLATE "binary" NOT NULL,
    -- When the last digest was sealed.
    sealed_at_ms BIGINT NOT NULL,
    -- The server that moves it, and when it last said so.
    claimed_by TEXT COLLATE "binary" NOT NULL,
    claimed_at_ms BIGINT NOT NULL
);

-- Where the log begins since its oldest files were removed: at most one row.
CREATE TABLE audit_beginning (
    -- The last digest that was removed, and its hash, which the next one covers.
    number BIGINT PRIMARY KEY,
    hash BYTEA NOT NULL,
    -- The highest id of an event that was removed.
    highest_id TEXT COLLATE "binary" NOT NULL,
    -- JSON: the highest number that was removed of each writer in the last file.
    lanes TEXT COLLATE "binary" NOT NULL,
    -- Ed25519 over all of it, so that nobody else can let the log begin later.
    signature BYTEA NOT NULL
);
