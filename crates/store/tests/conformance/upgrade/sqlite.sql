-- The database of portico 0.1.0 (commit 92ff0a6) on sqlite for the upgrade test. make.py beside this
-- file made it by stock calls. It is one file because it is one database, and is never edited.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE migration (number BIGINT PRIMARY KEY);
INSERT INTO migration VALUES(1);
INSERT INTO migration VALUES(2);
INSERT INTO migration VALUES(3);
INSERT INTO migration VALUES(4);
INSERT INTO migration VALUES(5);
CREATE TABLE account (
    id TEXT COLLATE "binary" PRIMARY KEY,
    name TEXT COLLATE "binary" NOT NULL,
    email TEXT COLLATE "binary" NOT NULL,
    email_key TEXT COLLATE "binary" NOT NULL UNIQUE,
    -- 'CREATED' or 'INVITED', as organizations says how it joined.
    joined_method TEXT COLLATE "binary" NOT NULL,
    joined_at_ms BIGINT NOT NULL
);
INSERT INTO account VALUES('123456789012','Management account','management@123456789012.portico.example','management@123456789012.portico.example','INVITED',1795907233943);
INSERT INTO account VALUES('344729326017','Backup','Backup@example.com','backup@example.com','CREATED',1795907238215);
INSERT INTO account VALUES('322605744993','Late 0','late-0@example.com','late-0@example.com','CREATED',1795907295502);
INSERT INTO account VALUES('107992600255','Late 1','late-1@example.com','late-1@example.com','CREATED',1795907295502);
CREATE TABLE organization (
    id TEXT COLLATE "binary" PRIMARY KEY,
    root_id TEXT COLLATE "binary" NOT NULL,
    management_account_id TEXT COLLATE "binary" NOT NULL REFERENCES account (id),
    -- What the identity store of the next instance will be called.
    next_identity_store_id TEXT COLLATE "binary" NOT NULL,
    created_at_ms BIGINT NOT NULL
);
INSERT INTO organization VALUES('o-ixen14oa8r','r-j4yu','123456789012','d-920978dfb0',1795907233943);
CREATE TABLE instance (
    id TEXT COLLATE "binary" PRIMARY KEY,
    identity_store_id TEXT COLLATE "binary" NOT NULL UNIQUE,
    owner_account_id TEXT COLLATE "binary" NOT NULL UNIQUE REFERENCES account (id),
    -- 1: the organisation's instance, which has permission sets; 0: an account instance.
    is_organization BIGINT NOT NULL,
    name TEXT COLLATE "binary",
    -- 'ACTIVE' or 'DELETE_IN_PROGRESS'.
    status TEXT COLLATE "binary" NOT NULL,
    client_token TEXT COLLATE "binary",
    created_at_ms BIGINT NOT NULL
);
INSERT INTO instance VALUES('ssoins-5f3c490846df385f','d-d3c5aebf18','123456789012',1,'main','ACTIVE','4dc62831-535e-4679-a073-851d40fdd98d',1795907234918);
CREATE TABLE tag (
    instance_id TEXT COLLATE "binary" NOT NULL REFERENCES instance (id) ON DELETE CASCADE,
    resource_arn TEXT COLLATE "binary" NOT NULL,
    tag_key TEXT COLLATE "binary" NOT NULL,
    tag_value TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (instance_id, resource_arn, tag_key)
);
INSERT INTO tag VALUES('ssoins-5f3c490846df385f','arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e','team','platform');
CREATE TABLE job (
    -- The instance or the account that the work belongs to.
    owner_id TEXT COLLATE "binary" NOT NULL,
    id TEXT COLLATE "binary" NOT NULL,
    kind TEXT COLLATE "binary" NOT NULL,
    -- 'IN_PROGRESS', 'SUCCEEDED' or 'FAILED'.
    state TEXT COLLATE "binary" NOT NULL,
    -- JSON, in the form that `kind` has.
    payload TEXT COLLATE "binary" NOT NULL,
    failure_reason TEXT COLLATE "binary",
    attempts BIGINT NOT NULL,
    -- When it may run: in the future after a failed attempt, or while a worker's lease lasts.
    run_after_ms BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    updated_at_ms BIGINT NOT NULL,
    PRIMARY KEY (owner_id, id)
);
INSERT INTO job VALUES('ssoins-5f3c490846df385f','8d3cc3ac-1f4f-4722-82b1-20aa29f3de73','CREATE_ACCOUNT_ASSIGNMENT','SUCCEEDED','{"InstanceId":"ssoins-5f3c490846df385f","AccountId":"123456789012","PermissionSetId":"ps-716b03038b00e85e","PrincipalType":"GROUP","PrincipalId":"63ad8d57-be9c-402b-9586-964d075a473c"}',NULL,1,1795907295846,1795907235829,1795907235862);
INSERT INTO job VALUES('ssoins-5f3c490846df385f','9793e0ec-821d-4110-b365-9d4dd1ff3877','CREATE_ACCOUNT_ASSIGNMENT','SUCCEEDED','{"InstanceId":"ssoins-5f3c490846df385f","AccountId":"123456789012","PermissionSetId":"ps-716b03038b00e85e","PrincipalType":"USER","PrincipalId":"d7954015-2b71-464f-a8c6-e7bd7e3c72ce"}',NULL,1,1795907295918,1795907235914,1795907236003);
INSERT INTO job VALUES('ssoins-5f3c490846df385f','13c734a4-b5e2-4300-ad5b-30fc794d5990','CREATE_ACCOUNT_ASSIGNMENT','SUCCEEDED','{"InstanceId":"ssoins-5f3c490846df385f","AccountId":"123456789012","PermissionSetId":"ps-dc945df0ef1d3a9c","PrincipalType":"USER","PrincipalId":"20c64cac-4e0b-4254-8127-e4b7325eab6f"}',NULL,1,1795907296106,1795907236098,1795907236132);
INSERT INTO job VALUES('123456789012','25583383-bf11-484f-94dc-1e04c46d26b4','CREATE_ACCOUNT','SUCCEEDED','{"AccountId":"344729326017","AccountName":"Backup","Email":"Backup@example.com","Tags":[]}',NULL,1,1795907298211,1795907238210,1795907238215);
INSERT INTO job VALUES('123456789012','8a084253-650d-4b22-bca3-d64024bbc9b1','CREATE_ACCOUNT','SUCCEEDED','{"AccountId":"107992600255","AccountName":"Late 1","Email":"late-1@example.com","Tags":[]}',NULL,1,1795907355478,1795907295418,1795907295502);
INSERT INTO job VALUES('123456789012','581e2df9-a201-4539-8c80-8d5fc4c6313e','CREATE_ACCOUNT','SUCCEEDED','{"AccountId":"322605744993","AccountName":"Late 0","Email":"late-0@example.com","Tags":[]}',NULL,1,1795907355479,1795907295478,1795907295502);
INSERT INTO job VALUES('123456789012','4d951833-0791-493c-82fd-2edc2135d3f1','CREATE_ACCOUNT','IN_PROGRESS','{"AccountId":"100393013914","AccountName":"Late 2","Email":"late-2@example.com","Tags":[]}',NULL,1,1795907355550,1795907295503,1795907295550);
INSERT INTO job VALUES('123456789012','9e6bbc05-8116-40ec-9094-911ccf26b779','CREATE_ACCOUNT','IN_PROGRESS','{"AccountId":"281142689014","AccountName":"Late 3","Email":"late-3@example.com","Tags":[]}',NULL,0,1795907295503,1795907295503,1795907295503);
CREATE TABLE audit_event (
    id TEXT COLLATE "binary" PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    request_id TEXT COLLATE "binary" NOT NULL,
    account_id TEXT COLLATE "binary",
    caller_arn TEXT COLLATE "binary" NOT NULL,
    -- JSON: userIdentity.
    identity TEXT COLLATE "binary" NOT NULL,
    action TEXT COLLATE "binary" NOT NULL,
    resource TEXT COLLATE "binary" NOT NULL,
    source_address TEXT COLLATE "binary" NOT NULL,
    user_agent TEXT COLLATE "binary" NOT NULL,
    -- NULL when it was done.
    error TEXT COLLATE "binary",
    -- JSON: requestParameters, responseElements.
    details TEXT COLLATE "binary" NOT NULL,
    -- The digest that seals it; 0 until one does.
    digest BIGINT NOT NULL
);
INSERT INTO audit_event VALUES('01a22469a897-ff92e40e0a61fe3ea349',1795907233943,'b43318af-7058-4679-9136-54b6eb24f0de',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','portico:FoundOrganization','*','portico','',NULL,'{"requestParameters":{},"responseElements":{"accountId":"123456789012","organizationId":"o-ixen14oa8r"}}',1);
INSERT INTO audit_event VALUES('01a22469a89a-c243ec3a417cf5c1be6c',1795907233946,'26f01fb4-5ed5-47ab-9c28-e4c2285a05ea',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','portico:MakeKey','*','portico','',NULL,'{"requestParameters":{"purpose":"credentials"},"responseElements":{"number":"1"}}',1);
INSERT INTO audit_event VALUES('01a22469a89a-df0b344be31ba3b8bd34',1795907233946,'d43c9182-1d09-468d-8a07-4da6795b63e9',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','portico:MakeKey','*','portico','',NULL,'{"requestParameters":{"purpose":"seals"},"responseElements":{"number":"1"}}',1);
INSERT INTO audit_event VALUES('01a22469a89a-f610e68f44938ac49104',1795907233946,'f3d58cb2-30ab-415a-8cd3-6c34731c3dcc',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','portico:MakeKey','*','portico','',NULL,'{"requestParameters":{"purpose":"audit"},"responseElements":{"number":"1"}}',1);
INSERT INTO audit_event VALUES('01a22469a89c-266def7fcb629de0bdcf',1795907233948,'8b66a0fe-981f-4fd9-9ab4-28f94f1ffbb8',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','portico:MakeSetUpLink','*','localhost','portico/0.1.0',NULL,'{"requestParameters":{"token":"HIDDEN_DUE_TO_SECURITY_REASONS"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469a8bd-62debea8bf5aa670ea48',1795907233981,'06db4950-7bcc-42a5-8fde-b0b2b986b47c',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','portico:VendOperatorCredentials','arn:aws:iam::123456789012:root','localhost','portico/0.1.0',NULL,'{"requestParameters":{"roleSessionName":"admin"},"responseElements":{"accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}}',1);
INSERT INTO audit_event VALUES('01a22469ac66-4c46bd7ab098beae5f4f',1795907234918,'3b8f020c-4940-4927-8baa-6bf67770fe68','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:CreateInstance','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"tagKeys":""},"responseElements":{"instanceArn":"arn:aws:sso:::instance/ssoins-5f3c490846df385f","identityStoreId":"d-d3c5aebf18"}}',1);
INSERT INTO audit_event VALUES('01a22469ac7b-c6fc115bcba7cac88e45',1795907234939,'303c84a2-bed8-4951-81d6-83d372a5f985','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:ListInstances','*','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469acf2-3e0366d1cf5c4157f9a7',1795907235058,'89b0d37e-c2df-4edb-a0d0-78264835fb3d','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','identitystore:CreateUser','arn:aws:identitystore::123456789012:identitystore/d-d3c5aebf18','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"identityStoreId":"d-d3c5aebf18","userName":"ann","displayName":"Ann Plain"},"responseElements":{"userId":"20c64cac-4e0b-4254-8127-e4b7325eab6f"}}',1);
INSERT INTO audit_event VALUES('01a22469aec6-84f6715f24c111bc41ba',1795907235526,'c1fdb184-7560-4457-8af2-39cd949a69ca','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','identitystore:CreateUser','arn:aws:identitystore::123456789012:identitystore/d-d3c5aebf18','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"identityStoreId":"d-d3c5aebf18","userName":"Jäne.Rich@example.com","displayName":"Jäne \"Rich\" 🦀"},"responseElements":{"userId":"d7954015-2b71-464f-a8c6-e7bd7e3c72ce"}}',1);
INSERT INTO audit_event VALUES('01a22469af2d-10943dde12d185517e6f',1795907235629,'d326682b-3235-4d01-9815-cde856a31390','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','identitystore:CreateUser','arn:aws:identitystore::123456789012:identitystore/d-d3c5aebf18','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"identityStoreId":"d-d3c5aebf18","userName":"off","displayName":"Off"},"responseElements":{"userId":"f1d4857c-2f3e-4f9f-95e3-07d9295c82dd"}}',1);
INSERT INTO audit_event VALUES('01a22469af3d-50c344986befe6fa6766',1795907235645,'58953637-5495-42de-adf3-0cd4384dc299','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','identitystore:UpdateUser','arn:aws:identitystore::123456789012:identitystore/d-d3c5aebf18','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"identityStoreId":"d-d3c5aebf18","userId":"f1d4857c-2f3e-4f9f-95e3-07d9295c82dd","attributePaths":"title"},"responseElements":{"userName":"off","displayName":"Off","revision":"2"}}',1);
INSERT INTO audit_event VALUES('01a22469af46-8357b364edb0f6ff75f5',1795907235654,'fa1c80a5-57d0-40c2-aaad-86770fe03e33','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','identitystore:CreateGroup','arn:aws:identitystore::123456789012:identitystore/d-d3c5aebf18','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"identityStoreId":"d-d3c5aebf18","displayName":"Platform"},"responseElements":{"groupId":"63ad8d57-be9c-402b-9586-964d075a473c"}}',1);
INSERT INTO audit_event VALUES('01a22469af48-380e6888bb8fbcf1b9aa',1795907235656,'1dd35eea-139e-4d2d-b817-29b3fb354ddb','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','identitystore:CreateGroup','arn:aws:identitystore::123456789012:identitystore/d-d3c5aebf18','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"identityStoreId":"d-d3c5aebf18","displayName":"Empty"},"responseElements":{"groupId":"38260dc9-d5b8-43e6-89f6-673688cae597"}}',1);
INSERT INTO audit_event VALUES('01a22469af4b-4d5e7df92c592f18fb84',1795907235659,'6bb803df-48cb-43e3-bed1-1ccb29fe3dad','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','identitystore:CreateGroupMembership','arn:aws:identitystore::123456789012:identitystore/d-d3c5aebf18','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"identityStoreId":"d-d3c5aebf18","groupId":"63ad8d57-be9c-402b-9586-964d075a473c","userId":"20c64cac-4e0b-4254-8127-e4b7325eab6f"},"responseElements":{"membershipId":"e0d757e7-49bd-42d7-8449-c50a2e4923a8"}}',1);
INSERT INTO audit_event VALUES('01a22469af4e-3728dfaa71635b36d403',1795907235662,'6d46e863-0012-42a9-810f-1fce0da0edfc','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','identitystore:CreateGroupMembership','arn:aws:identitystore::123456789012:identitystore/d-d3c5aebf18','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"identityStoreId":"d-d3c5aebf18","groupId":"63ad8d57-be9c-402b-9586-964d075a473c","userId":"f1d4857c-2f3e-4f9f-95e3-07d9295c82dd"},"responseElements":{"membershipId":"0f89a4ba-fa37-4d5f-99b3-c47dde10456f"}}',1);
INSERT INTO audit_event VALUES('01a22469af51-b5f7f57211efe8e795f1',1795907235665,'8492aa91-3076-4bc7-9aa1-62e17fdf9c6a','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','portico:DisableUser','arn:aws:identitystore::123456789012:identitystore/d-d3c5aebf18','127.0.0.1','Python-urllib/3.11',NULL,'{"requestParameters":{"identityStoreId":"d-d3c5aebf18","userId":"f1d4857c-2f3e-4f9f-95e3-07d9295c82dd"},"responseElements":{"userName":"off","statusBefore":"ENABLED"}}',1);
INSERT INTO audit_event VALUES('01a22469af66-e0e645dac1b3952b3a27',1795907235686,'1dfe4ec9-0b29-49cd-87f7-2ee9de7bc4cb','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:CreatePermissionSet','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"instanceArn":"arn:aws:sso:::instance/ssoins-5f3c490846df385f","name":"Admin","sessionDuration":"PT2H","tagKeys":"team"},"responseElements":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e"}}',1);
INSERT INTO audit_event VALUES('01a22469af72-98a9e657c9b9fd603045',1795907235698,'76ff3c54-dd6e-4f36-af53-32d5ec273600','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:CreatePermissionSet','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"instanceArn":"arn:aws:sso:::instance/ssoins-5f3c490846df385f","name":"Reader","sessionDuration":"PT1H","tagKeys":""},"responseElements":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-dc945df0ef1d3a9c"}}',1);
INSERT INTO audit_event VALUES('01a22469af7d-4ca8d876d846cd73d63c',1795907235709,'bced1deb-ce7b-41d4-9ace-8f4de47328bb','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:AttachManagedPolicyToPermissionSet','arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e","managedPolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469af86-727dd0632da33cf04824',1795907235718,'82f4a540-767f-4f95-8794-a77625c5192e','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:AttachManagedPolicyToPermissionSet','arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e","managedPolicyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469afee-3a207a191692f25b19c4',1795907235822,'954a3e68-250b-4dda-ba59-ac826f403a10','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:PutInlinePolicyToPermissionSet','arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e","inlinePolicy":"{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Deny\", \"Action\": \"s3:DeleteBucket\", \"Resource\": \"*\"}]}"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469aff5-28ac12110c5a8051d972',1795907235829,'a420a7fa-8392-4ab1-ac0f-89e4994aa5ae','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:CreateAccountAssignment','arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e","targetId":"123456789012","principalType":"GROUP","principalId":"63ad8d57-be9c-402b-9586-964d075a473c"},"responseElements":{"requestId":"8d3cc3ac-1f4f-4722-82b1-20aa29f3de73"}}',1);
INSERT INTO audit_event VALUES('01a22469b006-a84d41eb2e02c1943053',1795907235846,'b1cacac5-37c7-4341-b910-c1e7e7b199bf',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','portico:ClaimJob','*','portico','',NULL,'{"requestParameters":{"jobId":"8d3cc3ac-1f4f-4722-82b1-20aa29f3de73","kind":"CREATE_ACCOUNT_ASSIGNMENT","attempt":"1"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b016-b237c7bb9afab4d7ca57',1795907235862,'b1cacac5-37c7-4341-b910-c1e7e7b199bf',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','sso:CreateAccountAssignment','arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e','portico','',NULL,'{"requestParameters":{"requestId":"8d3cc3ac-1f4f-4722-82b1-20aa29f3de73","targetId":"123456789012","principalType":"GROUP","principalId":"63ad8d57-be9c-402b-9586-964d075a473c"},"responseElements":{"roleName":"AWSReservedSSO_Admin_d1009a151b29b626","permissionSetRevision":"4"}}',1);
INSERT INTO audit_event VALUES('01a22469b04a-180a5d468dbe5342ebb6',1795907235914,'b4456c25-7eaa-46a6-8bcd-52217aa503c2','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:CreateAccountAssignment','arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e","targetId":"123456789012","principalType":"USER","principalId":"d7954015-2b71-464f-a8c6-e7bd7e3c72ce"},"responseElements":{"requestId":"9793e0ec-821d-4110-b365-9d4dd1ff3877"}}',1);
INSERT INTO audit_event VALUES('01a22469b04e-1b12f1ddb9e52e2b03d6',1795907235918,'616c90ba-0c5b-4e69-90f9-515b4fca27a3',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','portico:ClaimJob','*','portico','',NULL,'{"requestParameters":{"jobId":"9793e0ec-821d-4110-b365-9d4dd1ff3877","kind":"CREATE_ACCOUNT_ASSIGNMENT","attempt":"1"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b00e-7a1638674bc7ea1b23c0',1795907235854,'4fdb1af4-d54c-4252-9359-b9f0eaaae0da','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:DescribeAccountAssignmentCreationStatus','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b048-a047ba617ef7f5fd42aa',1795907235912,'9362df09-85e4-4f79-b728-e3e1bd94d5d1','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:DescribeAccountAssignmentCreationStatus','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b056-9fed35a1d92e3b74491f',1795907235926,'049061c9-ad43-4b55-998e-8031a0bbb285','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:DescribeAccountAssignmentCreationStatus','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b0a3-e7b9eb3633d24df9f3a1',1795907236003,'616c90ba-0c5b-4e69-90f9-515b4fca27a3',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','sso:CreateAccountAssignment','arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-716b03038b00e85e','portico','',NULL,'{"requestParameters":{"requestId":"9793e0ec-821d-4110-b365-9d4dd1ff3877","targetId":"123456789012","principalType":"USER","principalId":"d7954015-2b71-464f-a8c6-e7bd7e3c72ce"},"responseElements":{"roleName":"AWSReservedSSO_Admin_d1009a151b29b626","permissionSetRevision":"4"}}',1);
INSERT INTO audit_event VALUES('01a22469b102-09b953302b577c1ffe92',1795907236098,'f2a00563-8aea-42cd-8b63-5ee7332af229','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:CreateAccountAssignment','arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-dc945df0ef1d3a9c','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-dc945df0ef1d3a9c","targetId":"123456789012","principalType":"USER","principalId":"20c64cac-4e0b-4254-8127-e4b7325eab6f"},"responseElements":{"requestId":"13c734a4-b5e2-4300-ad5b-30fc794d5990"}}',1);
INSERT INTO audit_event VALUES('01a22469b10a-00eb1ce575bd530627da',1795907236106,'4fb4b101-0028-43a4-8588-fe2c745d7220',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','portico:ClaimJob','*','portico','',NULL,'{"requestParameters":{"jobId":"13c734a4-b5e2-4300-ad5b-30fc794d5990","kind":"CREATE_ACCOUNT_ASSIGNMENT","attempt":"1"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b124-cbd44ee1c22686a1eb6f',1795907236132,'4fb4b101-0028-43a4-8588-fe2c745d7220',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','sso:CreateAccountAssignment','arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-dc945df0ef1d3a9c','portico','',NULL,'{"requestParameters":{"requestId":"13c734a4-b5e2-4300-ad5b-30fc794d5990","targetId":"123456789012","principalType":"USER","principalId":"20c64cac-4e0b-4254-8127-e4b7325eab6f"},"responseElements":{"roleName":"AWSReservedSSO_Reader_0122ec1e66f103f7","permissionSetRevision":"1"}}',1);
INSERT INTO audit_event VALUES('01a22469b19a-006e3e58172d8b20cc9d',1795907236250,'82c7450b-de3b-4e2d-b887-3e1d3a20fb68','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:UpdatePermissionSet','arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-dc945df0ef1d3a9c','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-5f3c490846df385f/ps-dc945df0ef1d3a9c","description":"Reads"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b1b2-2859e10bd8f054e86ffc',1795907236274,'004eb263-a782-4ac4-ba7d-c7fad1ac3c69','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:UpdateInstance','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"instanceArn":"arn:aws:sso:::instance/ssoins-5f3c490846df385f","name":"main"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b1be-8ef4fa9f1a185343c6df',1795907236286,'10b2ace0-fea6-4060-93e8-bf018e422e3e','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','portico:RevokeRoleCredentials','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Python-urllib/3.11',NULL,'{"requestParameters":{"scope":"user/d-d3c5aebf18/f1d4857c-2f3e-4f9f-95e3-07d9295c82dd"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b305-0d412548f520981c96fb',1795907236613,'2d583c80-3945-485d-8aa4-53a20d7cf863','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','portico:ResetUserPassword','arn:aws:identitystore::123456789012:identitystore/d-d3c5aebf18','127.0.0.1','Python-urllib/3.11',NULL,'{"requestParameters":{"identityStoreId":"d-d3c5aebf18","userId":"20c64cac-4e0b-4254-8127-e4b7325eab6f","mode":"ONE_TIME_PASSWORD"},"responseElements":{"sessionsEnded":"0"}}',1);
INSERT INTO audit_event VALUES('01a22469b351-b1ac76f7cdbfd6994cee',1795907236689,'ad323d15-4439-49b9-92cc-d9ebcb319fa1',NULL,'anonymous','{"type":"Unknown"}','sso-oauth:StartDeviceAuthorization','*','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"startUrl":"https://d-d3c5aebf18.awsapps.com/start","clientName":"botocore-client-fixture","clientSecret":"HIDDEN_DUE_TO_SECURITY_REASONS"},"responseElements":{"expiresIn":"600"}}',1);
INSERT INTO audit_event VALUES('01a22469b362-6fd75a2ee33100f04eec',1795907236706,'950c627d-aab6-4083-a0cd-955259830261',NULL,'anonymous','{"type":"Unknown"}','signin:CredentialChallenge','*','127.0.0.1','Browser/1.0',NULL,'{"requestParameters":{"CredentialType":"PASSWORD","AuthWorkflowID":"950c627d-aab6-4083-a0cd-955259830261","userId":"20c64cac-4e0b-4254-8127-e4b7325eab6f"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b3f8-f017a435a578f222da24',1795907236856,'950c627d-aab6-4083-a0cd-955259830261',NULL,'anonymous','{"type":"Unknown"}','signin:UserAuthentication','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Browser/1.0',NULL,'{"requestParameters":{"CredentialType":"PASSWORD","AuthWorkflowID":"950c627d-aab6-4083-a0cd-955259830261","userId":"20c64cac-4e0b-4254-8127-e4b7325eab6f"},"responseElements":{"CredentialVerification":"Success","UserAuthentication":"NewPasswordRequired"}}',1);
INSERT INTO audit_event VALUES('01a22469b4c4-11b807b53ba969f65939',1795907237060,'508fc1ca-79ac-4c53-acb5-0a6b7e4f244e',NULL,'anonymous','{"type":"Unknown"}','signin:SetPassword','arn:aws:identitystore:::user/20c64cac-4e0b-4254-8127-e4b7325eab6f','127.0.0.1','Browser/1.0',NULL,'{"requestParameters":{"userId":"20c64cac-4e0b-4254-8127-e4b7325eab6f","password":"HIDDEN_DUE_TO_SECURITY_REASONS"},"responseElements":{"sessionsEnded":"0","sessionId":"0ea75e3c-26bf-4792-ab45-b09c67a6fa62"}}',1);
INSERT INTO audit_event VALUES('01a22469b0a3-6b48ddbc1d2b86692bcf',1795907236003,'93fa2dbb-d2e3-4754-a966-28938998b68b','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:DescribeAccountAssignmentCreationStatus','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b0f9-24c2a65ec76b1bfd8695',1795907236089,'bb0ac9d1-d7ee-44d4-9352-4ad1d2f50506','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:DescribeAccountAssignmentCreationStatus','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b119-061e7e5a76fdd76ca7e7',1795907236121,'2bf436a3-9651-4665-8cd9-9fd22454c04c','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:DescribeAccountAssignmentCreationStatus','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b191-64ec10f7fc6cef2ebaad',1795907236241,'6268a5aa-02ed-406b-87e4-91ad81120a17','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','sso:DescribeAccountAssignmentCreationStatus','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b34e-15a7ae0d3eda65a38d6a',1795907236686,'03fc9b3a-81ad-45e4-8c82-56bdfff2c908',NULL,'anonymous','{"type":"Unknown"}','sso-oauth:RegisterClient','*','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b4ef-08789ea01e42395b08eb',1795907237103,'34f6a192-1498-452a-aee4-a7cedb295f6b',NULL,'arn:aws:identitystore:::user/20c64cac-4e0b-4254-8127-e4b7325eab6f','{"type":"IdentityCenterUser","onBehalfOf":{"userId":"20c64cac-4e0b-4254-8127-e4b7325eab6f","identityStoreId":"d-d3c5aebf18"},"credentialId":"0ea75e3c-26bf-4792-ab45-b09c67a6fa62"}','signin:AuthorizeDevice','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Browser/1.0',NULL,'{"requestParameters":{"decision":"CONFIRM","clientName":"botocore-client-fixture","requestedFrom":"127.0.0.1"},"responseElements":{"found":"true"}}',1);
INSERT INTO audit_event VALUES('01a22469b544-4a7b287620050c83995c',1795907237188,'9befd9a0-e908-499f-8ec7-b9c25275ebbb',NULL,'arn:aws:identitystore:::user/20c64cac-4e0b-4254-8127-e4b7325eab6f','{"type":"IdentityCenterUser","onBehalfOf":{"userId":"20c64cac-4e0b-4254-8127-e4b7325eab6f","identityStoreId":"d-d3c5aebf18"},"credentialId":"0ea75e3c-26bf-4792-ab45-b09c67a6fa62"}','signin:AuthorizeDevice','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Browser/1.0',NULL,'{"requestParameters":{"decision":"APPROVE","clientName":"botocore-client-fixture","requestedFrom":"127.0.0.1"},"responseElements":{"found":"true"}}',1);
INSERT INTO audit_event VALUES('01a22469b547-9d95352a73b9e41d3d1d',1795907237191,'c86b5dfd-bd88-425b-b9cf-9d45dab9e774',NULL,'anonymous','{"type":"Unknown"}','sso-oauth:CreateToken','*','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"grantType":"urn:ietf:params:oauth:grant-type:device_code","clientName":"botocore-client-fixture","clientSecret":"HIDDEN_DUE_TO_SECURITY_REASONS"},"responseElements":{"sessionId":"7d3f873f-ecd2-4d4c-9914-7342f7b6c5ad","userId":"20c64cac-4e0b-4254-8127-e4b7325eab6f","identityStoreId":"d-d3c5aebf18"}}',1);
INSERT INTO audit_event VALUES('01a22469b552-6879fdc0ee75a778f2ad',1795907237202,'198cb860-10df-47eb-b3aa-f215b1983d5f',NULL,'arn:aws:identitystore:::user/20c64cac-4e0b-4254-8127-e4b7325eab6f','{"type":"IdentityCenterUser","onBehalfOf":{"userId":"20c64cac-4e0b-4254-8127-e4b7325eab6f","identityStoreId":"d-d3c5aebf18"},"credentialId":"7d3f873f-ecd2-4d4c-9914-7342f7b6c5ad"}','awsssoportal:GetRoleCredentials','arn:aws:sso:::account/123456789012','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"accountId":"123456789012","roleName":"Reader"},"responseElements":{"accessKeyId":"ASIARZPUZDIKPBPZLWBJ"}}',1);
INSERT INTO audit_event VALUES('01a22469b555-4a4d4841973367ed992b',1795907237205,'1cf50a44-316e-467e-9c0d-fc6a15fbab3e',NULL,'anonymous','{"type":"Unknown"}','sso-oauth:StartDeviceAuthorization','*','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"startUrl":"https://d-d3c5aebf18.awsapps.com/start","clientName":"botocore-client-fixture","clientSecret":"HIDDEN_DUE_TO_SECURITY_REASONS"},"responseElements":{"expiresIn":"600"}}',1);
INSERT INTO audit_event VALUES('01a22469b55d-199b51d595ff793005b8',1795907237213,'27a0ddae-ada9-4cb0-ac2e-16bb6589ed6a',NULL,'anonymous','{"type":"Unknown"}','signin:CredentialChallenge','*','127.0.0.1','Browser/1.0',NULL,'{"requestParameters":{"CredentialType":"PASSWORD","AuthWorkflowID":"27a0ddae-ada9-4cb0-ac2e-16bb6589ed6a","userId":"20c64cac-4e0b-4254-8127-e4b7325eab6f"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b5fe-918e9f6b8b9ad9f16c01',1795907237374,'27a0ddae-ada9-4cb0-ac2e-16bb6589ed6a',NULL,'anonymous','{"type":"Unknown"}','signin:CredentialVerification','arn:aws:sso:::instance/ssoins-5f3c490846df385f','127.0.0.1','Browser/1.0',NULL,'{"requestParameters":{"CredentialType":"PASSWORD","AuthWorkflowID":"27a0ddae-ada9-4cb0-ac2e-16bb6589ed6a","userId":"20c64cac-4e0b-4254-8127-e4b7325eab6f"},"responseElements":{"CredentialVerification":"Failure"}}',1);
INSERT INTO audit_event VALUES('01a22469b7ca-38be7493f95a3be6b540',1795907237834,'d47cfdab-0f9d-4ffc-a81a-1e8553f3323c','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','s3:CreateBucket','arn:aws:s3:::fixture-photos','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"bucketName":"fixture-photos","region":"us-east-1"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b866-7098e40234bf447bdfc2',1795907237990,'15d691d1-16b8-41bf-8040-04a4e00c204f','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','s3:PutObject','arn:aws:s3:::fixture-photos/a/ä.txt','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,U,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"bucketName":"fixture-photos","key":"a/ä.txt"},"responseElements":{"bytesTransferredIn":"5","eTag":"5d41402abc4b2a76b9719d911017c592"}}',1);
INSERT INTO audit_event VALUES('01a22469b89e-3180971afc9b09b8320f',1795907238046,'f92459be-bca5-4346-a4d8-c39004b285d9','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','s3:PutObject','arn:aws:s3:::fixture-photos/whole','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"bucketName":"fixture-photos","key":"whole"},"responseElements":{"uploadId":"f98f3ab0bd333a52cb08089862e0d907"}}',1);
INSERT INTO audit_event VALUES('01a22469b8ef-2f03ca99e5f0f0ce446c',1795907238127,'c8e079d6-0c1a-4fc5-899a-8fc84df42348','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','s3:PutObject','arn:aws:s3:::fixture-photos/whole','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,U,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"bucketName":"fixture-photos","key":"whole","uploadId":"f98f3ab0bd333a52cb08089862e0d907","partNumber":"1"},"responseElements":{"eTag":"f4c9385f1902f7334b00b9b4ecd164de"}}',1);
INSERT INTO audit_event VALUES('01a22469b8ff-c15fef7b2c3fe7e145ee',1795907238143,'e55d78bf-214d-4298-9c06-5207485d4f9a','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','s3:PutObject','arn:aws:s3:::fixture-photos/whole','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"bucketName":"fixture-photos","key":"whole","uploadId":"f98f3ab0bd333a52cb08089862e0d907"},"responseElements":{"eTag":"1819d1a8700e59901a48215b8577ac07-1"}}',1);
INSERT INTO audit_event VALUES('01a22469b909-0bf6d33b65e70663b5aa',1795907238153,'127dd4b2-7497-4b93-9a1f-e4550e0c8920','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','s3:PutObject','arn:aws:s3:::fixture-photos/begun','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"bucketName":"fixture-photos","key":"begun"},"responseElements":{"uploadId":"bad00eb6aa8eca79ef6a23fc2949a27f"}}',1);
INSERT INTO audit_event VALUES('01a22469b92a-4396c6218970e467f4bf',1795907238186,'64cb8fba-bb35-4ff8-bd12-d761309f964c','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','s3:PutObject','arn:aws:s3:::fixture-photos/begun','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,U,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"bucketName":"fixture-photos","key":"begun","uploadId":"bad00eb6aa8eca79ef6a23fc2949a27f","partNumber":"1"},"responseElements":{"eTag":"f4c9385f1902f7334b00b9b4ecd164de"}}',1);
INSERT INTO audit_event VALUES('01a22469b93c-28e0f93a2b9f42b6dac6',1795907238204,'90984f5f-1fad-43f2-88ef-f001d5e42f29','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','organizations:TagResource','arn:aws:organizations::123456789012:root/o-ixen14oa8r/r-j4yu','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"resourceId":"r-j4yu","tagKeys":"stage"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b940-fa6945a9621828f7ccda',1795907238208,'6dfa8eb9-4f45-4ee5-8624-484575d158c2','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','organizations:TagResource','arn:aws:organizations::123456789012:account/o-ixen14oa8r/123456789012','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"resourceId":"123456789012","tagKeys":"stage"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b942-8ffd9888917295b95189',1795907238210,'c6021248-8c7d-43d8-8350-9e79a43d3620','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','organizations:CreateAccount','*','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"accountName":"Backup","email":"Backup@example.com","tagKeys":""},"responseElements":{"createAccountRequestId":"car-25583383bf11484f94dc1e04c46d26b4"}}',1);
INSERT INTO audit_event VALUES('01a22469b943-47bfb26ac7f9693b2990',1795907238211,'29de2992-8476-4c8e-ace9-3c5f1d5bea31',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','portico:ClaimJob','*','portico','',NULL,'{"requestParameters":{"jobId":"25583383-bf11-484f-94dc-1e04c46d26b4","kind":"CREATE_ACCOUNT","attempt":"1"},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b947-71f3ad0336934a1dce3d',1795907238215,'29de2992-8476-4c8e-ace9-3c5f1d5bea31',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','organizations:CreateAccount','*','portico','',NULL,'{"requestParameters":{"requestId":"25583383-bf11-484f-94dc-1e04c46d26b4","accountName":"Backup"},"responseElements":{"accountId":"344729326017"}}',1);
INSERT INTO audit_event VALUES('01a22469b93a-d36f8873f932b8ba5233',1795907238202,'7e4051f0-ec76-48a0-9d36-aa23175ee95c','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','organizations:ListRoots','*','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b945-27b37d7d61cd5d8ac443',1795907238213,'46ccf9f7-62d6-487c-bc85-0396dbb8fe0e','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','organizations:DescribeCreateAccountStatus','*','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a22469b97e-170a3f617e01a8e4ac41',1795907238270,'99861a0d-01c8-423e-b013-89b38fbe28bf','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','organizations:DescribeCreateAccountStatus','*','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{},"responseElements":{}}',1);
INSERT INTO audit_event VALUES('01a2246a98ba-b37bed08bb82c44464e5',1795907295418,'98da13ae-ebe3-40e6-a21c-4845b375eceb','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','organizations:CreateAccount','*','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"accountName":"Late 1","email":"late-1@example.com","tagKeys":""},"responseElements":{"createAccountRequestId":"car-8a084253650d4b22bca3d64024bbc9b1"}}',0);
INSERT INTO audit_event VALUES('01a2246a98f6-9c407037949887a1af24',1795907295478,'2e818e09-1b90-4c01-a6fa-e8faa4675370','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','organizations:CreateAccount','*','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"accountName":"Late 0","email":"late-0@example.com","tagKeys":""},"responseElements":{"createAccountRequestId":"car-581e2df9a20145398c808d5fc4c6313e"}}',0);
INSERT INTO audit_event VALUES('01a2246a98f6-f8672d63fec493903521',1795907295478,'76909368-fd49-406a-b804-275335bad440',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','portico:ClaimJob','*','portico','',NULL,'{"requestParameters":{"jobId":"8a084253-650d-4b22-bca3-d64024bbc9b1","kind":"CREATE_ACCOUNT","attempt":"1"},"responseElements":{}}',0);
INSERT INTO audit_event VALUES('01a2246a98f7-e41ed0c724c29b401611',1795907295479,'eab616ef-cfc5-4463-a420-c163388d6fc1',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','portico:ClaimJob','*','portico','',NULL,'{"requestParameters":{"jobId":"581e2df9-a201-4539-8c80-8d5fc4c6313e","kind":"CREATE_ACCOUNT","attempt":"1"},"responseElements":{}}',0);
INSERT INTO audit_event VALUES('01a2246a990e-2b667750031fddc9d970',1795907295502,'eab616ef-cfc5-4463-a420-c163388d6fc1',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','organizations:CreateAccount','*','portico','',NULL,'{"requestParameters":{"requestId":"581e2df9-a201-4539-8c80-8d5fc4c6313e","accountName":"Late 0"},"responseElements":{"accountId":"322605744993"}}',0);
INSERT INTO audit_event VALUES('01a2246a990e-94b9e60ccb0b1ac93d91',1795907295502,'76909368-fd49-406a-b804-275335bad440',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','organizations:CreateAccount','*','portico','',NULL,'{"requestParameters":{"requestId":"8a084253-650d-4b22-bca3-d64024bbc9b1","accountName":"Late 1"},"responseElements":{"accountId":"107992600255"}}',0);
INSERT INTO audit_event VALUES('01a2246a990f-b46643014eba2ec165dd',1795907295503,'abd6c4bc-c894-4408-8788-33ce301eb48b','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','organizations:CreateAccount','*','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,b,e,N cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"accountName":"Late 2","email":"late-2@example.com","tagKeys":""},"responseElements":{"createAccountRequestId":"car-4d9518330791493c82fd2edc2135d3f1"}}',0);
INSERT INTO audit_event VALUES('01a2246a990f-6114358809b2c99f3384',1795907295503,'0a048939-0823-4c51-b083-4b797c2e587f','123456789012','arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin','{"type":"AssumedRole","principalId":"AROAPORTICOOPERATOR22:admin","arn":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","accountId":"123456789012","accessKeyId":"ASIARZPUZDIKHJ53LCTJ"}','organizations:CreateAccount','*','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',NULL,'{"requestParameters":{"accountName":"Late 3","email":"late-3@example.com","tagKeys":""},"responseElements":{"createAccountRequestId":"car-9e6bbc05811640ec9094911ccf26b779"}}',0);
INSERT INTO audit_event VALUES('01a2246a993e-73e37161f228601e6a57',1795907295550,'7ef84240-79f2-4c72-b0fa-0de363b12347',NULL,'portico','{"type":"AWSService","invokedBy":"portico"}','portico:ClaimJob','*','portico','',NULL,'{"requestParameters":{"jobId":"4d951833-0791-493c-82fd-2edc2135d3f1","kind":"CREATE_ACCOUNT","attempt":"1"},"responseElements":{}}',0);
CREATE TABLE audit_digest (
    number BIGINT PRIMARY KEY,
    sealed_at_ms BIGINT NOT NULL,
    event_count BIGINT NOT NULL,
    -- SHA-256 of the digest before and of the events.
    hash BYTEA NOT NULL,
    -- Ed25519 over the hash.
    signature BYTEA NOT NULL
);
INSERT INTO audit_digest VALUES(1,1795907294726,69,X'36c47cc26db8456553562d68d4676e8011af62dd58bb8ecf4fc115c52020e51e',X'0563938bda1ff770ce1ccde3cb284dfc459f0506aa67cac5530e9aedcc94c28167001f900048126f11d9bcfaf78ff23b63e49f2dd2254ba06781d7f7c2404002');
CREATE TABLE master_key (
    purpose TEXT COLLATE "binary" NOT NULL,
    number BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at_ms BIGINT NOT NULL,
    PRIMARY KEY (purpose, number)
);
INSERT INTO master_key VALUES('credentials',1,X'4080288f69681a7f5428592c12d59c132c796e926aa658e6e64425a9e89a3ec6eb5ec5632b7bd1eedac7c72ec1a3a4140fd6e0ab71db1a4117fd67f9ecdfcc62abc1bc235fdd2eb0',1795907233946);
INSERT INTO master_key VALUES('seals',1,X'7b1a8093e3d935e7c8a226e7be4b5961f0f075650decbe7c3514e20d5d4f353307481d4ef0e3bf1ac9e6b57aa249b4c2db5a946def4c79c212f0ee20050fbd2393adeb4c87956589',1795907233946);
INSERT INTO master_key VALUES('audit',1,X'f8aa13f5bf9b8ff7d05c4573ce2f446fb2950941bc631b6cf7cd3aa4c2ca8cfd600a6da5b65c540a30d6b1de90da43b26a488d96149ca1cc88ed83dd1abcc6bd8ba1da804b4f8f90',1795907233946);
CREATE TABLE setup_link (
    token_hash BYTEA PRIMARY KEY,
    expires_at_ms BIGINT NOT NULL
);
INSERT INTO setup_link VALUES(X'b537c16119fe48ec9c397fe60e57d0bbdf616aed022f3f7681963c6b22dde185',1795993633948);
CREATE TABLE bucket (
    name TEXT COLLATE "binary" PRIMARY KEY,
    account_id TEXT COLLATE "binary" NOT NULL REFERENCES account (id),
    region TEXT COLLATE "binary" NOT NULL,
    created_at_ms BIGINT NOT NULL,
    UNIQUE (account_id, name)
);
INSERT INTO bucket VALUES('fixture-photos','123456789012','us-east-1',1795907237834);
CREATE TABLE object (
    account_id TEXT COLLATE "binary" NOT NULL,
    bucket_name TEXT COLLATE "binary" NOT NULL,
    object_key TEXT COLLATE "binary" NOT NULL,
    -- The file with all its bytes, or else the upload whose parts they are.
    blob_id TEXT COLLATE "binary" UNIQUE,
    upload_id TEXT COLLATE "binary",
    -- 0 for an object in one file.
    part_count BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    etag TEXT COLLATE "binary" NOT NULL,
    -- 'CRC32', 'CRC32C', 'CRC64NVME', 'SHA1' or 'SHA256'.
    checksum_algorithm TEXT COLLATE "binary" NOT NULL,
    -- 'COMPOSITE' or 'FULL_OBJECT'.
    checksum_kind TEXT COLLATE "binary" NOT NULL,
    checksum TEXT COLLATE "binary" NOT NULL,
    -- JSON: the headers, metadata and tags that its maker gave it.
    description TEXT COLLATE "binary" NOT NULL,
    modified_at_ms BIGINT NOT NULL,
    PRIMARY KEY (account_id, bucket_name, object_key),
    FOREIGN KEY (account_id, bucket_name) REFERENCES bucket (account_id, name),
    CHECK ((blob_id IS NULL) <> (upload_id IS NULL))
);
INSERT INTO object VALUES('123456789012','fixture-photos','a/ä.txt','a27260da4ae1a157abe368439f16728c',NULL,0,5,'5d41402abc4b2a76b9719d911017c592','CRC32','FULL_OBJECT','NhCmhg==','{"contentType":"text/plain","metadata":{"author":"ann"},"tags":{"colour":"blue"}}',1795907237990);
INSERT INTO object VALUES('123456789012','fixture-photos','whole',NULL,'f98f3ab0bd333a52cb08089862e0d907',1,4,'1819d1a8700e59901a48215b8577ac07-1','CRC64NVME','FULL_OBJECT','v+lYbwd1k6E=','{}',1795907238143);
CREATE TABLE multipart_upload (
    account_id TEXT COLLATE "binary" NOT NULL,
    bucket_name TEXT COLLATE "binary" NOT NULL,
    object_key TEXT COLLATE "binary" NOT NULL,
    id TEXT COLLATE "binary" NOT NULL,
    checksum_algorithm TEXT COLLATE "binary" NOT NULL,
    checksum_kind TEXT COLLATE "binary" NOT NULL,
    description TEXT COLLATE "binary" NOT NULL,
    initiated_at_ms BIGINT NOT NULL,
    PRIMARY KEY (account_id, bucket_name, object_key, id),
    FOREIGN KEY (account_id, bucket_name) REFERENCES bucket (account_id, name)
);
INSERT INTO multipart_upload VALUES('123456789012','fixture-photos','begun','bad00eb6aa8eca79ef6a23fc2949a27f','CRC64NVME','FULL_OBJECT','{}',1795907238153);
CREATE TABLE object_part (
    account_id TEXT COLLATE "binary" NOT NULL,
    bucket_name TEXT COLLATE "binary" NOT NULL,
    upload_id TEXT COLLATE "binary" NOT NULL,
    part_number BIGINT NOT NULL,
    blob_id TEXT COLLATE "binary" NOT NULL UNIQUE,
    size_bytes BIGINT NOT NULL,
    etag TEXT COLLATE "binary" NOT NULL,
    checksum_algorithm TEXT COLLATE "binary" NOT NULL,
    checksum TEXT COLLATE "binary" NOT NULL,
    modified_at_ms BIGINT NOT NULL,
    PRIMARY KEY (account_id, bucket_name, upload_id, part_number),
    FOREIGN KEY (account_id, bucket_name) REFERENCES bucket (account_id, name)
);
INSERT INTO object_part VALUES('123456789012','fixture-photos','f98f3ab0bd333a52cb08089862e0d907',1,'eff3221c320686f3c3a25c32c540c2d6',4,'f4c9385f1902f7334b00b9b4ecd164de','CRC64NVME','v+lYbwd1k6E=',1795907238127);
INSERT INTO object_part VALUES('123456789012','fixture-photos','bad00eb6aa8eca79ef6a23fc2949a27f',1,'9762e0676041df16844bd53a186f3370',4,'f4c9385f1902f7334b00b9b4ecd164de','CRC64NVME','v+lYbwd1k6E=',1795907238186);
CREATE TABLE identity_user (
    identity_store_id TEXT COLLATE "binary" NOT NULL
        REFERENCES instance (identity_store_id) ON DELETE CASCADE,
    id TEXT COLLATE "binary" NOT NULL,
    user_name TEXT COLLATE "binary" NOT NULL,
    user_name_key TEXT COLLATE "binary" NOT NULL,
    -- JSON: the user as replies show one, without extensions. A copy of the other columns, made by
    -- every write, so that a page of users reads two columns and builds nothing.
    shown TEXT COLLATE "binary" NOT NULL,
    display_name TEXT COLLATE "binary" NOT NULL,
    -- NULL for a user without an address.
    email_key TEXT COLLATE "binary",
    -- 'ENABLED' or 'DISABLED'.
    status TEXT COLLATE "binary" NOT NULL,
    -- JSON: every other attribute, under the names of the API.
    attributes TEXT COLLATE "binary" NOT NULL,
    -- JSON: a copy of the user's rows in identity_external_id, so that a list needs no others; or NULL.
    external_ids TEXT COLLATE "binary",
    revision BIGINT NOT NULL,
    -- Role credentials from before this moment are not good any more.
    credentials_not_before_ms BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    created_by TEXT COLLATE "binary" NOT NULL,
    updated_at_ms BIGINT NOT NULL,
    updated_by TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (identity_store_id, id),
    UNIQUE (identity_store_id, user_name_key),
    UNIQUE (identity_store_id, email_key)
);
INSERT INTO identity_user VALUES('d-d3c5aebf18','20c64cac-4e0b-4254-8127-e4b7325eab6f','ann','ann','{"IdentityStoreId":"d-d3c5aebf18","UserId":"20c64cac-4e0b-4254-8127-e4b7325eab6f","UserArn":"arn:aws:identitystore:::user/20c64cac-4e0b-4254-8127-e4b7325eab6f","Revision":"1","UserName":"ann","DisplayName":"Ann Plain","Name":{"FamilyName":"Plain","GivenName":"Ann"},"UserStatus":"ENABLED","CreatedAt":1795907235.058,"CreatedBy":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","UpdatedAt":1795907235.058,"UpdatedBy":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin"}','Ann Plain',NULL,'ENABLED','{"Name":{"FamilyName":"Plain","GivenName":"Ann"}}',NULL,1,0,1795907235058,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin',1795907235058,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
INSERT INTO identity_user VALUES('d-d3c5aebf18','d7954015-2b71-464f-a8c6-e7bd7e3c72ce','Jäne.Rich@example.com','jäne.rich@example.com','{"IdentityStoreId":"d-d3c5aebf18","UserId":"d7954015-2b71-464f-a8c6-e7bd7e3c72ce","UserArn":"arn:aws:identitystore:::user/d7954015-2b71-464f-a8c6-e7bd7e3c72ce","Revision":"1","UserName":"Jäne.Rich@example.com","DisplayName":"Jäne \"Rich\" 🦀","Name":{"Formatted":"Dr. Jäne M. Rich III","FamilyName":"Rich","GivenName":"Jäne","MiddleName":"M.","HonorificPrefix":"Dr.","HonorificSuffix":"III"},"NickName":"JR","ProfileUrl":"https://example.com/jane","Emails":[{"Value":"Jane.Rich@Example.com","Type":"Work","Primary":true}],"Addresses":[{"StreetAddress":"1 High Street\nFlat 2","Locality":"Zürich","Region":"ZH","PostalCode":"8000","Country":"CH","Type":"Home","Primary":true}],"PhoneNumbers":[{"Value":"+41 1 234","Type":"Mobile","Primary":true}],"UserType":"Employee","Title":"CTO","PreferredLanguage":"en-us","Locale":"de-CH","Timezone":"Europe/Zurich","UserStatus":"ENABLED","CreatedAt":1795907235.526,"CreatedBy":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","UpdatedAt":1795907235.526,"UpdatedBy":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin"}','Jäne "Rich" 🦀','jane.rich@example.com','ENABLED','{"Name":{"Formatted":"Dr. Jäne M. Rich III","FamilyName":"Rich","GivenName":"Jäne","MiddleName":"M.","HonorificPrefix":"Dr.","HonorificSuffix":"III"},"NickName":"JR","ProfileUrl":"https://example.com/jane","Emails":[{"Value":"Jane.Rich@Example.com","Type":"Work","Primary":true}],"Addresses":[{"StreetAddress":"1 High Street\nFlat 2","Locality":"Zürich","Region":"ZH","PostalCode":"8000","Country":"CH","Type":"Home","Primary":true}],"PhoneNumbers":[{"Value":"+41 1 234","Type":"Mobile","Primary":true}],"UserType":"Employee","Title":"CTO","PreferredLanguage":"en-us","Locale":"de-CH","Timezone":"Europe/Zurich"}',NULL,1,0,1795907235526,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin',1795907235526,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
INSERT INTO identity_user VALUES('d-d3c5aebf18','f1d4857c-2f3e-4f9f-95e3-07d9295c82dd','off','off','{"IdentityStoreId":"d-d3c5aebf18","UserId":"f1d4857c-2f3e-4f9f-95e3-07d9295c82dd","UserArn":"arn:aws:identitystore:::user/f1d4857c-2f3e-4f9f-95e3-07d9295c82dd","Revision":"3","UserName":"off","DisplayName":"Off","Name":{"FamilyName":"ff","GivenName":"O"},"Title":"Former","UserStatus":"DISABLED","CreatedAt":1795907235.629,"CreatedBy":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin","UpdatedAt":1795907235.665,"UpdatedBy":"arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin"}','Off',NULL,'DISABLED','{"Name":{"FamilyName":"ff","GivenName":"O"},"Title":"Former"}',NULL,3,1795907235665,1795907235629,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin',1795907235665,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
CREATE TABLE identity_group (
    identity_store_id TEXT COLLATE "binary" NOT NULL
        REFERENCES instance (identity_store_id) ON DELETE CASCADE,
    id TEXT COLLATE "binary" NOT NULL,
    display_name TEXT COLLATE "binary" NOT NULL,
    display_name_key TEXT COLLATE "binary" NOT NULL,
    description TEXT COLLATE "binary",
    -- JSON: a copy of the group's rows in identity_external_id; or NULL.
    external_ids TEXT COLLATE "binary",
    revision BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    created_by TEXT COLLATE "binary" NOT NULL,
    updated_at_ms BIGINT NOT NULL,
    updated_by TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (identity_store_id, id),
    UNIQUE (identity_store_id, display_name_key)
);
INSERT INTO identity_group VALUES('d-d3c5aebf18','63ad8d57-be9c-402b-9586-964d075a473c','Platform','platform','Runs things',NULL,1,1795907235654,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin',1795907235654,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
INSERT INTO identity_group VALUES('d-d3c5aebf18','38260dc9-d5b8-43e6-89f6-673688cae597','Empty','empty',NULL,NULL,1,1795907235656,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin',1795907235656,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
CREATE TABLE identity_membership (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    id TEXT COLLATE "binary" NOT NULL,
    group_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    created_at_ms BIGINT NOT NULL,
    created_by TEXT COLLATE "binary" NOT NULL,
    updated_at_ms BIGINT NOT NULL,
    updated_by TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (identity_store_id, id),
    -- The members of a group are listed along this.
    UNIQUE (identity_store_id, group_id, user_id),
    FOREIGN KEY (identity_store_id, group_id)
        REFERENCES identity_group (identity_store_id, id) ON DELETE CASCADE,
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
INSERT INTO identity_membership VALUES('d-d3c5aebf18','e0d757e7-49bd-42d7-8449-c50a2e4923a8','63ad8d57-be9c-402b-9586-964d075a473c','20c64cac-4e0b-4254-8127-e4b7325eab6f',1795907235659,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin',1795907235659,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
INSERT INTO identity_membership VALUES('d-d3c5aebf18','0f89a4ba-fa37-4d5f-99b3-c47dde10456f','63ad8d57-be9c-402b-9586-964d075a473c','f1d4857c-2f3e-4f9f-95e3-07d9295c82dd',1795907235662,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin',1795907235662,'arn:aws:sts::123456789012:assumed-role/PorticoOperator/admin');
CREATE TABLE identity_external_id (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    -- 'USER' or 'GROUP': a provider may call a user and a group the same.
    principal_type TEXT COLLATE "binary" NOT NULL,
    issuer TEXT COLLATE "binary" NOT NULL,
    external_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary",
    group_id TEXT COLLATE "binary",
    PRIMARY KEY (identity_store_id, principal_type, issuer, external_id),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE,
    FOREIGN KEY (identity_store_id, group_id)
        REFERENCES identity_group (identity_store_id, id) ON DELETE CASCADE
);
CREATE TABLE permission_set (
    instance_id TEXT COLLATE "binary" NOT NULL REFERENCES instance (id),
    id TEXT COLLATE "binary" NOT NULL,
    name TEXT COLLATE "binary" NOT NULL,
    description TEXT COLLATE "binary",
    -- ISO 8601, as it was asked for.
    session_duration TEXT COLLATE "binary" NOT NULL,
    relay_state TEXT COLLATE "binary",
    inline_policy TEXT COLLATE "binary",
    -- Counts the edits. A role whose permission_set_revision is another has not had them all.
    revision BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    PRIMARY KEY (instance_id, id),
    UNIQUE (instance_id, name)
);
INSERT INTO permission_set VALUES('ssoins-5f3c490846df385f','ps-716b03038b00e85e','Admin','May do everything','PT2H','https://example.com/start','{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}]}',4,1795907235686);
INSERT INTO permission_set VALUES('ssoins-5f3c490846df385f','ps-dc945df0ef1d3a9c','Reader','Reads','PT1H',NULL,NULL,2,1795907235698);
CREATE TABLE permission_set_managed_policy (
    instance_id TEXT COLLATE "binary" NOT NULL,
    permission_set_id TEXT COLLATE "binary" NOT NULL,
    arn TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (instance_id, permission_set_id, arn),
    FOREIGN KEY (instance_id, permission_set_id)
        REFERENCES permission_set (instance_id, id) ON DELETE CASCADE
);
INSERT INTO permission_set_managed_policy VALUES('ssoins-5f3c490846df385f','ps-716b03038b00e85e','arn:aws:iam::aws:policy/AdministratorAccess');
INSERT INTO permission_set_managed_policy VALUES('ssoins-5f3c490846df385f','ps-716b03038b00e85e','arn:aws:iam::aws:policy/ReadOnlyAccess');
CREATE TABLE role (
    instance_id TEXT COLLATE "binary" NOT NULL,
    account_id TEXT COLLATE "binary" NOT NULL REFERENCES account (id),
    permission_set_id TEXT COLLATE "binary" NOT NULL,
    name TEXT COLLATE "binary" NOT NULL,
    role_id TEXT COLLATE "binary" NOT NULL UNIQUE,
    -- JSON: a list of ARNs.
    managed_policy_arns TEXT COLLATE "binary" NOT NULL,
    inline_policy TEXT COLLATE "binary",
    session_duration_seconds BIGINT NOT NULL,
    relay_state TEXT COLLATE "binary",
    permission_set_revision BIGINT NOT NULL,
    -- Counts the times it was provisioned.
    revision BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    PRIMARY KEY (instance_id, account_id, permission_set_id),
    UNIQUE (account_id, name),
    FOREIGN KEY (instance_id, permission_set_id) REFERENCES permission_set (instance_id, id)
);
INSERT INTO role VALUES('ssoins-5f3c490846df385f','123456789012','ps-716b03038b00e85e','AWSReservedSSO_Admin_d1009a151b29b626','AROAVLUFU7PNXYFANSXZR','["arn:aws:iam::aws:policy/AdministratorAccess","arn:aws:iam::aws:policy/ReadOnlyAccess"]','{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}]}',7200,'https://example.com/start',4,1,1795907235862);
INSERT INTO role VALUES('ssoins-5f3c490846df385f','123456789012','ps-dc945df0ef1d3a9c','AWSReservedSSO_Reader_0122ec1e66f103f7','AROAWTSEOWVO5HYXAGYLC','[]',NULL,3600,NULL,1,1,1795907236132);
CREATE TABLE account_assignment (
    instance_id TEXT COLLATE "binary" NOT NULL,
    account_id TEXT COLLATE "binary" NOT NULL,
    permission_set_id TEXT COLLATE "binary" NOT NULL,
    -- 'USER' or 'GROUP'.
    principal_type TEXT COLLATE "binary" NOT NULL,
    principal_id TEXT COLLATE "binary" NOT NULL,
    created_at_ms BIGINT NOT NULL,
    PRIMARY KEY (instance_id, account_id, permission_set_id, principal_type, principal_id),
    FOREIGN KEY (instance_id, account_id, permission_set_id)
        REFERENCES role (instance_id, account_id, permission_set_id) ON DELETE CASCADE
);
INSERT INTO account_assignment VALUES('ssoins-5f3c490846df385f','123456789012','ps-716b03038b00e85e','GROUP','63ad8d57-be9c-402b-9586-964d075a473c',1795907235862);
INSERT INTO account_assignment VALUES('ssoins-5f3c490846df385f','123456789012','ps-716b03038b00e85e','USER','d7954015-2b71-464f-a8c6-e7bd7e3c72ce',1795907236003);
INSERT INTO account_assignment VALUES('ssoins-5f3c490846df385f','123456789012','ps-dc945df0ef1d3a9c','USER','20c64cac-4e0b-4254-8127-e4b7325eab6f',1795907236132);
CREATE TABLE organization_tag (
    resource_id TEXT COLLATE "binary" NOT NULL,
    tag_key TEXT COLLATE "binary" NOT NULL,
    tag_value TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (resource_id, tag_key)
);
INSERT INTO organization_tag VALUES('r-j4yu','stage','production');
INSERT INTO organization_tag VALUES('123456789012','stage','production');
CREATE TABLE job_subject (
    owner_id TEXT COLLATE "binary" NOT NULL,
    subject TEXT COLLATE "binary" NOT NULL,
    job_id TEXT COLLATE "binary" NOT NULL,
    PRIMARY KEY (owner_id, subject),
    UNIQUE (owner_id, job_id)
);
CREATE TABLE user_password (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    -- Argon2id: 'm=<KiB>,t=<passes>,p=<lanes>'.
    cost TEXT COLLATE "binary" NOT NULL,
    salt BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    -- 'CHOSEN'; 'ONE_TIME', good for one sign-in until `expires_at_ms`; or 'SPENT' after that.
    kind TEXT COLLATE "binary" NOT NULL,
    expires_at_ms BIGINT,
    -- Counts the changes.
    revision BIGINT NOT NULL,
    PRIMARY KEY (identity_store_id, user_id),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
INSERT INTO user_password VALUES('d-d3c5aebf18','20c64cac-4e0b-4254-8127-e4b7325eab6f','m=19456,t=2,p=1',X'7b779bcd8d9445d45a541470c1b6744f',X'3174d9d83dd91e478bda67a557e3dc3f566a9c4c4004deb220f31eecb9e105f2','CHOSEN',NULL,3);
CREATE TABLE past_password (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    revision BIGINT NOT NULL,
    cost TEXT COLLATE "binary" NOT NULL,
    salt BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (identity_store_id, user_id, revision),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
INSERT INTO past_password VALUES('d-d3c5aebf18','20c64cac-4e0b-4254-8127-e4b7325eab6f',3,'m=19456,t=2,p=1',X'7b779bcd8d9445d45a541470c1b6744f',X'3174d9d83dd91e478bda67a557e3dc3f566a9c4c4004deb220f31eecb9e105f2');
CREATE TABLE sign_in_attempt (
    scope BYTEA PRIMARY KEY,
    failures BIGINT NOT NULL,
    failed_at_ms BIGINT NOT NULL,
    -- When the same person last signed in from there; 0 for never.
    succeeded_at_ms BIGINT NOT NULL,
    keep_until_ms BIGINT NOT NULL
);
INSERT INTO sign_in_attempt VALUES(X'4af402cc7119317d8523d67e7592d1ddf184fcaed7c46ea493af7207af62103b',1,1795907237213,1795907236856,1803683236856);
INSERT INTO sign_in_attempt VALUES(X'4e6a9cb699d8a0c41eaec8dc6686e57dcf307225749a80180d7b0efc40a2158b',0,0,1795907236856,1803683236856);
INSERT INTO sign_in_attempt VALUES(X'5b2fe2e57650969323359042256382901a6155b05b5caa2f2108e520fe898ecb',1,1795907237374,0,1795993637374);
INSERT INTO sign_in_attempt VALUES(X'8e318a08ba71b11c5c5773d23566fdcf120679c6547df871fa8ffa003e34ce35',1,1795907237374,0,1795993637374);
CREATE TABLE session (
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    id TEXT COLLATE "binary" NOT NULL,
    user_id TEXT COLLATE "binary" NOT NULL,
    -- The portal session that a client's session ends with.
    parent_id TEXT COLLATE "binary",
    -- 'PORTAL' or 'CLIENT'.
    kind TEXT COLLATE "binary" NOT NULL,
    -- Of a portal session's cookie.
    token_hash BYTEA UNIQUE,
    -- What a client calls itself.
    client_name TEXT COLLATE "binary",
    source_address TEXT COLLATE "binary" NOT NULL,
    user_agent TEXT COLLATE "binary" NOT NULL,
    created_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    PRIMARY KEY (identity_store_id, id),
    FOREIGN KEY (identity_store_id, user_id)
        REFERENCES identity_user (identity_store_id, id) ON DELETE CASCADE
);
INSERT INTO session VALUES('d-d3c5aebf18','0ea75e3c-26bf-4792-ab45-b09c67a6fa62','20c64cac-4e0b-4254-8127-e4b7325eab6f',NULL,'PORTAL',X'4c8d729f5ad97f71b1eb2b6beda14442a258d4009d749745265b979e854f8f5c',NULL,'127.0.0.1','Browser/1.0',1795907237060,1795936037060);
INSERT INTO session VALUES('d-d3c5aebf18','7d3f873f-ecd2-4d4c-9914-7342f7b6c5ad','20c64cac-4e0b-4254-8127-e4b7325eab6f','0ea75e3c-26bf-4792-ab45-b09c67a6fa62','CLIENT',NULL,'botocore-client-fixture','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11',1795907237188,1795936037060);
CREATE TABLE client_token (
    token_hash BYTEA PRIMARY KEY,
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    session_id TEXT COLLATE "binary" NOT NULL,
    -- 'ACCESS' or 'REFRESH'.
    kind TEXT COLLATE "binary" NOT NULL,
    -- Of a refresh token: whose it is, what it is good for, and whether it was exchanged.
    client_hash BYTEA,
    scopes TEXT COLLATE "binary",
    is_used BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    FOREIGN KEY (identity_store_id, session_id)
        REFERENCES session (identity_store_id, id) ON DELETE CASCADE
);
INSERT INTO client_token VALUES(X'fb1dbd0b908cd07bf9e94ae5f8f4adb1c93ecba554f369876def6067cf757443','d-d3c5aebf18','7d3f873f-ecd2-4d4c-9914-7342f7b6c5ad','ACCESS',NULL,NULL,0,1795910837191);
INSERT INTO client_token VALUES(X'6b4ae00331d02de7576223b63cc3c9598c9c6c8fb33ee414b7d7f86880a58483','d-d3c5aebf18','7d3f873f-ecd2-4d4c-9914-7342f7b6c5ad','REFRESH',X'd5dd8dd2a308e5946b068c34eb31642968e5c2767a943d47c841c46cff5f2026','sso:account:access',0,1795936037060);
CREATE TABLE device_authorization (
    device_code_hash BYTEA PRIMARY KEY,
    user_code TEXT COLLATE "binary" NOT NULL UNIQUE,
    identity_store_id TEXT COLLATE "binary" NOT NULL
        REFERENCES instance (identity_store_id) ON DELETE CASCADE,
    client_hash BYTEA NOT NULL,
    client_name TEXT COLLATE "binary" NOT NULL,
    scopes TEXT COLLATE "binary" NOT NULL,
    source_address TEXT COLLATE "binary" NOT NULL,
    -- The part of the internet that may have only so many of these.
    source_network TEXT COLLATE "binary" NOT NULL,
    user_agent TEXT COLLATE "binary" NOT NULL,
    -- 'PENDING', 'CONFIRMED', 'APPROVED', 'DENIED' or 'USED'.
    state TEXT COLLATE "binary" NOT NULL,
    -- Who typed the code, and in which portal session, while it is 'CONFIRMED'.
    user_id TEXT COLLATE "binary",
    portal_session_id TEXT COLLATE "binary",
    -- What they allowed, once it is 'APPROVED' or 'USED'.
    client_session_id TEXT COLLATE "binary",
    created_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL
);
INSERT INTO device_authorization VALUES(X'9de5878dd8f15854b20b07172c8dd71ebe9cf489d403d4eb8f35a78a635df8d2','VKKS-ZGKQ','d-d3c5aebf18',X'd5dd8dd2a308e5946b068c34eb31642968e5c2767a943d47c841c46cff5f2026','botocore-client-fixture','sso:account:access','127.0.0.1','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11','USED',NULL,NULL,'7d3f873f-ecd2-4d4c-9914-7342f7b6c5ad',1795907236689,1795907836689);
INSERT INTO device_authorization VALUES(X'd48659849050d158ee371e4e2d622d32a10b1138530bca41d91ad6ff51d754d6','NBDV-JBDK','d-d3c5aebf18',X'd5dd8dd2a308e5946b068c34eb31642968e5c2767a943d47c841c46cff5f2026','botocore-client-fixture','sso:account:access','127.0.0.1','127.0.0.1','Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18.44-fc-v857 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/Z,N,b,D,e cfg/retry-mode#legacy Botocore/1.43.11','PENDING',NULL,NULL,NULL,1795907237205,1795907837205);
CREATE TABLE authorization_code (
    code_hash BYTEA PRIMARY KEY,
    identity_store_id TEXT COLLATE "binary" NOT NULL,
    client_session_id TEXT COLLATE "binary" NOT NULL,
    client_hash BYTEA NOT NULL,
    redirect_uri TEXT COLLATE "binary" NOT NULL,
    code_challenge TEXT COLLATE "binary" NOT NULL,
    scopes TEXT COLLATE "binary" NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    is_used BIGINT NOT NULL,
    FOREIGN KEY (identity_store_id, client_session_id)
        REFERENCES session (identity_store_id, id) ON DELETE CASCADE
);
CREATE TABLE revocation (
    scope TEXT COLLATE "binary" PRIMARY KEY,
    not_before_ms BIGINT NOT NULL
);
INSERT INTO revocation VALUES('user/d-d3c5aebf18/f1d4857c-2f3e-4f9f-95e3-07d9295c82dd',1795907236286);
CREATE INDEX job_due ON job (run_after_ms, id) WHERE state = 'IN_PROGRESS';
CREATE INDEX job_over ON job (updated_at_ms) WHERE state <> 'IN_PROGRESS';
CREATE INDEX job_listed ON job (owner_id, kind, created_at_ms, id);
CREATE INDEX audit_event_unsealed ON audit_event (id) WHERE digest = 0;
CREATE INDEX audit_event_sealed ON audit_event (digest, id) WHERE digest > 0;
CREATE INDEX identity_membership_of_user
    ON identity_membership (identity_store_id, user_id, group_id);
CREATE INDEX identity_external_id_of_user
    ON identity_external_id (identity_store_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX identity_external_id_of_group
    ON identity_external_id (identity_store_id, group_id) WHERE group_id IS NOT NULL;
CREATE INDEX role_of_permission_set ON role (instance_id, permission_set_id, account_id);
CREATE INDEX account_assignment_of_principal ON account_assignment
    (instance_id, principal_type, principal_id, account_id, permission_set_id);
CREATE INDEX job_listed_by_state ON job (owner_id, kind, state, created_at_ms, id);
CREATE INDEX sign_in_attempt_over ON sign_in_attempt (keep_until_ms);
CREATE INDEX session_of_user ON session (identity_store_id, user_id, id);
CREATE INDEX session_of_parent ON session (identity_store_id, parent_id)
    WHERE parent_id IS NOT NULL;
CREATE INDEX session_over ON session (expires_at_ms);
CREATE INDEX client_token_of_session ON client_token (identity_store_id, session_id);
CREATE INDEX client_token_over ON client_token (expires_at_ms);
CREATE INDEX device_authorization_from
    ON device_authorization (source_network, expires_at_ms);
CREATE INDEX device_authorization_of_store ON device_authorization (identity_store_id);
CREATE INDEX device_authorization_over ON device_authorization (expires_at_ms);
CREATE INDEX authorization_code_of_session
    ON authorization_code (identity_store_id, client_session_id);
CREATE INDEX authorization_code_over ON authorization_code (expires_at_ms);
CREATE INDEX revocation_over ON revocation (not_before_ms);
COMMIT;
