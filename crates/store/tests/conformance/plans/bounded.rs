//! Reads of many rows that are bounded by something else than a LIMIT.

/// What bounds the reads of a statement: the place of the statement, the read, and the reason.
pub type Bounded = (&'static str, &'static str, &'static str);

const GROUPS: &str = "the groups of one person";
const HELD: &str = "the assignments of one person or group";
const GROUPS_OF_ROLE: &str = "GROUPS_MAX groups have a permission set in an account";
const ROLES_OF_ACCOUNT: &str = "PROVISIONED_IN_ACCOUNT_MAX permission sets are in an account";
const FIRST_ROW: &str = "EXISTS ends at the first row";
const UNSEALED: &str = "events that wait to be sealed, which they do for a minute";
const PASSING: &str = "a LIMIT, since the condition holds for every row that a server wrote";
const UNFINISHED: &str = "UNFINISHED_MAX jobs of an owner are unfinished";
const VERIFICATION: &str = "a verification reads the whole log anyway";
const UPKEEP: &str = "rows of another version, of which upkeep leaves none";
const OF_OBJECT: &str = "an object has 10,000 parts at most";
const BUCKETS: &str = "an account has a quota of buckets";
const PASSWORD: &str = "each new password of a person ends the message about the former";
const SESSIONS: &str = "the sessions of one person";
const TAGS: &str = "a resource has TAGS_MAX tags";

pub const BOUNDED: &[Bounded] = &[
    (
        "account_assignment::insert",
        "account_assignment(instance_id, account_id, permission_set_id, principal_type)",
        GROUPS_OF_ROLE,
    ),
    (
        "account_assignment::list_named",
        "account_assignment(instance_id, account_id, permission_set_id)",
        "the place where the part of a role ends is a condition of the index",
    ),
    ("account_assignment::list_named", "role(instance_id, account_id)", ROLES_OF_ACCOUNT),
    (
        "account_assignment::list_of_principal",
        "account_assignment(instance_id, principal_type, principal_id)",
        HELD,
    ),
    (
        "account_assignment::list_of_user",
        "account_assignment(instance_id, principal_type, principal_id)",
        HELD,
    ),
    ("account_assignment::list_of_user", "identity_membership(identity_store_id, user_id)", GROUPS),
    (
        "authority::find_policies",
        "account_assignment(instance_id, account_id, permission_set_id, principal_type)",
        GROUPS_OF_ROLE,
    ),
    (
        "authority::find_grounds",
        "account_assignment(instance_id, account_id, permission_set_id, principal_type)",
        GROUPS_OF_ROLE,
    ),
    ("authority::find_grounds", "identity_membership(identity_store_id, user_id)", GROUPS),
    ("authority::find_policies", "identity_membership(identity_store_id, user_id)", GROUPS),
    ("bucket::count", "bucket(account_id)", BUCKETS),
    ("bucket::delete", "object(account_id, bucket_name)", FIRST_ROW),
    ("bucket::list", "bucket(account_id)", BUCKETS),
    (
        "device_authorization::count_waiting",
        "device_authorization()",
        "the index has the codes that wait, WAITING_MAX at most",
    ),
    ("digest::count_odd", "audit_digest()", VERIFICATION),
    ("digest::count_odd_ids", "audit_event()", VERIFICATION),
    ("digest::is_due", "audit_event()", UNSEALED),
    ("digest::list_events", "audit_event(digest)", PASSING),
    ("digest::list_log", "audit_event()", PASSING),
    ("digest::list_unsealed", "audit_event()", PASSING),
    ("digest::list_parked", "audit_event()", UNSEALED),
    (
        "grant::list_beyond",
        "account_assignment(instance_id, account_id, permission_set_id, principal_type)",
        GROUPS_OF_ROLE,
    ),
    ("grant::list_beyond", "account_assignment(instance_id, principal_type, principal_id)", HELD),
    ("grant::list_beyond", "identity_membership(identity_store_id, user_id)", GROUPS),
    ("instance::find_of_organization", "instance()", "its index has one row"),
    ("instance_contents::OF_INSTANCE", "revocation()", "four ranges of the marks of one instance"),
    ("instance_contents::OF_INSTANCE", "role(account_id)", ROLES_OF_ACCOUNT),
    ("job::claim", "job()", UNFINISHED),
    ("job::hold", "job()", UNFINISHED),
    (
        "job::list",
        "job(owner_id, kind, state)",
        "the newest of each state, by the index, are sorted among each other",
    ),
    ("job::make_due", "job()", "once at a start"),
    ("job::next_due_ms", "job()", UNFINISHED),
    ("likeness_renewal::renew_groups", "identity_group()", UPKEEP),
    ("likeness_renewal::renew_users", "identity_user()", UPKEEP),
    ("membership::AT_ONCE", "identity_membership(identity_store_id, user_id)", GROUPS),
    ("message::end_of_kind", "message(identity_store_id, user_id)", PASSWORD),
    ("message::end_of_password", "message(identity_store_id, user_id)", PASSWORD),
    ("multipart::parts_within", "object_part(account_id, bucket_name, upload_id)", OF_OBJECT),
    ("object::files_between", "object()", "one folder of files, by a range of their names"),
    ("object::files_between", "object_part()", "one folder of files, by a range of their names"),
    ("object::files_between", "unlinked_file()", "one folder of files, by a range of their names"),
    (
        "password_reset_request::list",
        "password_reset_request(identity_store_id)",
        "requests that are over are swept",
    ),
    ("permission_set::insert", "permission_set(instance_id)", "PERMISSION_SETS_MAX"),
    (
        "portal::find_role",
        "account_assignment(instance_id, account_id, permission_set_id, principal_type)",
        GROUPS_OF_ROLE,
    ),
    ("portal::find_role", "identity_membership(identity_store_id, user_id)", GROUPS),
    ("portal::find_role", "role(instance_id, account_id)", ROLES_OF_ACCOUNT),
    (
        "portal::list_accounts",
        "account_assignment(instance_id, principal_type, principal_id)",
        HELD,
    ),
    ("portal::list_accounts", "identity_membership(identity_store_id, user_id)", GROUPS),
    ("portal::list_names", "account_assignment(instance_id, principal_type, principal_id)", HELD),
    ("portal::list_names", "identity_membership(identity_store_id, user_id)", GROUPS),
    (
        "portal::list_roles",
        "account_assignment(instance_id, account_id, principal_type)",
        "PostgreSQL's order for an account with few; GROUPS_MAX groups for each of its roles",
    ),
    ("portal::list_roles", "identity_membership(identity_store_id, user_id)", GROUPS),
    (
        "principal_contents::delete_assignments",
        "account_assignment(instance_id, account_id, permission_set_id)",
        FIRST_ROW,
    ),
    (
        "principal_contents::delete_assignments",
        "account_assignment(instance_id, principal_type, principal_id)",
        "the last assignment of the part is a condition of the index",
    ),
    (
        "role::delete_unassigned",
        "account_assignment(instance_id, account_id, permission_set_id)",
        FIRST_ROW,
    ),
    ("role::find_by_permission_set_name", "role(instance_id, account_id)", ROLES_OF_ACCOUNT),
    ("role::insert", "role(instance_id, account_id)", ROLES_OF_ACCOUNT),
    ("seal::list_abandoned", "audit_event()", UNSEALED),
    ("seal::seal_earlier_events", "audit_digest()", "ends at the newest digest with proofs"),
    ("seal::seal_earlier_events", "audit_event()", UNSEALED),
    ("seal::seal_events", "audit_event()", UNSEALED),
    ("seal::set_odd_aside", "audit_event()", UNSEALED),
    ("session::end", "session(identity_store_id, parent_id)", SESSIONS),
    ("session::count_of_user", "session(identity_store_id, user_id)", SESSIONS),
    ("session::delete_part", "session(identity_store_id, user_id)", SESSIONS),
    ("session::list_of_user", "session(identity_store_id, user_id)", SESSIONS),
    ("tag::delete_all", "tag(instance_id, resource_arn)", TAGS),
    ("tag::put", "tag(instance_id, resource_arn)", TAGS),
];
