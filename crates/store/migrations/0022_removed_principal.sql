-- Users and groups that were deleted with more below them than one transaction may take away. Their rows stay until a
-- job has deleted the rest in parts, and nothing finds, lists, counts or obeys them meanwhile (decision 0037).
-- Ids are random, so an id alone tells a principal from those of other stores.
CREATE TABLE removed_principal (
    id TEXT COLLATE "binary" PRIMARY KEY,
    identity_store_id TEXT COLLATE "binary" NOT NULL REFERENCES instance (identity_store_id)
);
CREATE INDEX removed_principal_of_store ON removed_principal (identity_store_id);
