-- 1 after an administrator's reset of the password: the key signs nobody in alone, until it was used behind the new one.
ALTER TABLE mfa_device ADD COLUMN needs_password BIGINT NOT NULL DEFAULT 0;
