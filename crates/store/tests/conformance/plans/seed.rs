//! Data without balance: one account has all assignments, one group has all members and as many assignments, one
//! user is in all groups, one owner has everything.
//!
//! A column that is not named gets its own name and the number of the row, so its values all differ.

/// Number of rows of each part.
pub const ROWS: i64 = 2000;

/// Tables of a few rows, whatever the data.
pub const SMALL: &[&str] = &[
    "audit_beginning",
    "audit_forward",
    "master_key",
    "migration",
    "node",
    "organization",
    "setup_link",
];

/// Columns with one value in all rows of all tables.
const SHARED: &[(&str, &str)] =
    &[("instance_id", "'i'"), ("identity_store_id", "'d'"), ("owner_id", "'i'")];

/// Parts of tables, with the SQL of columns: `i` is the number of the row.
const PARTS: &[(&str, &[(&str, &str)])] = &[
    ("account", &[("joined_method", "'CREATED'"), ("likeness_version", "6")]),
    ("instance", &[("identity_store_id", "'d' || i"), ("status", "'ACTIVE'")]),
    ("instance_setting", &[("instance_id", "'i' || i"), ("name", "'n'")]),
    ("tag", &[("resource_arn", "'a'")]),
    ("job", &[("kind", "'k'"), ("state", "'IN_PROGRESS'")]),
    ("job", &[("kind", "'k'"), ("state", "'SUCCEEDED'"), ("id", "'over' || i")]),
    ("job_subject", &[]),
    ("audit_event", &[("digest", "0"), ("writer", "'w'")]),
    ("audit_event", &[("digest", "1"), ("writer", "'w'"), ("id", "'sealed' || i")]),
    ("audit_digest", &[("format", "2")]),
    ("audit_archive", &[("state", "'MOVED'")]),
    ("bucket", &[("account_id", "'a'")]),
    ("object", &[("account_id", "'a'"), ("bucket_name", "'b'"), ("upload_id", "NULL")]),
    ("multipart_upload", &[("account_id", "'a'"), ("bucket_name", "'b'")]),
    ("object_part", &[("account_id", "'a'"), ("bucket_name", "'b'"), ("upload_id", "'u'")]),
    ("removed_upload", &[("account_id", "'a'"), ("bucket_name", "'b'")]),
    ("unlinked_file", &[]),
    (
        "identity_user",
        &[("status", "'ENABLED'"), ("shown_version", "1"), ("likeness_version", "6")],
    ),
    ("identity_group", &[("likeness_version", "6")]),
    ("removed_principal", &[]),
    ("identity_membership", &[("group_id", "'g'")]),
    ("identity_membership", &[("user_id", "'u'"), ("id", "'of-user' || i")]),
    (
        "identity_external_id",
        &[("principal_type", "'USER'"), ("issuer", "'p'"), ("group_id", "NULL")],
    ),
    ("permission_set", &[]),
    ("permission_set_managed_policy", &[("permission_set_id", "'p'")]),
    ("role", &[("account_id", "'a'")]),
    ("role", &[("permission_set_id", "'p'"), ("role_id", "'in-all' || i")]),
    (
        "account_assignment",
        &[("account_id", "'a'"), ("permission_set_id", "'p'"), ("principal_type", "'USER'")],
    ),
    (
        "account_assignment",
        &[("permission_set_id", "'p'"), ("principal_type", "'GROUP'"), ("principal_id", "'g'")],
    ),
    ("organization_tag", &[("resource_id", "'r'")]),
    ("user_password", &[]),
    ("past_password", &[]),
    ("sign_in_attempt", &[]),
    ("session", &[("user_id", "'u'"), ("parent_id", "'s'")]),
    ("session", &[("id", "'other' || i"), ("token_hash", "NULL"), ("parent_id", "NULL")]),
    ("device_authorization", &[("source_block", "'n'"), ("state", "'PENDING'")]),
    ("authorization_code", &[("client_session_id", "'s'")]),
    ("revocation", &[]),
    ("password_reset_request", &[("user_id", "'u'")]),
    ("password_link", &[("purpose", "'INVITATION'")]),
    ("user_email", &[]),
    ("mfa_device", &[]),
    ("trusted_browser", &[]),
    ("sign_in_record", &[]),
    ("sign_in_code", &[]),
    ("answered_challenge", &[]),
    ("mfa_bypass", &[]),
    ("message", &[("user_id", "'u'"), ("recipient", "'r'"), ("status", "'WAITING'")]),
    (
        "message",
        &[("user_id", "'u'"), ("status", "'SENT'"), ("content", "NULL"), ("id", "'sent' || i")],
    ),
];

/// Makes the statements that fill a database with this schema: a table's columns with their types.
pub fn statements(columns: impl Fn(&str) -> Vec<(String, String)>) -> Vec<String> {
    let numbers: Vec<String> = (0..ROWS).map(|number| format!("({number})")).collect();
    let mut statements = vec![
        "CREATE TABLE number (i BIGINT)".to_owned(),
        format!("INSERT INTO number VALUES {}", numbers.join(", ")),
    ];
    for (table, own) in PARTS {
        let columns = columns(table);
        assert!(own.iter().all(|(own, _)| columns.iter().any(|(name, _)| name == own)), "{table}");
        let values: Vec<String> =
            columns.iter().map(|(name, kind)| value(own, name, kind)).collect();
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let (names, values) = (names.join(", "), values.join(", "));
        statements.push(format!("INSERT INTO {table} ({names}) SELECT {values} FROM number"));
    }
    statements.push("DROP TABLE number".to_owned());
    statements
}

fn value(own: &[(&str, &str)], name: &str, kind: &str) -> String {
    let known = own.iter().chain(SHARED).find(|(known, _)| *known == name);
    match (known, kind) {
        (Some((_, sql)), _) => (*sql).to_owned(),
        (None, "BIGINT") => "i".to_owned(),
        (None, "BYTEA") => "CAST(CAST(i AS TEXT) AS BYTEA)".to_owned(),
        (None, _) => format!("'{name}' || i"),
    }
}
