-- How often the refresh token of a client's session was exchanged, and the times of the last exchanges as a list in
-- JSON, oldest first. The tokens are sealed and kept by the client alone (decision 0007). A client with tokens of an
-- earlier version signs in again.
ALTER TABLE session ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN exchanged_at_ms TEXT COLLATE "binary" NOT NULL DEFAULT '[]';
DROP TABLE client_token;
