-- Who answers for a second factor, and for a sign-in without one, that an administrator made: a voucher, in JSON. NULL for a
-- device of the person's own, and for what an earlier program wrote.
ALTER TABLE mfa_device ADD COLUMN voucher TEXT COLLATE "binary";
ALTER TABLE mfa_bypass ADD COLUMN voucher TEXT COLLATE "binary";
-- Revision of the password that a link is to replace. NULL for an invitation, and for a link of an earlier program.
ALTER TABLE password_link ADD COLUMN password_revision BIGINT;
-- When the person of a session last proved who they are with all that their sign-in asks for. 0 for a session of an earlier
-- program.
ALTER TABLE session ADD COLUMN whole_proof_at_ms BIGINT NOT NULL DEFAULT 0;
