-- Servers that remember what they read from this database, on PostgreSQL. A commit that narrows authority is answered
-- when each of them has heard of it, or hears nothing and remembers nothing any more.
CREATE TABLE node (
    -- Its listening session: process id and start.
    id TEXT COLLATE "binary" PRIMARY KEY,
    -- Rises every half second while the server lives.
    beat BIGINT NOT NULL
);
