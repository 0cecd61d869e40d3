-- Who answers for a one-time password, and for a confirmed request of one: JSON of `model::password::Voucher`.
-- Passwords and confirmations of earlier versions have NULL. Chosen passwords and waiting requests too.
ALTER TABLE user_password ADD COLUMN voucher TEXT COLLATE "binary";
ALTER TABLE password_reset_request ADD COLUMN voucher TEXT COLLATE "binary";
