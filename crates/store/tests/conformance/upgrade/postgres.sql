-- The database of portico 0.1.0 (commit 92ff0a6) on postgres for the upgrade test. make.py beside this
-- file made it by stock calls. It is one file because it is one database, and is never edited.
CREATE COLLATION "binary" (provider = libc, locale = 'C');
CREATE TABLE account (
    id text NOT NULL COLLATE "binary",
    name text NOT NULL COLLATE "binary",
    email text NOT NULL COLLATE "binary",
    email_key text NOT NULL COLLATE "binary",
    joined_method text NOT NULL COLLATE "binary",
    joined_at_ms bigint NOT NULL
);
CREATE TABLE account_assignment (
    instance_id text NOT NULL COLLATE "binary",
    account_id text NOT NULL COLLATE "binary",
    permission_set_id text NOT NULL COLLATE "binary",
    principal_type text NOT NULL COLLATE "binary",
    principal_id text NOT NULL COLLATE "binary",
    created_at_ms bigint NOT NULL
);
CREATE TABLE audit_digest (
    number bigint NOT NULL,
    sealed_at_ms bigint NOT NULL,
    event_count bigint NOT NULL,
    hash bytea NOT NULL,
    signature bytea NOT NULL
);
CREATE TABLE audit_event (
    id text NOT NULL COLLATE "binary",
    at_ms bigint NOT NULL,
    request_id text NOT NULL COLLATE "binary",
    account_id text COLLATE "binary",
    caller_arn text NOT NULL COLLATE "binary",
    identity text NOT NULL COLLATE "binary",
    action text NOT NULL COLLATE "binary",
    resource text NOT NULL COLLATE "binary",
    source_address text NOT NULL COLLATE "binary",
    user_agent text NOT NULL COLLATE "binary",
    error text COLLATE "binary",
    details text NOT NULL COLLATE "binary",
    digest bigint NOT NULL
);
CREATE TABLE authorization_code (
    code_hash bytea NOT NULL,
    identity_store_id text NOT NULL COLLATE "binary",
    client_session_id text NOT NULL COLLATE "binary",
    client_hash bytea NOT NULL,
    redirect_uri text NOT NULL COLLATE "binary",
    code_challenge text NOT NULL COLLATE "binary",
    scopes text NOT NULL COLLATE "binary",
    expires_at_ms bigint NOT NULL,
    is_used bigint NOT NULL
);
CREATE TABLE bucket (
    name text NOT NULL COLLATE "binary",
    account_id text NOT NULL COLLATE "binary",
    region text NOT NULL COLLATE "binary",
    created_at_ms bigint NOT NULL
);
CREATE TABLE client_token (
    token_hash bytea NOT NULL,
    identity_store_id text NOT NULL COLLATE "binary",
    session_id text NOT NULL COLLATE "binary",
    kind text NOT NULL COLLATE "binary",
    client_hash bytea,
    scopes text COLLATE "binary",
    is_used bigint NOT NULL,
    expires_at_ms bigint NOT NULL
);
CREATE TABLE device_authorization (
    device_code_hash bytea NOT NULL,
    user_code text NOT NULL COLLATE "binary",
    identity_store_id text NOT NULL COLLATE "binary",
    client_hash bytea NOT NULL,
    client_name text NOT NULL COLLATE "binary",
    scopes text NOT NULL COLLATE "binary",
    source_address text NOT NULL COLLATE "binary",
    source_network text NOT NULL COLLATE "binary",
    user_agent text NOT NULL COLLATE "binary",
    state text NOT NULL COLLATE "binary",
    user_id text COLLATE "binary",
    portal_session_id text COLLATE "binary",
    client_session_id text COLLATE "binary",
    created_at_ms bigint NOT NULL,
    expires_at_ms bigint NOT NULL
);
CREATE TABLE identity_external_id (
    identity_store_id text NOT NULL COLLATE "binary",
    principal_type text NOT NULL COLLATE "binary",
    issuer text NOT NULL COLLATE "binary",
    external_id text NOT NULL COLLATE "binary",
    user_id text COLLATE "binary",
    group_id text COLLATE "binary"
);
CREATE TABLE identity_group (
    identity_store_id text NOT NULL COLLATE "binary",
    id text NOT NULL COLLATE "binary",
    display_name text NOT NULL COLLATE "binary",
    display_name_key text NOT NULL COLLATE "binary",
    description text COLLATE "binary",
    external_ids text COLLATE "binary",
    revision bigint NOT NULL,
    created_at_ms bigint NOT NULL,
    created_by text NOT NULL COLLATE "binary",
    updated_at_ms bigint NOT NULL,
    updated_by text NOT NULL COLLATE "binary"
);
CREATE TABLE identity_membership (
    identity_store_id text NOT NULL COLLATE "binary",
    id text NOT NULL COLLATE "binary",
    group_id text NOT NULL COLLATE "binary",
    user_id text NOT NULL COLLATE "binary",
    created_at_ms bigint NOT NULL,
    created_by text NOT NULL COLLATE "binary",
    updated_at_ms bigint NOT NULL,
    updated_by text NOT NULL COLLATE "binary"
);
CREATE TABLE identity_user (
    identity_store_id text NOT NULL COLLATE "binary",
    id text NOT NULL COLLATE "binary",
    user_name text NOT NULL COLLATE "binary",
    user_name_key text NOT NULL COLLATE "binary",
    shown text NOT NULL COLLATE "binary",
    display_name text NOT NULL COLLATE "binary",
    email_key text COLLATE "binary",
    status text NOT NULL COLLATE "binary",
    attributes text NOT NULL COLLATE "binary",
    external_ids text COLLATE "binary",
    revision bigint NOT NULL,
    credentials_not_before_ms bigint NOT NULL,
    created_at_ms bigint NOT NULL,
    created_by text NOT NULL COLLATE "binary",
    updated_at_ms bigint NOT NULL,
    updated_by text NOT NULL COLLATE "binary"
);
CREATE TABLE instance (
    id text NOT NULL COLLATE "binary",
    identity_store_id text NOT NULL COLLATE "binary",
    owner_account_id text NOT NULL COLLATE "binary",
    is_organization bigint NOT NULL,
    name text COLLATE "binary",
    status text NOT NULL COLLATE "binary",
    client_token text COLLATE "binary",
    created_at_ms bigint NOT NULL
);
CREATE TABLE job (
    owner_id text NOT NULL COLLATE "binary",
    id text NOT NULL COLLATE "binary",
    kind text NOT NULL COLLATE "binary",
    state text NOT NULL COLLATE "binary",
    payload text NOT NULL COLLATE "binary",
    failure_reason text COLLATE "binary",
    attempts bigint NOT NULL,
    run_after_ms bigint NOT NULL,
    created_at_ms bigint NOT NULL,
    updated_at_ms bigint NOT NULL
);
CREATE TABLE job_subject (
    owner_id text NOT NULL COLLATE "binary",
    subject text NOT NULL COLLATE "binary",
    job_id text NOT NULL COLLATE "binary"
);
CREATE TABLE master_key (
    purpose text NOT NULL COLLATE "binary",
    number bigint NOT NULL,
    sealed bytea NOT NULL,
    created_at_ms bigint NOT NULL
);
CREATE TABLE migration (
    number bigint NOT NULL
);
CREATE TABLE multipart_upload (
    account_id text NOT NULL COLLATE "binary",
    bucket_name text NOT NULL COLLATE "binary",
    object_key text NOT NULL COLLATE "binary",
    id text NOT NULL COLLATE "binary",
    checksum_algorithm text NOT NULL COLLATE "binary",
    checksum_kind text NOT NULL COLLATE "binary",
    description text NOT NULL COLLATE "binary",
    initiated_at_ms bigint NOT NULL
);
CREATE TABLE object (
    account_id text NOT NULL COLLATE "binary",
    bucket_name text NOT NULL COLLATE "binary",
    object_key text NOT NULL COLLATE "binary",
    blob_id text COLLATE "binary",
    upload_id text COLLATE "binary",
    part_count bigint NOT NULL,
    size_bytes bigint NOT NULL,
    etag text NOT NULL COLLATE "binary",
    checksum_algorithm text NOT NULL COLLATE "binary",
    checksum_kind text NOT NULL COLLATE "binary",
    checksum text NOT NULL COLLATE "binary",
    description text NOT NULL COLLATE "binary",
    modified_at_ms bigint NOT NULL,
    CONSTRAINT object_check CHECK (((blob_id IS NULL) <> (upload_id IS NULL)))
);
CREATE TABLE object_part (
    account_id text NOT NULL COLLATE "binary",
    bucket_name text NOT NULL COLLATE "binary",
    upload_id text NOT NULL COLLATE "binary",
    part_number bigint NOT NULL,
    blob_id text NOT NULL COLLATE "binary",
    size_bytes bigint NOT NULL,
    etag text NOT NULL COLLATE "binary",
    checksum_algorithm text NOT NULL COLLATE "binary",
    checksum text NOT NULL COLLATE "binary",
    modified_at_ms bigint NOT NULL
);
CREATE TABLE organization (
    id text NOT NULL COLLATE "binary",
    root_id text NOT NULL COLLATE "binary",
    management_account_id text NOT NULL COLLATE "binary",
    next_identity_store_id text NOT NULL COLLATE "binary",
    created_at_ms bigint NOT NULL
);
CREATE TABLE organization_tag (
    resource_id text NOT NULL COLLATE "binary",
    tag_key text NOT NULL COLLATE "binary",
    tag_value text NOT NULL COLLATE "binary"
);
CREATE TABLE past_password (
    identity_store_id text NOT NULL COLLATE "binary",
    user_id text NOT NULL COLLATE "binary",
    revision bigint NOT NULL,
    cost text NOT NULL COLLATE "binary",
    salt bytea NOT NULL,
    hash bytea NOT NULL
);
CREATE TABLE permission_set (
    instance_id text NOT NULL COLLATE "binary",
    id text NOT NULL COLLATE "binary",
    name text NOT NULL COLLATE "binary",
    description text COLLATE "binary",
    session_duration text NOT NULL COLLATE "binary",
    relay_state text COLLATE "binary",
    inline_policy text COLLATE "binary",
    revision bigint NOT NULL,
    created_at_ms bigint NOT NULL
);
CREATE TABLE permission_set_managed_policy (
    instance_id text NOT NULL COLLATE "binary",
    permission_set_id text NOT NULL COLLATE "binary",
    arn text NOT NULL COLLATE "binary"
);
CREATE TABLE revocation (
    scope text NOT NULL COLLATE "binary",
    not_before_ms bigint NOT NULL
);
CREATE TABLE role (
    instance_id text NOT NULL COLLATE "binary",
    account_id text NOT NULL COLLATE "binary",
    permission_set_id text NOT NULL COLLATE "binary",
    name text NOT NULL COLLATE "binary",
    role_id text NOT NULL COLLATE "binary",
    managed_policy_arns text NOT NULL COLLATE "binary",
    inline_policy text COLLATE "binary",
    session_duration_seconds bigint NOT NULL,
    relay_state text COLLATE "binary",
    permission_set_revision bigint NOT NULL,
    revision bigint NOT NULL,
    created_at_ms bigint NOT NULL
);
CREATE TABLE session (
    identity_store_id text NOT NULL COLLATE "binary",
    id text NOT NULL COLLATE "binary",
    user_id text NOT NULL COLLATE "binary",
    parent_id text COLLATE "binary",
    kind text NOT NULL COLLATE "binary",
    token_hash bytea,
    client_name text COLLATE "binary",
    source_address text NOT NULL COLLATE "binary",
    user_agent text NOT NULL COLLATE "binary",
    created_at_ms bigint NOT NULL,
    expires_at_ms bigint NOT NULL
);
CREATE TABLE setup_link (
    token_hash bytea NOT NULL,
    expires_at_ms bigint NOT NULL
);
CREATE TABLE sign_in_attempt (
    scope bytea NOT NULL,
    failures bigint NOT NULL,
    failed_at_ms bigint NOT NULL,
    succeeded_at_ms bigint NOT NULL,
    keep_until_ms bigint NOT NULL
);
CREATE TABLE tag (
    instance_id text NOT NULL COLLATE "binary",
    resource_arn text NOT NULL COLLATE "binary",
    tag_key text NOT NULL COLLATE "binary",
    tag_value text NOT NULL COLLATE "binary"
);
CREATE TABLE user_password (
    identity_store_id text NOT NULL COLLATE "binary",
    user_id text NOT NULL COLLATE "binary",
    cost text NOT NULL COLLATE "binary",
    salt bytea NOT NULL,
    hash bytea NOT NULL,
    kind text NOT NULL COLLATE "binary",
    expires_at_ms bigint,
    revision bigint NOT NULL
);
INSERT INTO account VALUES ('123456789012', 'Management account', 'management@123456789012.portico.example', 'management@123456789012.portico.example', 'INVITED', 1795907311090);
INSERT INTO account VALUES ('598563287885', 'Backup', 'Backup@example.com', 'backup@example.com', 'CREATED', 1795907318239);
INSERT INTO account VALUES ('493007807204', 'Late 1', 'late-1@example.com', 'late-1@example.com', 'CREATED', 1795907372803);
INSERT INTO account VALUES ('288028321171', 'Late 0', 'late-0@example.com', 'late-0@example.com', 'CREATED', 1795907372817);
INSERT INTO account_assignment VALUES ('ssoins-ea52abf5858c097a', '123456789012', 'ps-cc89e993498d4824', 'GROUP', '93d2eb5d-60a0-4814-a1d1-7f5ad904b728', 1795907314146);
INSERT INTO account_assignment VALUES ('ssoins-ea52abf5858c097a', '123456789012', 'ps-cc89e993498d4824', 'USER', '773c39e8-b8e0-404a-899f-454735e5a61f', 1795907314402);
INSERT INTO account_assignment VALUES ('ssoins-ea52abf5858c097a', '123456789012', 'ps-ad16e029bd9d1578', 'USER', '51b7a447-c69b-48a6-8abc-13674d42e7c6', 1795907314666);
INSERT INTO audit_digest VALUES (1, 1795907371880, 69, '\x423f78cd20ca43cf7f985d13469b75ad8c5c83a05cb7a83b60af9d8873691194', '\xb1debfe4ab8f5f6d328a0e8e3b1856b04e59cf9cd3f00a790a05911dec11b6af4800fd808a00a83061fbdab482afeebe7644ac8ed2a9376608f4a2605412ce04');
INSERT INTO audit_event VALUES ('01a2246ad66e-661ddeb62f15098fee52', 1795907311214, 'e5990fdc-3d72-4f21-a82f-153d3ee39eae', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'portico:MakeKey', '*', 'portico', '', NULL, '{"requestParameters":{"purpose":"credentials"},"responseElements":{"number":"1"}}', 1);
INSERT INTO audit_event VALUES ('01a2246adb7e-9423b2bc2fe88942992d', 1795907312510, '6ebe563f-c593-4ede-88a5-78fe64660adf', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:ListInstances', '*', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae1c3-8c93e94cfdce5c77bf28', 1795907314115, '0e3190a3-46e3-4d1f-98be-522745374c47', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'portico:ClaimJob', '*', 'portico', '', NULL, '{"requestParameters":{"jobId":"62cff278-1d0d-4981-b7e0-90c8c7cdbecf","kind":"CREATE_ACCOUNT_ASSIGNMENT","attempt":"1"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae1e2-d297909709be20b65b5c', 1795907314146, '0e3190a3-46e3-4d1f-98be-522745374c47', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'sso:CreateAccountAssignment', 'arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824', 'portico', '', NULL, '{"requestParameters":{"requestId":"62cff278-1d0d-4981-b7e0-90c8c7cdbecf","targetId":"123456789012","principalType":"GROUP","principalId":"93d2eb5d-60a0-4814-a1d1-7f5ad904b728"},"responseElements":{"roleName":"AWSReservedSSO_Admin_afbe3ab21f5bb36d","permissionSetRevision":"4"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae666-2ca0104198e501c4a8f6', 1795907315302, '095daa83-880a-4218-b6df-9aeb0ccee6d8', NULL, 'anonymous', '{"type":"Unknown"}', 'sso-oauth:RegisterClient', '*', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246bc6f6-db41f26fbc0411f1a465', 1795907372790, '15013d22-b8d0-4cb5-b974-1856ddb5aea4', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'organizations:CreateAccount', '*', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"accountName":"Late 1","email":"late-1@example.com","tagKeys":""},"responseElements":{"createAccountRequestId":"car-7e26af8b34364c78adc3b3eed83b3b85"}}', 0);
INSERT INTO audit_event VALUES ('01a2246bc710-bb4a064fd617070ce991', 1795907372816, '98cc322f-ceb0-4b78-bd73-35966bc3f5eb', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'portico:ClaimJob', '*', 'portico', '', NULL, '{"requestParameters":{"jobId":"8b18ffbc-2217-45e1-bda7-330c12e19f6c","kind":"CREATE_ACCOUNT","attempt":"1"},"responseElements":{}}', 0);
INSERT INTO audit_event VALUES ('01a2246bc711-19f5b3a6a8dd5ae8edd2', 1795907372817, '98cc322f-ceb0-4b78-bd73-35966bc3f5eb', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'organizations:CreateAccount', '*', 'portico', '', NULL, '{"requestParameters":{"requestId":"8b18ffbc-2217-45e1-bda7-330c12e19f6c","accountName":"Late 0"},"responseElements":{"accountId":"288028321171"}}', 0);
INSERT INTO audit_event VALUES ('01a2246ae2dc-df5bfbac5b1bcbe652fc', 1795907314396, '247555c1-d604-4026-8274-b842f1f63787', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'portico:ClaimJob', '*', 'portico', '', NULL, '{"requestParameters":{"jobId":"96420325-3b73-4a52-b702-17261e7d21b4","kind":"CREATE_ACCOUNT_ASSIGNMENT","attempt":"1"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246bc702-a5ae9a78a6b734e1d94d', 1795907372802, '1feef90a-8ea4-4879-98bc-76a7befb4882', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'portico:ClaimJob', '*', 'portico', '', NULL, '{"requestParameters":{"jobId":"7e26af8b-3436-4c78-adc3-b3eed83b3b85","kind":"CREATE_ACCOUNT","attempt":"1"},"responseElements":{}}', 0);
INSERT INTO audit_event VALUES ('01a2246bc703-1fb4a35539a0e8fe890d', 1795907372803, '1feef90a-8ea4-4879-98bc-76a7befb4882', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'organizations:CreateAccount', '*', 'portico', '', NULL, '{"requestParameters":{"requestId":"7e26af8b-3436-4c78-adc3-b3eed83b3b85","accountName":"Late 1"},"responseElements":{"accountId":"493007807204"}}', 0);
INSERT INTO audit_event VALUES ('01a2246bc710-18ef3d5f332617d10d12', 1795907372816, 'ed861a44-292b-43f9-858d-4a3b7cf67e1f', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'organizations:CreateAccount', '*', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"accountName":"Late 2","email":"late-2@example.com","tagKeys":""},"responseElements":{"createAccountRequestId":"car-2b7c6940df034d0cb76a188053bb5e69"}}', 0);
INSERT INTO audit_event VALUES ('01a2246ad5f2-97ef6ce0400f9a009801', 1795907311090, 'd24bd4a7-b704-44c0-be4d-9255038b33cb', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'portico:FoundOrganization', '*', 'portico', '', NULL, '{"requestParameters":{},"responseElements":{"accountId":"123456789012","organizationId":"o-lsb9p4m3q9"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ad66e-b4c592e1fe1bf3cc0931', 1795907311214, '2a40fc2d-839d-4b64-9e89-2f84e0816e5e', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'portico:MakeKey', '*', 'portico', '', NULL, '{"requestParameters":{"purpose":"audit"},"responseElements":{"number":"1"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ad66e-d42981f7bb33066509e3', 1795907311214, '051105dd-cd51-43a3-8bac-4546205ac10e', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'portico:MakeKey', '*', 'portico', '', NULL, '{"requestParameters":{"purpose":"seals"},"responseElements":{"number":"1"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ad6d2-b2f11954198a73918454', 1795907311314, '6af8e6a9-bd82-4887-8dea-c35d98274e57', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'portico:MakeSetUpLink', '*', 'localhost', 'portico/0.1.0', NULL, '{"requestParameters":{"token":"HIDDEN_DUE_TO_SECURITY_REASONS"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ad84a-b2b87191445c518aa0a1', 1795907311690, 'd14e9dd7-2f05-40be-94e8-886fc1a1c935', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'portico:VendOperatorCredentials', 'arn:aws:iam::123456789012:root', 'localhost', 'portico/0.1.0', NULL, '{"requestParameters":{"roleSessionName":"admin"},"responseElements":{"accessKeyId":"ASIARZPUZDIKE6LLRKQU"}}', 1);
INSERT INTO audit_event VALUES ('01a2246adaca-0cf7038384d247872f07', 1795907312330, 'dd6b6d5c-df6d-4d55-8791-78188872bed1', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:CreateInstance', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"tagKeys":""},"responseElements":{"instanceArn":"arn:aws:sso:::instance/ssoins-ea52abf5858c097a","identityStoreId":"d-a9e5764e6a"}}', 1);
INSERT INTO audit_event VALUES ('01a2246adbd2-962815f3954167bd4df3', 1795907312594, 'cf6fc0da-5fa0-4185-a074-814db9eef0bb', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'identitystore:CreateUser', 'arn:aws:identitystore::123456789012:identitystore/d-a9e5764e6a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"identityStoreId":"d-a9e5764e6a","userName":"ann","displayName":"Ann Plain"},"responseElements":{"userId":"51b7a447-c69b-48a6-8abc-13674d42e7c6"}}', 1);
INSERT INTO audit_event VALUES ('01a2246add76-d56807c227badd779455', 1795907313014, '2a179a02-0d72-40f9-b053-51f6e5da677d', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'identitystore:CreateUser', 'arn:aws:identitystore::123456789012:identitystore/d-a9e5764e6a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"identityStoreId":"d-a9e5764e6a","userName":"Jäne.Rich@example.com","displayName":"Jäne \"Rich\" 🦀"},"responseElements":{"userId":"773c39e8-b8e0-404a-899f-454735e5a61f"}}', 1);
INSERT INTO audit_event VALUES ('01a2246add82-2be53388477e6d7e7317', 1795907313026, '62f2b67e-24a5-45ac-9ba2-241e2111b50a', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'identitystore:CreateUser', 'arn:aws:identitystore::123456789012:identitystore/d-a9e5764e6a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"identityStoreId":"d-a9e5764e6a","userName":"off","displayName":"Off"},"responseElements":{"userId":"ee224bcc-f15d-45a1-b3fc-70998029fcaf"}}', 1);
INSERT INTO audit_event VALUES ('01a2246add9a-86861507e953a3b4b12e', 1795907313050, '8dccaf5c-6231-4f5e-b4d4-f148dfa235e9', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'identitystore:UpdateUser', 'arn:aws:identitystore::123456789012:identitystore/d-a9e5764e6a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"identityStoreId":"d-a9e5764e6a","userId":"ee224bcc-f15d-45a1-b3fc-70998029fcaf","attributePaths":"title"},"responseElements":{"userName":"off","displayName":"Off","revision":"2"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ade37-a5fd73b496050726e09e', 1795907313207, '8a6271a6-5000-438e-a0ec-c5a4a746724e', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'identitystore:CreateGroup', 'arn:aws:identitystore::123456789012:identitystore/d-a9e5764e6a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"identityStoreId":"d-a9e5764e6a","displayName":"Platform"},"responseElements":{"groupId":"93d2eb5d-60a0-4814-a1d1-7f5ad904b728"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ade4e-c366203ee3f36c675d7e', 1795907313230, 'd838c566-04f9-485d-86ec-79c26b6271f8', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'identitystore:CreateGroup', 'arn:aws:identitystore::123456789012:identitystore/d-a9e5764e6a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"identityStoreId":"d-a9e5764e6a","displayName":"Empty"},"responseElements":{"groupId":"906c1ab8-986e-4964-9ce7-4a5b72c537fe"}}', 1);
INSERT INTO audit_event VALUES ('01a2246adeba-b78dc76f9e6a054b3d86', 1795907313338, '28bd57b6-6394-4dcc-b3cb-6e9e826be500', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'identitystore:CreateGroupMembership', 'arn:aws:identitystore::123456789012:identitystore/d-a9e5764e6a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"identityStoreId":"d-a9e5764e6a","groupId":"93d2eb5d-60a0-4814-a1d1-7f5ad904b728","userId":"51b7a447-c69b-48a6-8abc-13674d42e7c6"},"responseElements":{"membershipId":"937ed609-1fd8-48f5-be15-e66bf88dcd8b"}}', 1);
INSERT INTO audit_event VALUES ('01a2246adf32-bb70244b434a74a97039', 1795907313458, 'a2dd369e-cf95-4522-b65d-442028b70094', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'identitystore:CreateGroupMembership', 'arn:aws:identitystore::123456789012:identitystore/d-a9e5764e6a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"identityStoreId":"d-a9e5764e6a","groupId":"93d2eb5d-60a0-4814-a1d1-7f5ad904b728","userId":"ee224bcc-f15d-45a1-b3fc-70998029fcaf"},"responseElements":{"membershipId":"611cb5c7-12da-433c-ada4-2e8017aed3d7"}}', 1);
INSERT INTO audit_event VALUES ('01a2246adf66-433829a91f0d6d686f3b', 1795907313510, 'ac1bd7b4-14fc-43f5-b413-1fa52c45e846', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'portico:DisableUser', 'arn:aws:identitystore::123456789012:identitystore/d-a9e5764e6a', '127.0.0.1', 'Python-urllib/3.11', NULL, '{"requestParameters":{"identityStoreId":"d-a9e5764e6a","userId":"ee224bcc-f15d-45a1-b3fc-70998029fcaf"},"responseElements":{"userName":"off","statusBefore":"ENABLED"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae00a-bc721fe6ddacb8c3ec8c', 1795907313674, '5c71281f-b5c3-453d-86f6-b11749ba72ce', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:CreatePermissionSet', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"instanceArn":"arn:aws:sso:::instance/ssoins-ea52abf5858c097a","name":"Admin","sessionDuration":"PT2H","tagKeys":"team"},"responseElements":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae037-5d243bba280b0e7c1cd5', 1795907313719, '44ae2515-6e47-44ae-937f-d3411ef406e3', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:CreatePermissionSet', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"instanceArn":"arn:aws:sso:::instance/ssoins-ea52abf5858c097a","name":"Reader","sessionDuration":"PT1H","tagKeys":""},"responseElements":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-ad16e029bd9d1578"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae04e-0083f9319c539a51afac', 1795907313742, '03fa7390-7f1f-469f-9768-daa60ac2e86a', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:AttachManagedPolicyToPermissionSet', 'arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824","managedPolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae0c3-0ccce28aadbb6d2224a6', 1795907313859, '1a8a64c2-3d63-4f51-93f6-dd5055f9a079', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:AttachManagedPolicyToPermissionSet', 'arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824","managedPolicyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae0ea-f5e57daf49c0f3b7aa76', 1795907313898, '5cc3fbef-e72d-404e-a889-cbf7c807d33c', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:PutInlinePolicyToPermissionSet', 'arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824","inlinePolicy":"{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Deny\", \"Action\": \"s3:DeleteBucket\", \"Resource\": \"*\"}]}"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae156-c910484c7bcb013e7e0a', 1795907314006, '3ad9d047-f394-4f3e-974f-3487c2289c4d', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:CreateAccountAssignment', 'arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824","targetId":"123456789012","principalType":"GROUP","principalId":"93d2eb5d-60a0-4814-a1d1-7f5ad904b728"},"responseElements":{"requestId":"62cff278-1d0d-4981-b7e0-90c8c7cdbecf"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae1cb-64fb5de0f1c7cec1c8dd', 1795907314123, '6cc5d97d-290a-416a-b84b-25c5f60ff24b', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:DescribeAccountAssignmentCreationStatus', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae224-504c391bd4c9d83d5879', 1795907314212, 'c456990d-b661-4832-a532-f70a626f4a85', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:DescribeAccountAssignmentCreationStatus', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae27d-89b6089f268d4bacd477', 1795907314301, '65c422dc-af71-426f-8faf-06bc402a58f4', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:DescribeAccountAssignmentCreationStatus', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae296-833bfb5d5aee049244f0', 1795907314326, '70509f97-c3b0-4e5c-8aca-97001adbbe23', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:CreateAccountAssignment', 'arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824","targetId":"123456789012","principalType":"USER","principalId":"773c39e8-b8e0-404a-899f-454735e5a61f"},"responseElements":{"requestId":"96420325-3b73-4a52-b702-17261e7d21b4"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae2e2-bbf98a5bfc6f5f55accf', 1795907314402, '247555c1-d604-4026-8274-b842f1f63787', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'sso:CreateAccountAssignment', 'arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824', 'portico', '', NULL, '{"requestParameters":{"requestId":"96420325-3b73-4a52-b702-17261e7d21b4","targetId":"123456789012","principalType":"USER","principalId":"773c39e8-b8e0-404a-899f-454735e5a61f"},"responseElements":{"roleName":"AWSReservedSSO_Admin_afbe3ab21f5bb36d","permissionSetRevision":"4"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae318-559df6556b1fd476feb5', 1795907314456, '8c54721a-612a-4739-83a7-e7162e8cbfaf', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:DescribeAccountAssignmentCreationStatus', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae36a-ed132f594f85bc6c2120', 1795907314538, '8a4d173c-bf4e-4bca-89c0-a4aa1d78937d', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:DescribeAccountAssignmentCreationStatus', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae36c-3edd7461712ff5a21324', 1795907314540, '195eaf49-4ce4-4355-8be1-c5850f57fc46', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:CreateAccountAssignment', 'arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-ad16e029bd9d1578', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-ad16e029bd9d1578","targetId":"123456789012","principalType":"USER","principalId":"51b7a447-c69b-48a6-8abc-13674d42e7c6"},"responseElements":{"requestId":"48475798-0927-4ec9-a610-ed98baa8d0f8"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae3c5-c398a6753ab13c0698fb', 1795907314629, '69a1dcaa-0e4a-43ec-aae8-3ea932bf02ab', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'portico:ClaimJob', '*', 'portico', '', NULL, '{"requestParameters":{"jobId":"48475798-0927-4ec9-a610-ed98baa8d0f8","kind":"CREATE_ACCOUNT_ASSIGNMENT","attempt":"1"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae3ea-d9384caba6ce30091252', 1795907314666, '69a1dcaa-0e4a-43ec-aae8-3ea932bf02ab', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'sso:CreateAccountAssignment', 'arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-ad16e029bd9d1578', 'portico', '', NULL, '{"requestParameters":{"requestId":"48475798-0927-4ec9-a610-ed98baa8d0f8","targetId":"123456789012","principalType":"USER","principalId":"51b7a447-c69b-48a6-8abc-13674d42e7c6"},"responseElements":{"roleName":"AWSReservedSSO_Reader_567a3e717295fab4","permissionSetRevision":"1"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae3f3-e610c5d5e049f69ac24a', 1795907314675, 'aa6a9f3c-e47f-4603-a6c0-e45d1fb38b27', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:DescribeAccountAssignmentCreationStatus', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae466-b7e3e724a74198fe5f4a', 1795907314790, '101ba0fe-196a-4ff1-8b6f-b21d2ac1c585', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:DescribeAccountAssignmentCreationStatus', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae474-f58c1302dd56d7ed7ba2', 1795907314804, '3359be22-c543-423b-997c-0c0664d318e4', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:UpdatePermissionSet', 'arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-ad16e029bd9d1578', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-ad16e029bd9d1578","description":"Reads"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae496-73521dcfb37da04ee37e', 1795907314838, 'c14a80b7-c9e1-426e-b3fd-7b03a80a7bf8', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'sso:UpdateInstance', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"instanceArn":"arn:aws:sso:::instance/ssoins-ea52abf5858c097a","name":"main"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae4ae-6cc1b84c64a612cf2fc2', 1795907314862, '64dabbdf-4529-4e9b-ab23-11631f37068a', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'portico:RevokeRoleCredentials', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Python-urllib/3.11', NULL, '{"requestParameters":{"scope":"user/d-a9e5764e6a/ee224bcc-f15d-45a1-b3fc-70998029fcaf"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae5f4-6909aa9ed42da52833fd', 1795907315188, 'd8a983a7-a025-42e8-ab12-c0911de69d96', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'portico:ResetUserPassword', 'arn:aws:identitystore::123456789012:identitystore/d-a9e5764e6a', '127.0.0.1', 'Python-urllib/3.11', NULL, '{"requestParameters":{"identityStoreId":"d-a9e5764e6a","userId":"51b7a447-c69b-48a6-8abc-13674d42e7c6","mode":"ONE_TIME_PASSWORD"},"responseElements":{"sessionsEnded":"0"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae66a-0071edc97886ab2a7713', 1795907315306, '93f530e2-7286-4def-9248-7cac5dec2520', NULL, 'anonymous', '{"type":"Unknown"}', 'sso-oauth:StartDeviceAuthorization', '*', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"startUrl":"https://d-a9e5764e6a.awsapps.com/start","clientName":"botocore-client-fixture","clientSecret":"HIDDEN_DUE_TO_SECURITY_REASONS"},"responseElements":{"expiresIn":"600"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae6a1-cc154c037f87c7829672', 1795907315361, '1e5c9d0b-8932-4ad2-860b-4652c1626705', NULL, 'anonymous', '{"type":"Unknown"}', 'signin:CredentialChallenge', '*', '127.0.0.1', 'Browser/1.0', NULL, '{"requestParameters":{"CredentialType":"PASSWORD","AuthWorkflowID":"1e5c9d0b-8932-4ad2-860b-4652c1626705","userId":"51b7a447-c69b-48a6-8abc-13674d42e7c6"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae711-772456ca084d0bb1c705', 1795907315473, '1e5c9d0b-8932-4ad2-860b-4652c1626705', NULL, 'anonymous', '{"type":"Unknown"}', 'signin:UserAuthentication', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Browser/1.0', NULL, '{"requestParameters":{"CredentialType":"PASSWORD","AuthWorkflowID":"1e5c9d0b-8932-4ad2-860b-4652c1626705","userId":"51b7a447-c69b-48a6-8abc-13674d42e7c6"},"responseElements":{"CredentialVerification":"Success","UserAuthentication":"NewPasswordRequired"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae8ba-af5203231f1f563de719', 1795907315898, '8f36d439-d303-4f3d-90c0-e6063cbc18f0', NULL, 'anonymous', '{"type":"Unknown"}', 'signin:SetPassword', 'arn:aws:identitystore:::user/51b7a447-c69b-48a6-8abc-13674d42e7c6', '127.0.0.1', 'Browser/1.0', NULL, '{"requestParameters":{"userId":"51b7a447-c69b-48a6-8abc-13674d42e7c6","password":"HIDDEN_DUE_TO_SECURITY_REASONS"},"responseElements":{"sessionsEnded":"0","sessionId":"118bb2e8-59b5-47cb-913a-55576d115518"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae99e-08c5265ed0f78aef6739', 1795907316126, 'ceee0676-132b-4457-97d0-dd1d9782fc60', NULL, 'arn:aws:identitystore:::user/51b7a447-c69b-48a6-8abc-13674d42e7c6', '{"type":"IdentityCenterUser","onBehalfOf":{"userId":"51b7a447-c69b-48a6-8abc-13674d42e7c6","identityStoreId":"d-a9e5764e6a"},"credentialId":"118bb2e8-59b5-47cb-913a-55576d115518"}', 'signin:AuthorizeDevice', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Browser/1.0', NULL, '{"requestParameters":{"decision":"CONFIRM","clientName":"botocore-client-fixture","requestedFrom":"127.0.0.1"},"responseElements":{"found":"true"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae9ab-4ff8c14ea2b32b6114b0', 1795907316139, '89b579c6-6572-4261-85fa-22fe0dc343ab', NULL, 'arn:aws:identitystore:::user/51b7a447-c69b-48a6-8abc-13674d42e7c6', '{"type":"IdentityCenterUser","onBehalfOf":{"userId":"51b7a447-c69b-48a6-8abc-13674d42e7c6","identityStoreId":"d-a9e5764e6a"},"credentialId":"118bb2e8-59b5-47cb-913a-55576d115518"}', 'signin:AuthorizeDevice', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Browser/1.0', NULL, '{"requestParameters":{"decision":"APPROVE","clientName":"botocore-client-fixture","requestedFrom":"127.0.0.1"},"responseElements":{"found":"true"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae9af-a371669472394a72d856', 1795907316143, 'f13437e0-5746-488a-b376-1b39e3f9bd7c', NULL, 'anonymous', '{"type":"Unknown"}', 'sso-oauth:CreateToken', '*', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"grantType":"urn:ietf:params:oauth:grant-type:device_code","clientName":"botocore-client-fixture","clientSecret":"HIDDEN_DUE_TO_SECURITY_REASONS"},"responseElements":{"sessionId":"12033583-08b4-4494-b564-dac0a6f366e5","userId":"51b7a447-c69b-48a6-8abc-13674d42e7c6","identityStoreId":"d-a9e5764e6a"}}', 1);
INSERT INTO audit_event VALUES ('01a2246ae9f6-89eee066258a57c6dd90', 1795907316214, '948238a7-1a5e-48c4-8dfd-646f51a9500b', NULL, 'arn:aws:identitystore:::user/51b7a447-c69b-48a6-8abc-13674d42e7c6', '{"type":"IdentityCenterUser","onBehalfOf":{"userId":"51b7a447-c69b-48a6-8abc-13674d42e7c6","identityStoreId":"d-a9e5764e6a"},"credentialId":"12033583-08b4-4494-b564-dac0a6f366e5"}', 'awsssoportal:GetRoleCredentials', 'arn:aws:sso:::account/123456789012', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"accountId":"123456789012","roleName":"Reader"},"responseElements":{"accessKeyId":"ASIARZPUZDIKIN37BGGS"}}', 1);
INSERT INTO audit_event VALUES ('01a2246aea31-531ec137cf623a5d9134', 1795907316273, '68340eef-448e-495e-82a1-15d4e428b2a5', NULL, 'anonymous', '{"type":"Unknown"}', 'sso-oauth:StartDeviceAuthorization', '*', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"startUrl":"https://d-a9e5764e6a.awsapps.com/start","clientName":"botocore-client-fixture","clientSecret":"HIDDEN_DUE_TO_SECURITY_REASONS"},"responseElements":{"expiresIn":"600"}}', 1);
INSERT INTO audit_event VALUES ('01a2246aea36-c104d6da48469589461b', 1795907316278, 'f5a6f15f-41e7-45f9-97d6-8b2b2a7f2777', NULL, 'anonymous', '{"type":"Unknown"}', 'signin:CredentialChallenge', '*', '127.0.0.1', 'Browser/1.0', NULL, '{"requestParameters":{"CredentialType":"PASSWORD","AuthWorkflowID":"f5a6f15f-41e7-45f9-97d6-8b2b2a7f2777","userId":"51b7a447-c69b-48a6-8abc-13674d42e7c6"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246aeb02-447c773ba22c88c17b18', 1795907316482, 'f5a6f15f-41e7-45f9-97d6-8b2b2a7f2777', NULL, 'anonymous', '{"type":"Unknown"}', 'signin:CredentialVerification', 'arn:aws:sso:::instance/ssoins-ea52abf5858c097a', '127.0.0.1', 'Browser/1.0', NULL, '{"requestParameters":{"CredentialType":"PASSWORD","AuthWorkflowID":"f5a6f15f-41e7-45f9-97d6-8b2b2a7f2777","userId":"51b7a447-c69b-48a6-8abc-13674d42e7c6"},"responseElements":{"CredentialVerification":"Failure"}}', 1);
INSERT INTO audit_event VALUES ('01a2246aed06-b6da03c9e4b67a0de068', 1795907316998, 'fbdeff0d-bfac-4717-87cf-5a1dac632c0b', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 's3:CreateBucket', 'arn:aws:s3:::fixture-photos', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"bucketName":"fixture-photos","region":"us-east-1"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246aedea-ea6e70eb9ef4e1f6d771', 1795907317226, '1e76bfc9-5398-4f37-8cff-c6220346150c', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 's3:PutObject', 'arn:aws:s3:::fixture-photos/a/ä.txt', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/U,Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"bucketName":"fixture-photos","key":"a/ä.txt"},"responseElements":{"bytesTransferredIn":"5","eTag":"5d41402abc4b2a76b9719d911017c592"}}', 1);
INSERT INTO audit_event VALUES ('01a2246aee66-315189a72144b5e3c514', 1795907317350, '2c07b734-2cb9-4f11-8648-62800f96d92c', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 's3:PutObject', 'arn:aws:s3:::fixture-photos/whole', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"bucketName":"fixture-photos","key":"whole"},"responseElements":{"uploadId":"fa19bafa098b50370769ec84fcc5cf08"}}', 1);
INSERT INTO audit_event VALUES ('01a2246aeef2-2829ac3c4cb86fead2dd', 1795907317490, '69b43eee-bcf8-43f6-a917-3821ef94bdfc', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 's3:PutObject', 'arn:aws:s3:::fixture-photos/whole', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/U,Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"bucketName":"fixture-photos","key":"whole","uploadId":"fa19bafa098b50370769ec84fcc5cf08","partNumber":"1"},"responseElements":{"eTag":"f4c9385f1902f7334b00b9b4ecd164de"}}', 1);
INSERT INTO audit_event VALUES ('01a2246aef12-f45925ccac244f7d4062', 1795907317522, '35c48fa9-0f30-4bfa-a3bf-c3a8be1e8f26', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 's3:PutObject', 'arn:aws:s3:::fixture-photos/whole', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"bucketName":"fixture-photos","key":"whole","uploadId":"fa19bafa098b50370769ec84fcc5cf08"},"responseElements":{"eTag":"1819d1a8700e59901a48215b8577ac07-1"}}', 1);
INSERT INTO audit_event VALUES ('01a2246aef32-7965ce175de3d9c1b39b', 1795907317554, '77e4419b-98e5-4c43-b45b-f3b28b4529a8', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 's3:PutObject', 'arn:aws:s3:::fixture-photos/begun', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"bucketName":"fixture-photos","key":"begun"},"responseElements":{"uploadId":"10599df465955e3131bde9e149feb255"}}', 1);
INSERT INTO audit_event VALUES ('01a2246aefcc-3f340a44c95950ca4e06', 1795907317708, '2df34c8d-ada5-439b-9ef9-d2cc2a045d68', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 's3:PutObject', 'arn:aws:s3:::fixture-photos/begun', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/U,Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"bucketName":"fixture-photos","key":"begun","uploadId":"10599df465955e3131bde9e149feb255","partNumber":"1"},"responseElements":{"eTag":"f4c9385f1902f7334b00b9b4ecd164de"}}', 1);
INSERT INTO audit_event VALUES ('01a2246af0c8-25399c43e98af7354b83', 1795907317960, '7e899783-41df-4ca5-a5a9-1d5ba3438468', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'organizations:ListRoots', '*', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246af0f6-863cc706d714b9ede9b1', 1795907318006, '37f64ed4-8321-4047-9f3b-a5d5475fa4c1', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'organizations:TagResource', 'arn:aws:organizations::123456789012:root/o-lsb9p4m3q9/r-gv5g', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"resourceId":"r-gv5g","tagKeys":"stage"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246af174-ee493b719349a7c109df', 1795907318132, '719638fc-f5a6-4696-9d4d-d4d64e673eab', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'organizations:TagResource', 'arn:aws:organizations::123456789012:account/o-lsb9p4m3q9/123456789012', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"resourceId":"123456789012","tagKeys":"stage"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246af1b8-19c222b1e2e2b5b9c290', 1795907318200, '4f40c801-21e2-4836-8728-b7f5b702e4ff', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'organizations:CreateAccount', '*', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"accountName":"Backup","email":"Backup@example.com","tagKeys":""},"responseElements":{"createAccountRequestId":"car-a0aafc1696ca4579a962eeb4ef4c18e7"}}', 1);
INSERT INTO audit_event VALUES ('01a2246af1d2-c1f367478fd7ed6d89e7', 1795907318226, '19347025-ad4d-47fb-b13b-93da048e467d', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'portico:ClaimJob', '*', 'portico', '', NULL, '{"requestParameters":{"jobId":"a0aafc16-96ca-4579-a962-eeb4ef4c18e7","kind":"CREATE_ACCOUNT","attempt":"1"},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246af1d3-907b255ff84302dc6313', 1795907318227, '08d57d7c-bb9d-4dfa-a9f0-d550aba216fe', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'organizations:DescribeCreateAccountStatus', '*', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246af1df-4754bccdf164d48c805f', 1795907318239, '19347025-ad4d-47fb-b13b-93da048e467d', NULL, 'portico', '{"type":"AWSService","invokedBy":"portico"}', 'organizations:CreateAccount', '*', 'portico', '', NULL, '{"requestParameters":{"requestId":"a0aafc16-96ca-4579-a962-eeb4ef4c18e7","accountName":"Backup"},"responseElements":{"accountId":"598563287885"}}', 1);
INSERT INTO audit_event VALUES ('01a2246af26e-eb16ddc5496500c9f539', 1795907318382, '8620d981-7fe2-4b39-8e0b-731fc5f4322e', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'organizations:DescribeCreateAccountStatus', '*', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{},"responseElements":{}}', 1);
INSERT INTO audit_event VALUES ('01a2246bc70b-7a6f35457be647e3d8cf', 1795907372811, '6238f5df-6255-4bb1-9b58-e4787b740532', '123456789012', 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', '{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKE6LLRKQU"}', 'organizations:CreateAccount', '*', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', NULL, '{"requestParameters":{"accountName":"Late 0","email":"late-0@example.com","tagKeys":""},"responseElements":{"createAccountRequestId":"car-8b18ffbc221745e1bda7330c12e19f6c"}}', 0);
INSERT INTO bucket VALUES ('fixture-photos', '123456789012', 'us-east-1', 1795907316998);
INSERT INTO client_token VALUES ('\xeba2828820045b4bddf9ec006150fbe3b53e4aac8abba7b81b653a53ac52708e', 'd-a9e5764e6a', '12033583-08b4-4494-b564-dac0a6f366e5', 'ACCESS', NULL, NULL, 0, 1795910916143);
INSERT INTO client_token VALUES ('\xdf8cd7e9e372755a4ea1db0bcac3314e8e042f241400d888b70532a415e86a5a', 'd-a9e5764e6a', '12033583-08b4-4494-b564-dac0a6f366e5', 'REFRESH', '\x36a31113e0c87167fc826146bd0f99f4526df5dc90d904fb16ed6efebe51b88a', 'sso:account:access', 0, 1795936115898);
INSERT INTO device_authorization VALUES ('\xe9611958b4c3ba241b1516deaf681dfb51abf2d0180e2c92ed15267b76d23460', 'TBDV-XDDR', 'd-a9e5764e6a', '\x36a31113e0c87167fc826146bd0f99f4526df5dc90d904fb16ed6efebe51b88a', 'botocore-client-fixture', 'sso:account:access', '127.0.0.1', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', 'USED', NULL, NULL, '12033583-08b4-4494-b564-dac0a6f366e5', 1795907315306, 1795907915306);
INSERT INTO device_authorization VALUES ('\x804233b1f279f45f3975c747295cac53b0f469465483097b472422d1c86d6d3b', 'XQWF-FMPH', 'd-a9e5764e6a', '\x36a31113e0c87167fc826146bd0f99f4526df5dc90d904fb16ed6efebe51b88a', 'botocore-client-fixture', 'sso:account:access', '127.0.0.1', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', 'PENDING', NULL, NULL, NULL, 1795907316273, 1795907916273);
INSERT INTO identity_group VALUES ('d-a9e5764e6a', '93d2eb5d-60a0-4814-a1d1-7f5ad904b728', 'Platform', 'platform', 'Runs things', NULL, 1, 1795907313207, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', 1795907313207, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
INSERT INTO identity_group VALUES ('d-a9e5764e6a', '906c1ab8-986e-4964-9ce7-4a5b72c537fe', 'Empty', 'empty', NULL, NULL, 1, 1795907313230, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', 1795907313230, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
INSERT INTO identity_membership VALUES ('d-a9e5764e6a', '937ed609-1fd8-48f5-be15-e66bf88dcd8b', '93d2eb5d-60a0-4814-a1d1-7f5ad904b728', '51b7a447-c69b-48a6-8abc-13674d42e7c6', 1795907313338, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', 1795907313338, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
INSERT INTO identity_membership VALUES ('d-a9e5764e6a', '611cb5c7-12da-433c-ada4-2e8017aed3d7', '93d2eb5d-60a0-4814-a1d1-7f5ad904b728', 'ee224bcc-f15d-45a1-b3fc-70998029fcaf', 1795907313458, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', 1795907313458, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
INSERT INTO identity_user VALUES ('d-a9e5764e6a', '51b7a447-c69b-48a6-8abc-13674d42e7c6', 'ann', 'ann', '{"IdentityStoreId":"d-a9e5764e6a","UserId":"51b7a447-c69b-48a6-8abc-13674d42e7c6","UserArn":"arn:aws:identitystore:::user/51b7a447-c69b-48a6-8abc-13674d42e7c6","Revision":"1","UserName":"ann","DisplayName":"Ann Plain","Name":{"FamilyName":"Plain","GivenName":"Ann"},"UserStatus":"ENABLED","CreatedAt":1795907312.594,"CreatedBy":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","UpdatedAt":1795907312.594,"UpdatedBy":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin"}', 'Ann Plain', NULL, 'ENABLED', '{"Name":{"FamilyName":"Plain","GivenName":"Ann"}}', NULL, 1, 0, 1795907312594, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', 1795907312594, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
INSERT INTO identity_user VALUES ('d-a9e5764e6a', '773c39e8-b8e0-404a-899f-454735e5a61f', 'Jäne.Rich@example.com', 'jäne.rich@example.com', '{"IdentityStoreId":"d-a9e5764e6a","UserId":"773c39e8-b8e0-404a-899f-454735e5a61f","UserArn":"arn:aws:identitystore:::user/773c39e8-b8e0-404a-899f-454735e5a61f","Revision":"1","UserName":"Jäne.Rich@example.com","DisplayName":"Jäne \"Rich\" 🦀","Name":{"Formatted":"Dr. Jäne M. Rich III","FamilyName":"Rich","GivenName":"Jäne","MiddleName":"M.","HonorificPrefix":"Dr.","HonorificSuffix":"III"},"NickName":"JR","ProfileUrl":"https://example.com/jane","Emails":[{"Value":"Jane.Rich@Example.com","Type":"Work","Primary":true}],"Addresses":[{"StreetAddress":"1 High Street\nFlat 2","Locality":"Zürich","Region":"ZH","PostalCode":"8000","Country":"CH","Type":"Home","Primary":true}],"PhoneNumbers":[{"Value":"+41 1 234","Type":"Mobile","Primary":true}],"UserType":"Employee","Title":"CTO","PreferredLanguage":"en-us","Locale":"de-CH","Timezone":"Europe/Zurich","UserStatus":"ENABLED","CreatedAt":1795907313.014,"CreatedBy":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","UpdatedAt":1795907313.014,"UpdatedBy":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin"}', 'Jäne "Rich" 🦀', 'jane.rich@example.com', 'ENABLED', '{"Name":{"Formatted":"Dr. Jäne M. Rich III","FamilyName":"Rich","GivenName":"Jäne","MiddleName":"M.","HonorificPrefix":"Dr.","HonorificSuffix":"III"},"NickName":"JR","ProfileUrl":"https://example.com/jane","Emails":[{"Value":"Jane.Rich@Example.com","Type":"Work","Primary":true}],"Addresses":[{"StreetAddress":"1 High Street\nFlat 2","Locality":"Zürich","Region":"ZH","PostalCode":"8000","Country":"CH","Type":"Home","Primary":true}],"PhoneNumbers":[{"Value":"+41 1 234","Type":"Mobile","Primary":true}],"UserType":"Employee","Title":"CTO","PreferredLanguage":"en-us","Locale":"de-CH","Timezone":"Europe/Zurich"}', NULL, 1, 0, 1795907313014, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', 1795907313014, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
INSERT INTO identity_user VALUES ('d-a9e5764e6a', 'ee224bcc-f15d-45a1-b3fc-70998029fcaf', 'off', 'off', '{"IdentityStoreId":"d-a9e5764e6a","UserId":"ee224bcc-f15d-45a1-b3fc-70998029fcaf","UserArn":"arn:aws:identitystore:::user/ee224bcc-f15d-45a1-b3fc-70998029fcaf","Revision":"3","UserName":"off","DisplayName":"Off","Name":{"FamilyName":"ff","GivenName":"O"},"Title":"Former","UserStatus":"DISABLED","CreatedAt":1795907313.026,"CreatedBy":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","UpdatedAt":1795907313.51,"UpdatedBy":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin"}', 'Off', NULL, 'DISABLED', '{"Name":{"FamilyName":"ff","GivenName":"O"},"Title":"Former"}', NULL, 3, 1795907313510, 1795907313026, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin', 1795907313510, 'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
INSERT INTO instance VALUES ('ssoins-ea52abf5858c097a', 'd-a9e5764e6a', '123456789012', 1, 'main', 'ACTIVE', 'b94c6962-3ced-46c5-8621-d47ca9d1ba0a', 1795907312330);
INSERT INTO job VALUES ('ssoins-ea52abf5858c097a', '62cff278-1d0d-4981-b7e0-90c8c7cdbecf', 'CREATE_ACCOUNT_ASSIGNMENT', 'SUCCEEDED', '{"InstanceId":"ssoins-ea52abf5858c097a","AccountId":"123456789012","PermissionSetId":"ps-cc89e993498d4824","PrincipalType":"GROUP","PrincipalId":"93d2eb5d-60a0-4814-a1d1-7f5ad904b728"}', NULL, 1, 1795907374115, 1795907314006, 1795907314146);
INSERT INTO job VALUES ('ssoins-ea52abf5858c097a', '96420325-3b73-4a52-b702-17261e7d21b4', 'CREATE_ACCOUNT_ASSIGNMENT', 'SUCCEEDED', '{"InstanceId":"ssoins-ea52abf5858c097a","AccountId":"123456789012","PermissionSetId":"ps-cc89e993498d4824","PrincipalType":"USER","PrincipalId":"773c39e8-b8e0-404a-899f-454735e5a61f"}', NULL, 1, 1795907374396, 1795907314326, 1795907314402);
INSERT INTO job VALUES ('ssoins-ea52abf5858c097a', '48475798-0927-4ec9-a610-ed98baa8d0f8', 'CREATE_ACCOUNT_ASSIGNMENT', 'SUCCEEDED', '{"InstanceId":"ssoins-ea52abf5858c097a","AccountId":"123456789012","PermissionSetId":"ps-ad16e029bd9d1578","PrincipalType":"USER","PrincipalId":"51b7a447-c69b-48a6-8abc-13674d42e7c6"}', NULL, 1, 1795907374629, 1795907314540, 1795907314666);
INSERT INTO job VALUES ('123456789012', 'a0aafc16-96ca-4579-a962-eeb4ef4c18e7', 'CREATE_ACCOUNT', 'SUCCEEDED', '{"AccountId":"598563287885","AccountName":"Backup","Email":"Backup@example.com","Tags":[]}', NULL, 1, 1795907378226, 1795907318200, 1795907318239);
INSERT INTO job VALUES ('123456789012', '7e26af8b-3436-4c78-adc3-b3eed83b3b85', 'CREATE_ACCOUNT', 'SUCCEEDED', '{"AccountId":"493007807204","AccountName":"Late 1","Email":"late-1@example.com","Tags":[]}', NULL, 1, 1795907432802, 1795907372790, 1795907372803);
INSERT INTO job VALUES ('123456789012', '2b7c6940-df03-4d0c-b76a-188053bb5e69', 'CREATE_ACCOUNT', 'IN_PROGRESS', '{"AccountId":"625688729757","AccountName":"Late 2","Email":"late-2@example.com","Tags":[]}', NULL, 0, 1795907372816, 1795907372816, 1795907372816);
INSERT INTO job VALUES ('123456789012', '8b18ffbc-2217-45e1-bda7-330c12e19f6c', 'CREATE_ACCOUNT', 'SUCCEEDED', '{"AccountId":"288028321171","AccountName":"Late 0","Email":"late-0@example.com","Tags":[]}', NULL, 1, 1795907432816, 1795907372811, 1795907372817);
INSERT INTO master_key VALUES ('credentials', 1, '\xff71126b5b76725ca0cc9df4b10e54f02c9e375b51b0d11522416c7c68bfaacf694952e1aa6e3521a6a939e087de3c4e885d9b781fd9a804c169c4f3533e2dd04c39bae51307b918', 1795907311214);
INSERT INTO master_key VALUES ('seals', 1, '\x1f5ab721770da45c6f4b411e39fb38dbb2cb361512cbe9d8f8fdbe168c6ffcc4383b710d0dcda3f3620a6e109227e3ea7c893bd9e3f8d0db63a9df43fba89207913bec2e52f1a2d9', 1795907311214);
INSERT INTO master_key VALUES ('audit', 1, '\x9739a4c91b75cebffb67d6dadb9f1fe87da13c4f5a76faf48bd1a1a0eff00b2b4f69b9d03f1d0b93c528b57c285f7e2ed78c128b745232ae720d60a4d7d1bc4f68795878a34ccee7', 1795907311214);
INSERT INTO migration VALUES (1);
INSERT INTO migration VALUES (2);
INSERT INTO migration VALUES (3);
INSERT INTO migration VALUES (4);
INSERT INTO migration VALUES (5);
INSERT INTO multipart_upload VALUES ('123456789012', 'fixture-photos', 'begun', '10599df465955e3131bde9e149feb255', 'CRC64NVME', 'FULL_OBJECT', '{}', 1795907317554);
INSERT INTO object VALUES ('123456789012', 'fixture-photos', 'a/ä.txt', '359ac8b073aed23231f962242a0753a1', NULL, 0, 5, '5d41402abc4b2a76b9719d911017c592', 'CRC32', 'FULL_OBJECT', 'NhCmhg==', '{"contentType":"text/plain","metadata":{"author":"ann"},"tags":{"colour":"blue"}}', 1795907317226);
INSERT INTO object VALUES ('123456789012', 'fixture-photos', 'whole', NULL, 'fa19bafa098b50370769ec84fcc5cf08', 1, 4, '1819d1a8700e59901a48215b8577ac07-1', 'CRC64NVME', 'FULL_OBJECT', 'v+lYbwd1k6E=', '{}', 1795907317522);
INSERT INTO object_part VALUES ('123456789012', 'fixture-photos', 'fa19bafa098b50370769ec84fcc5cf08', 1, 'af19959fadaa3f207f43d75d74887a4b', 4, 'f4c9385f1902f7334b00b9b4ecd164de', 'CRC64NVME', 'v+lYbwd1k6E=', 1795907317490);
INSERT INTO object_part VALUES ('123456789012', 'fixture-photos', '10599df465955e3131bde9e149feb255', 1, '3fca490a3bee56c73a3fa5baaa782383', 4, 'f4c9385f1902f7334b00b9b4ecd164de', 'CRC64NVME', 'v+lYbwd1k6E=', 1795907317708);
INSERT INTO organization VALUES ('o-lsb9p4m3q9', 'r-gv5g', '123456789012', 'd-0aa5527b70', 1795907311090);
INSERT INTO organization_tag VALUES ('r-gv5g', 'stage', 'production');
INSERT INTO organization_tag VALUES ('123456789012', 'stage', 'production');
INSERT INTO past_password VALUES ('d-a9e5764e6a', '51b7a447-c69b-48a6-8abc-13674d42e7c6', 3, 'm=19456,t=2,p=1', '\x5c3e396e414bf8ea7758a673f9cf1778', '\x409346542e7bb73db6378b1424223dabf9daba05736452b697e9d48b1d5c42b0');
INSERT INTO permission_set VALUES ('ssoins-ea52abf5858c097a', 'ps-cc89e993498d4824', 'Admin', 'May do everything', 'PT2H', 'https://example.com/start', '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}]}', 4, 1795907313674);
INSERT INTO permission_set VALUES ('ssoins-ea52abf5858c097a', 'ps-ad16e029bd9d1578', 'Reader', 'Reads', 'PT1H', NULL, NULL, 2, 1795907313719);
INSERT INTO permission_set_managed_policy VALUES ('ssoins-ea52abf5858c097a', 'ps-cc89e993498d4824', 'arn:aws:iam::aws:policy/AdministratorAccess');
INSERT INTO permission_set_managed_policy VALUES ('ssoins-ea52abf5858c097a', 'ps-cc89e993498d4824', 'arn:aws:iam::aws:policy/ReadOnlyAccess');
INSERT INTO revocation VALUES ('user/d-a9e5764e6a/ee224bcc-f15d-45a1-b3fc-70998029fcaf', 1795907314862);
INSERT INTO role VALUES ('ssoins-ea52abf5858c097a', '123456789012', 'ps-cc89e993498d4824', 'AWSReservedSSO_Admin_afbe3ab21f5bb36d', 'AROA54CYRBGBYHI266RTP', '["arn:aws:iam::aws:policy/AdministratorAccess","arn:aws:iam::aws:policy/ReadOnlyAccess"]', '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}]}', 7200, 'https://example.com/start', 4, 1, 1795907314146);
INSERT INTO role VALUES ('ssoins-ea52abf5858c097a', '123456789012', 'ps-ad16e029bd9d1578', 'AWSReservedSSO_Reader_567a3e717295fab4', 'AROAOOMCER7OLB4O2U4DJ', '[]', NULL, 3600, NULL, 1, 1, 1795907314666);
INSERT INTO session VALUES ('d-a9e5764e6a', '118bb2e8-59b5-47cb-913a-55576d115518', '51b7a447-c69b-48a6-8abc-13674d42e7c6', NULL, 'PORTAL', '\x81ee7c905250c50846b304b2e58e72214d307beafd3afffdd4a41433ee6cf03a', NULL, '127.0.0.1', 'Browser/1.0', 1795907315898, 1795936115898);
INSERT INTO session VALUES ('d-a9e5764e6a', '12033583-08b4-4494-b564-dac0a6f366e5', '51b7a447-c69b-48a6-8abc-13674d42e7c6', '118bb2e8-59b5-47cb-913a-55576d115518', 'CLIENT', NULL, 'botocore-client-fixture', '127.0.0.1', 'Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N,D cfg/retry-mode#legacy Botocore/1.43.11', 1795907316139, 1795936115898);
INSERT INTO setup_link VALUES ('\xb64aca1cd490b375920f7fdbd5c7f0dd2b0b6e6e4d14aa650c64d35fc41d56d0', 1795993711314);
INSERT INTO sign_in_attempt VALUES ('\x4a899eb37b303058864ddda28c2f0299cd200855e8e16551a1cdc8a1ee6a8f1d', 0, 0, 1795907315473, 1803683315473);
INSERT INTO sign_in_attempt VALUES ('\x4470b8fe909fecb6794c885cd12c9a1f9e56f1ef33e2420bed12c6705ed0266e', 1, 1795907316278, 1795907315473, 1803683315473);
INSERT INTO sign_in_attempt VALUES ('\xd797cc63e3107c91e9c9ac6fbcbed3e5f70abcea73c2b036d17cdd56ee52a61c', 1, 1795907316482, 0, 1795993716482);
INSERT INTO sign_in_attempt VALUES ('\x8e318a08ba71b11c5c5773d23566fdcf120679c6547df871fa8ffa003e34ce35', 1, 1795907316482, 0, 1795993716482);
INSERT INTO tag VALUES ('ssoins-ea52abf5858c097a', 'arn:aws:sso:::permissionSet/ssoins-ea52abf5858c097a/ps-cc89e993498d4824', 'team', 'platform');
INSERT INTO user_password VALUES ('d-a9e5764e6a', '51b7a447-c69b-48a6-8abc-13674d42e7c6', 'm=19456,t=2,p=1', '\x5c3e396e414bf8ea7758a673f9cf1778', '\x409346542e7bb73db6378b1424223dabf9daba05736452b697e9d48b1d5c42b0', 'CHOSEN', NULL, 3);
ALTER TABLE ONLY account_assignment
    ADD CONSTRAINT account_assignment_pkey PRIMARY KEY (instance_id, account_id, permission_set_id, principal_type, principal_id);
ALTER TABLE ONLY account
    ADD CONSTRAINT account_email_key_key UNIQUE (email_key);
ALTER TABLE ONLY account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY audit_digest
    ADD CONSTRAINT audit_digest_pkey PRIMARY KEY (number);
ALTER TABLE ONLY audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY authorization_code
    ADD CONSTRAINT authorization_code_pkey PRIMARY KEY (code_hash);
ALTER TABLE ONLY bucket
    ADD CONSTRAINT bucket_account_id_name_key UNIQUE (account_id, name);
ALTER TABLE ONLY bucket
    ADD CONSTRAINT bucket_pkey PRIMARY KEY (name);
ALTER TABLE ONLY client_token
    ADD CONSTRAINT client_token_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY device_authorization
    ADD CONSTRAINT device_authorization_pkey PRIMARY KEY (device_code_hash);
ALTER TABLE ONLY device_authorization
    ADD CONSTRAINT device_authorization_user_code_key UNIQUE (user_code);
ALTER TABLE ONLY identity_external_id
    ADD CONSTRAINT identity_external_id_pkey PRIMARY KEY (identity_store_id, principal_type, issuer, external_id);
ALTER TABLE ONLY identity_group
    ADD CONSTRAINT identity_group_identity_store_id_display_name_key_key UNIQUE (identity_store_id, display_name_key);
ALTER TABLE ONLY identity_group
    ADD CONSTRAINT identity_group_pkey PRIMARY KEY (identity_store_id, id);
ALTER TABLE ONLY identity_membership
    ADD CONSTRAINT identity_membership_identity_store_id_group_id_user_id_key UNIQUE (identity_store_id, group_id, user_id);
ALTER TABLE ONLY identity_membership
    ADD CONSTRAINT identity_membership_pkey PRIMARY KEY (identity_store_id, id);
ALTER TABLE ONLY identity_user
    ADD CONSTRAINT identity_user_identity_store_id_email_key_key UNIQUE (identity_store_id, email_key);
ALTER TABLE ONLY identity_user
    ADD CONSTRAINT identity_user_identity_store_id_user_name_key_key UNIQUE (identity_store_id, user_name_key);
ALTER TABLE ONLY identity_user
    ADD CONSTRAINT identity_user_pkey PRIMARY KEY (identity_store_id, id);
ALTER TABLE ONLY instance
    ADD CONSTRAINT instance_identity_store_id_key UNIQUE (identity_store_id);
ALTER TABLE ONLY instance
    ADD CONSTRAINT instance_owner_account_id_key UNIQUE (owner_account_id);
ALTER TABLE ONLY instance
    ADD CONSTRAINT instance_pkey PRIMARY KEY (id);
ALTER TABLE ONLY job
    ADD CONSTRAINT job_pkey PRIMARY KEY (owner_id, id);
ALTER TABLE ONLY job_subject
    ADD CONSTRAINT job_subject_owner_id_job_id_key UNIQUE (owner_id, job_id);
ALTER TABLE ONLY job_subject
    ADD CONSTRAINT job_subject_pkey PRIMARY KEY (owner_id, subject);
ALTER TABLE ONLY master_key
    ADD CONSTRAINT master_key_pkey PRIMARY KEY (purpose, number);
ALTER TABLE ONLY migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);
ALTER TABLE ONLY multipart_upload
    ADD CONSTRAINT multipart_upload_pkey PRIMARY KEY (account_id, bucket_name, object_key, id);
ALTER TABLE ONLY object
    ADD CONSTRAINT object_blob_id_key UNIQUE (blob_id);
ALTER TABLE ONLY object_part
    ADD CONSTRAINT object_part_blob_id_key UNIQUE (blob_id);
ALTER TABLE ONLY object_part
    ADD CONSTRAINT object_part_pkey PRIMARY KEY (account_id, bucket_name, upload_id, part_number);
ALTER TABLE ONLY object
    ADD CONSTRAINT object_pkey PRIMARY KEY (account_id, bucket_name, object_key);
ALTER TABLE ONLY organization
    ADD CONSTRAINT organization_pkey PRIMARY KEY (id);
ALTER TABLE ONLY organization_tag
    ADD CONSTRAINT organization_tag_pkey PRIMARY KEY (resource_id, tag_key);
ALTER TABLE ONLY past_password
    ADD CONSTRAINT past_password_pkey PRIMARY KEY (identity_store_id, user_id, revision);
ALTER TABLE ONLY permission_set
    ADD CONSTRAINT permission_set_instance_id_name_key UNIQUE (instance_id, name);
ALTER TABLE ONLY permission_set_managed_policy
    ADD CONSTRAINT permission_set_managed_policy_pkey PRIMARY KEY (instance_id, permission_set_id, arn);
ALTER TABLE ONLY permission_set
    ADD CONSTRAINT permission_set_pkey PRIMARY KEY (instance_id, id);
ALTER TABLE ONLY revocation
    ADD CONSTRAINT revocation_pkey PRIMARY KEY (scope);
ALTER TABLE ONLY role
    ADD CONSTRAINT role_account_id_name_key UNIQUE (account_id, name);
ALTER TABLE ONLY role
    ADD CONSTRAINT role_pkey PRIMARY KEY (instance_id, account_id, permission_set_id);
ALTER TABLE ONLY role
    ADD CONSTRAINT role_role_id_key UNIQUE (role_id);
ALTER TABLE ONLY session
    ADD CONSTRAINT session_pkey PRIMARY KEY (identity_store_id, id);
ALTER TABLE ONLY session
    ADD CONSTRAINT session_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY setup_link
    ADD CONSTRAINT setup_link_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY sign_in_attempt
    ADD CONSTRAINT sign_in_attempt_pkey PRIMARY KEY (scope);
ALTER TABLE ONLY tag
    ADD CONSTRAINT tag_pkey PRIMARY KEY (instance_id, resource_arn, tag_key);
ALTER TABLE ONLY user_password
    ADD CONSTRAINT user_password_pkey PRIMARY KEY (identity_store_id, user_id);
CREATE INDEX account_assignment_of_principal ON account_assignment USING btree (instance_id, principal_type, principal_id, account_id, permission_set_id);
CREATE INDEX audit_event_sealed ON audit_event USING btree (digest, id) WHERE (digest > 0);
CREATE INDEX audit_event_unsealed ON audit_event USING btree (id) WHERE (digest = 0);
CREATE INDEX authorization_code_of_session ON authorization_code USING btree (identity_store_id, client_session_id);
CREATE INDEX authorization_code_over ON authorization_code USING btree (expires_at_ms);
CREATE INDEX client_token_of_session ON client_token USING btree (identity_store_id, session_id);
CREATE INDEX client_token_over ON client_token USING btree (expires_at_ms);
CREATE INDEX device_authorization_from ON device_authorization USING btree (source_network, expires_at_ms);
CREATE INDEX device_authorization_of_store ON device_authorization USING btree (identity_store_id);
CREATE INDEX device_authorization_over ON device_authorization USING btree (expires_at_ms);
CREATE INDEX identity_external_id_of_group ON identity_external_id USING btree (identity_store_id, group_id) WHERE (group_id IS NOT NULL);
CREATE INDEX identity_external_id_of_user ON identity_external_id USING btree (identity_store_id, user_id) WHERE (user_id IS NOT NULL);
CREATE INDEX identity_membership_of_user ON identity_membership USING btree (identity_store_id, user_id, group_id);
CREATE INDEX job_due ON job USING btree (run_after_ms, id) WHERE (state = 'IN_PROGRESS'::text);
CREATE INDEX job_listed ON job USING btree (owner_id, kind, created_at_ms, id);
CREATE INDEX job_listed_by_state ON job USING btree (owner_id, kind, state, created_at_ms, id);
CREATE INDEX job_over ON job USING btree (updated_at_ms) WHERE (state <> 'IN_PROGRESS'::text);
CREATE INDEX revocation_over ON revocation USING btree (not_before_ms);
CREATE INDEX role_of_permission_set ON role USING btree (instance_id, permission_set_id, account_id);
CREATE INDEX session_of_parent ON session USING btree (identity_store_id, parent_id) WHERE (parent_id IS NOT NULL);
CREATE INDEX session_of_user ON session USING btree (identity_store_id, user_id, id);
CREATE INDEX session_over ON session USING btree (expires_at_ms);
CREATE INDEX sign_in_attempt_over ON sign_in_attempt USING btree (keep_until_ms);
ALTER TABLE ONLY account_assignment
    ADD CONSTRAINT account_assignment_instance_id_account_id_permission_set_i_fkey FOREIGN KEY (instance_id, account_id, permission_set_id) REFERENCES role(instance_id, account_id, permission_set_id) ON DELETE CASCADE;
ALTER TABLE ONLY authorization_code
    ADD CONSTRAINT authorization_code_identity_store_id_client_session_id_fkey FOREIGN KEY (identity_store_id, client_session_id) REFERENCES session(identity_store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY bucket
    ADD CONSTRAINT bucket_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY client_token
    ADD CONSTRAINT client_token_identity_store_id_session_id_fkey FOREIGN KEY (identity_store_id, session_id) REFERENCES session(identity_store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY device_authorization
    ADD CONSTRAINT device_authorization_identity_store_id_fkey FOREIGN KEY (identity_store_id) REFERENCES instance(identity_store_id) ON DELETE CASCADE;
ALTER TABLE ONLY identity_external_id
    ADD CONSTRAINT identity_external_id_identity_store_id_group_id_fkey FOREIGN KEY (identity_store_id, group_id) REFERENCES identity_group(identity_store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY identity_external_id
    ADD CONSTRAINT identity_external_id_identity_store_id_user_id_fkey FOREIGN KEY (identity_store_id, user_id) REFERENCES identity_user(identity_store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY identity_group
    ADD CONSTRAINT identity_group_identity_store_id_fkey FOREIGN KEY (identity_store_id) REFERENCES instance(identity_store_id) ON DELETE CASCADE;
ALTER TABLE ONLY identity_membership
    ADD CONSTRAINT identity_membership_identity_store_id_group_id_fkey FOREIGN KEY (identity_store_id, group_id) REFERENCES identity_group(identity_store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY identity_membership
    ADD CONSTRAINT identity_membership_identity_store_id_user_id_fkey FOREIGN KEY (identity_store_id, user_id) REFERENCES identity_user(identity_store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY identity_user
    ADD CONSTRAINT identity_user_identity_store_id_fkey FOREIGN KEY (identity_store_id) REFERENCES instance(identity_store_id) ON DELETE CASCADE;
ALTER TABLE ONLY instance
    ADD CONSTRAINT instance_owner_account_id_fkey FOREIGN KEY (owner_account_id) REFERENCES account(id);
ALTER TABLE ONLY multipart_upload
    ADD CONSTRAINT multipart_upload_account_id_bucket_name_fkey FOREIGN KEY (account_id, bucket_name) REFERENCES bucket(account_id, name);
ALTER TABLE ONLY object
    ADD CONSTRAINT object_account_id_bucket_name_fkey FOREIGN KEY (account_id, bucket_name) REFERENCES bucket(account_id, name);
ALTER TABLE ONLY object_part
    ADD CONSTRAINT object_part_account_id_bucket_name_fkey FOREIGN KEY (account_id, bucket_name) REFERENCES bucket(account_id, name);
ALTER TABLE ONLY organization
    ADD CONSTRAINT organization_management_account_id_fkey FOREIGN KEY (management_account_id) REFERENCES account(id);
ALTER TABLE ONLY past_password
    ADD CONSTRAINT past_password_identity_store_id_user_id_fkey FOREIGN KEY (identity_store_id, user_id) REFERENCES identity_user(identity_store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY permission_set
    ADD CONSTRAINT permission_set_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES instance(id);
ALTER TABLE ONLY permission_set_managed_policy
    ADD CONSTRAINT permission_set_managed_policy_instance_id_permission_set_i_fkey FOREIGN KEY (instance_id, permission_set_id) REFERENCES permission_set(instance_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY role
    ADD CONSTRAINT role_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY role
    ADD CONSTRAINT role_instance_id_permission_set_id_fkey FOREIGN KEY (instance_id, permission_set_id) REFERENCES permission_set(instance_id, id);
ALTER TABLE ONLY session
    ADD CONSTRAINT session_identity_store_id_user_id_fkey FOREIGN KEY (identity_store_id, user_id) REFERENCES identity_user(identity_store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY tag
    ADD CONSTRAINT tag_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES instance(id) ON DELETE CASCADE;
ALTER TABLE ONLY user_password
    ADD CONSTRAINT user_password_identity_store_id_user_id_fkey FOREIGN KEY (identity_store_id, user_id) REFERENCES identity_user(identity_store_id, id) ON DELETE CASCADE;
