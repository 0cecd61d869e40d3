-- What a server has that all servers of the database must have, in words: its public URL and the domain of its buckets.
-- Empty for a server of an earlier version.
ALTER TABLE node ADD COLUMN agreement TEXT COLLATE "binary" NOT NULL DEFAULT '';
