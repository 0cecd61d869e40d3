-- Second factors of people.
CREATE TABLE mfa_device (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    id TEXT COLLATE "binary" NOT NULL,
    -- 'TOTP' or 'WEBAUTHN'.
    mfa_type TEXT COLLATE "binary" NOT NULL,
    -- Place among the person's devices of this type, from 0. The places are as many as devices are allowed.
    slot BIGINT NOT NULL,
    name TEXT COLLATE "binary" NOT NULL,
    -- Sealed under the key ring: the secret of an authenticator app, or the credential record of a key.
    sealed TEXT COLLATE "binary" NOT NULL,
    -- WEBAUTHN: in base64url.
    credential_id TEXT COLLATE "binary",
    -- TOTP: the time step of the last code. WEBAUTHN: the signature counter.
    counter BIGINT NOT NULL,
    -- TOTP: how many time steps the device's clock is ahead.
    drift_steps BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    last_used_at_ms BIGINT,
    PRIMARY KEY (identity_store_id, user_id, id),
    UNIQUE (identity_store_id, user_id, mfa_type, slot),
    UNIQUE (identity_store_id, credential_id),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
-- Instances of earlier versions let people in with the password alone, until an administrator chooses otherwise.
INSERT INTO instance_setting (instance_id, name, value)
    SELECT id, 'mfa', '{"NoMfaSignInBehavior":"ALLOWED"}' FROM instance;
