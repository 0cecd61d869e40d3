//! Deletion of what is below a user or a group, a part at a time, so that no transaction blocks others for long.

use model::Fault;
use model::assignment::AssignmentPrincipal;
use model::instance::Instance;

use crate::row::text;
use crate::{Row, Tx, Value};

/// Statements that delete at most $3 rows of group $2 in identity store $1.
// AUTHORITY: told by `group::delete`.
const OF_GROUP: &[&str] = &["DELETE FROM identity_membership
    WHERE (identity_store_id, id) IN (
        SELECT identity_store_id, id FROM identity_membership
        WHERE identity_store_id = $1 AND group_id = $2 LIMIT $3)"];

/// Statements that delete at most $3 rows of user $2 in identity store $1. Referenced tables come after the tables
/// that refer to them.
// AUTHORITY: told by `user_removal::delete`.
const OF_USER: &[&str] = &[
    "DELETE FROM authorization_code
        WHERE code_hash IN (
            SELECT c.code_hash FROM session s
            CROSS JOIN authorization_code c
            WHERE s.identity_store_id = $1 AND s.user_id = $2
                AND c.identity_store_id = $1 AND c.client_session_id = s.id
            LIMIT $3)",
    "DELETE FROM session
        WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id FROM session
            WHERE identity_store_id = $1 AND user_id = $2 LIMIT $3)",
    "DELETE FROM identity_membership
        WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id FROM identity_membership
            WHERE identity_store_id = $1 AND user_id = $2 LIMIT $3)",
    "DELETE FROM password_reset_request
        WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id FROM password_reset_request
            WHERE identity_store_id = $1 AND user_id = $2 ORDER BY requested_by LIMIT $3)",
    "DELETE FROM mfa_device
        WHERE (identity_store_id, user_id, id) IN (
            SELECT identity_store_id, user_id, id FROM mfa_device
            WHERE identity_store_id = $1 AND user_id = $2 LIMIT $3)",
    "DELETE FROM trusted_browser
        WHERE (identity_store_id, user_id, secret_hash) IN (
            SELECT identity_store_id, user_id, secret_hash FROM trusted_browser
            WHERE identity_store_id = $1 AND user_id = $2 LIMIT $3)",
    "DELETE FROM sign_in_record
        WHERE (identity_store_id, user_id, at_ms, id) IN (
            SELECT identity_store_id, user_id, at_ms, id FROM sign_in_record
            WHERE identity_store_id = $1 AND user_id = $2 LIMIT $3)",
    "DELETE FROM message
        WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id FROM message
            WHERE identity_store_id = $1 AND user_id = $2 LIMIT $3)",
];

/// Deletes at most `rows_max` rows below the principal. Returns whether nothing is left but its own row, and the few
/// that are deleted with it: external ids, and the passwords of a user.
pub fn delete_part(
    tx: &mut Tx<'_>,
    instance: &Instance,
    principal: &AssignmentPrincipal,
    rows_max: i64,
) -> Result<bool, Fault> {
    // A role may be deleted with each assignment.
    let assignments_max = rows_max / 2;
    let assignments = delete_assignments(tx, instance, principal, assignments_max)?;
    if assignments == assignments_max {
        return Ok(false);
    }
    let mut rows_left = rows_max - 2 * assignments;
    let statements = match principal {
        AssignmentPrincipal::Group(_) => OF_GROUP,
        AssignmentPrincipal::User(_) => OF_USER,
    };
    for sql in statements {
        let values = [text(&instance.identity_store_id), text(principal.id()), rows_left.into()];
        rows_left -= count(tx.execute(sql, &values)?)?;
        if rows_left <= 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Deletes at most `limit` assignments, with the roles that are left without an assignment. Returns their number.
// AUTHORITY: told by `user_removal::delete` and `group::delete`. A role without an assignment is held by no person.
fn delete_assignments(
    tx: &mut Tx<'_>,
    instance: &Instance,
    principal: &AssignmentPrincipal,
    limit: i64,
) -> Result<i64, Fault> {
    let part = "SELECT account_id, permission_set_id FROM account_assignment
        WHERE instance_id = $1 AND principal_type = $2 AND principal_id = $3
        ORDER BY account_id, permission_set_id
        LIMIT $4";
    let [instance_id, kind, id] =
        [text(&instance.id), text(&principal.kind()), text(principal.id())];
    let values = [instance_id.clone(), kind.clone(), id.clone(), limit.into()];
    let place =
        |row: &Row| Ok((text(row.text("account_id")?), text(row.text("permission_set_id")?)));
    let places: Vec<(Value, Value)> = tx.query(part, &values, place)?;
    let Some((account_id, set_id)) = places.last().cloned() else { return Ok(0) };
    let values = [instance_id, kind, id, account_id, set_id];
    // Assignments to these roles are deleted by the foreign key.
    let roles = "DELETE FROM role
        WHERE instance_id = $1
            AND (account_id, permission_set_id) IN (
                SELECT a.account_id, a.permission_set_id FROM account_assignment a
                WHERE a.instance_id = $1 AND a.principal_type = $2 AND a.principal_id = $3
                    AND (a.account_id, a.permission_set_id) <= ($4, $5))
            AND NOT EXISTS (SELECT 1 FROM account_assignment other
                WHERE other.instance_id = role.instance_id
                    AND other.account_id = role.account_id
                    AND other.permission_set_id = role.permission_set_id
                    AND (other.principal_type <> $2 OR other.principal_id <> $3))";
    tx.execute(roles, &values)?;
    let rest = "DELETE FROM account_assignment
        WHERE instance_id = $1 AND principal_type = $2 AND principal_id = $3
            AND (account_id, permission_set_id) <= ($4, $5)";
    tx.execute(rest, &values)?;
    count(u64::try_from(places.len()).unwrap_or(u64::MAX))
}

fn count(rows: u64) -> Result<i64, Fault> {
    i64::try_from(rows).map_err(|why| Fault::broken_at("counting the rows of a principal", why))
}
