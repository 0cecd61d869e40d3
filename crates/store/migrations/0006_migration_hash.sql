-- SHA-256 of each applied migration's file, in hexadecimal, so that an edited file is refused.
-- NULL until the program that applies this migration fills it in, in the same transaction.

ALTER TABLE migration ADD COLUMN hash TEXT COLLATE "binary";
