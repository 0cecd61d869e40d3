//! Deletion of the contents of an instance, a part at a time, so that no transaction blocks others
//! for long.

use model::Fault;
use model::ids::{IdentityStoreId, InstanceId};

use crate::row::text;
use crate::{Tx, Value};

/// Statements that delete at most $2 rows of instance $1. Referenced tables come after the tables
/// that refer to them.
// AUTHORITY: unchanged, because credentials of an instance that is being deleted are not valid.
const OF_INSTANCE: &[&str] = &[
    "DELETE FROM account_assignment
        WHERE (instance_id, account_id, permission_set_id, principal_type, principal_id) IN (
            SELECT instance_id, account_id, permission_set_id, principal_type, principal_id
            FROM account_assignment WHERE instance_id = $1 LIMIT $2)",
    "DELETE FROM role
        WHERE (instance_id, account_id, permission_set_id) IN (
            SELECT instance_id, account_id, permission_set_id
            FROM role WHERE instance_id = $1 LIMIT $2)",
    "DELETE FROM permission_set_managed_policy
        WHERE (instance_id, permission_set_id, arn) IN (
            SELECT instance_id, permission_set_id, arn
            FROM permission_set_managed_policy WHERE instance_id = $1 LIMIT $2)",
    "DELETE FROM permission_set
        WHERE (instance_id, id) IN (
            SELECT instance_id, id FROM permission_set WHERE instance_id = $1 LIMIT $2)",
    // '0' is the letter after '/'.
    "DELETE FROM revocation
        WHERE scope IN (
            SELECT scope FROM revocation
            WHERE scope = 'instance/' || $1
                OR scope > 'account/' || $1 || '/' AND scope < 'account/' || $1 || '0'
                OR scope > 'permission-set/' || $1 || '/' AND scope < 'permission-set/' || $1 || '0'
                OR scope > 'role/' || $1 || '/' AND scope < 'role/' || $1 || '0'
            LIMIT $2)",
    "DELETE FROM tag
        WHERE (instance_id, resource_arn, tag_key) IN (
            SELECT instance_id, resource_arn, tag_key
            FROM tag WHERE instance_id = $1 LIMIT $2)",
    "DELETE FROM instance_setting
        WHERE (instance_id, name) IN (
            SELECT instance_id, name FROM instance_setting WHERE instance_id = $1 LIMIT $2)",
    "DELETE FROM job_subject
        WHERE (owner_id, subject) IN (
            SELECT owner_id, subject FROM job_subject WHERE owner_id = $1 LIMIT $2)",
    "DELETE FROM job
        WHERE (owner_id, id) IN (SELECT owner_id, id FROM job WHERE owner_id = $1 LIMIT $2)",
];

/// Statements that delete at most $2 rows of identity store $1.
// AUTHORITY: unchanged, because credentials of an instance that is being deleted are not valid.
const OF_STORE: &[&str] = &[
    "DELETE FROM revocation
        WHERE scope IN (
            SELECT scope FROM revocation
            WHERE scope > 'user/' || $1 || '/' AND scope < 'user/' || $1 || '0' LIMIT $2)",
    "DELETE FROM authorization_code
        WHERE code_hash IN (
            SELECT code_hash FROM authorization_code WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM device_authorization
        WHERE device_code_hash IN (
            SELECT device_code_hash
            FROM device_authorization WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM session
        WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id FROM session WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM message
        WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id FROM message WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM password_reset_request
        WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id
            FROM password_reset_request WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM password_link
        WHERE (identity_store_id, user_id, purpose) IN (
            SELECT identity_store_id, user_id, purpose
            FROM password_link WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM user_email
        WHERE (identity_store_id, user_id) IN (
            SELECT identity_store_id, user_id
            FROM user_email WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM mfa_device
        WHERE (identity_store_id, user_id, id) IN (
            SELECT identity_store_id, user_id, id
            FROM mfa_device WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM trusted_browser
        WHERE (identity_store_id, user_id, secret_hash) IN (
            SELECT identity_store_id, user_id, secret_hash
            FROM trusted_browser WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM sign_in_record
        WHERE (identity_store_id, user_id, at_ms, id) IN (
            SELECT identity_store_id, user_id, at_ms, id
            FROM sign_in_record WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM answered_challenge
        WHERE (identity_store_id, challenge_hash) IN (
            SELECT identity_store_id, challenge_hash
            FROM answered_challenge WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM mfa_bypass
        WHERE (identity_store_id, user_id) IN (
            SELECT identity_store_id, user_id
            FROM mfa_bypass WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM sign_in_code
        WHERE (identity_store_id, user_id) IN (
            SELECT identity_store_id, user_id
            FROM sign_in_code WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM user_password
        WHERE (identity_store_id, user_id) IN (
            SELECT identity_store_id, user_id
            FROM user_password WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM past_password
        WHERE (identity_store_id, user_id, revision) IN (
            SELECT identity_store_id, user_id, revision
            FROM past_password WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM identity_membership
        WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id
            FROM identity_membership WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM identity_external_id
        WHERE (identity_store_id, principal_type, issuer, external_id) IN (
            SELECT identity_store_id, principal_type, issuer, external_id
            FROM identity_external_id WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM removed_principal
        WHERE id IN (SELECT id FROM removed_principal WHERE identity_store_id = $1 LIMIT $2)",
    "DELETE FROM identity_group
        WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id
            FROM identity_group WHERE identity_store_id = $1 LIMIT $2)",
];

/// Deletes at most $2 users of identity store $1, to which all other rows of the store referred.
// AUTHORITY: unchanged, because credentials of an instance that is being deleted are not valid.
const USERS: &str = "DELETE FROM identity_user
    WHERE (identity_store_id, id) IN (
        SELECT identity_store_id, id
        FROM identity_user WHERE identity_store_id = $1 LIMIT $2)";

/// Number of other rows that cost as much as a user, who is in nine indexes.
const USER_COST: i64 = 4;

/// Deletes at most `rows_max` rows of the instance, which is being deleted. Returns whether it is empty.
pub fn delete_part(
    tx: &mut Tx<'_>,
    instance_id: &InstanceId,
    identity_store_id: &IdentityStoreId,
    rows_max: i64,
) -> Result<bool, Fault> {
    let mut rows_left = rows_max;
    let instance = (OF_INSTANCE, text(instance_id));
    let store = (OF_STORE, text(identity_store_id));
    for (statements, owner) in [instance, store] {
        for sql in statements {
            rows_left -= count(tx.execute(sql, &[owner.clone(), Value::from(rows_left)])?)?;
            if rows_left <= 0 {
                return Ok(false);
            }
        }
    }
    let limit = (rows_left / USER_COST).max(1);
    let values = [text(identity_store_id), limit.into()];
    Ok(count(tx.execute(USERS, &values)?)? < limit)
}

fn count(rows: u64) -> Result<i64, Fault> {
    i64::try_from(rows).map_err(|why| Fault::broken_at("counting the rows of an instance", why))
}
