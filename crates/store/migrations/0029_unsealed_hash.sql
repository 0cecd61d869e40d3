-- Hashes of passwords that an earlier program stored as they are. Upkeep finds them here and seals them under the key
-- ring (decision 0043); a sealed hash is longer.
CREATE INDEX user_password_unsealed ON user_password (identity_store_id, user_id) WHERE length(hash) = 32;
CREATE INDEX past_password_unsealed ON past_password (identity_store_id, user_id, revision) WHERE length(hash) = 32;
