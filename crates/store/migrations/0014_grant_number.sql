-- What tells an assignment or a membership from one that is made again after its deletion. Role credentials carry
-- the sum of both. Rows of earlier versions have 0, and so have the credentials that those versions issued.
ALTER TABLE account_assignment ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE identity_membership ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
