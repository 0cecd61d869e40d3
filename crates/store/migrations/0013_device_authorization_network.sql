-- The larger networks of the address that asked for a code: the /56 and the /48 of IPv6, the address and the
-- /24 of IPv4. Codes of earlier versions have none, and are over ten minutes after the upgrade.
ALTER TABLE device_authorization ADD COLUMN source_site TEXT COLLATE "binary" NOT NULL DEFAULT '';
ALTER TABLE device_authorization ADD COLUMN source_block TEXT COLLATE "binary" NOT NULL DEFAULT '';
-- Only codes that wait for a person count towards a bound.
CREATE INDEX device_authorization_waiting_from
    ON device_authorization (source_block, expires_at_ms) WHERE state IN ('PENDING', 'CONFIRMED');
CREATE INDEX device_authorization_waiting
    ON device_authorization (expires_at_ms) WHERE state IN ('PENDING', 'CONFIRMED');
DROP INDEX device_authorization_from;
