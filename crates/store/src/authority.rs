//! Validity of role credentials, and the policies of their role.
//!
//! INVARIANT: credentials are valid while the user is enabled, their session and its parent portal
//! session exist, the role is the one they were issued for, and an assignment that existed when
//! they were issued still exists. A change takes effect at the next query.

use model::Fault;
use model::ids::InstanceId;
use model::session::Session;
use policy::{RolePerson, RoleSession};

use crate::row::text;
use crate::{Read, Row, column};

/// Current policies of a role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RolePolicies {
    pub managed_policy_arns: Vec<String>,
    pub inline_policy: Option<String>,
}

/// Finds the policies of a session's role, if its credentials are still valid.
pub fn find_policies(
    read: &mut Read<'_>,
    session: &RoleSession,
    person: &RolePerson,
) -> Result<Option<RolePolicies>, Fault> {
    let sql = r"SELECT r.managed_policy_arns, r.inline_policy
        FROM identity_user u
        JOIN session s
            ON s.identity_store_id = u.identity_store_id AND s.id = $3 AND s.user_id = u.id
        JOIN instance i ON i.id = $4 AND i.identity_store_id = u.identity_store_id
        JOIN role r ON r.instance_id = i.id AND r.account_id = $5 AND r.permission_set_id = $6
        WHERE u.identity_store_id = $1 AND u.id = $2
            AND u.status = 'ENABLED' AND u.credentials_not_before_ms < $8
            AND i.status = 'ACTIVE'
            AND r.role_id = $7
            AND (s.parent_id IS NULL OR EXISTS (
                SELECT 1 FROM session p
                WHERE p.identity_store_id = s.identity_store_id AND p.id = s.parent_id))
            AND (EXISTS (
                SELECT 1 FROM account_assignment a
                WHERE a.instance_id = i.id AND a.account_id = $5 AND a.permission_set_id = $6
                    AND a.principal_type = 'USER' AND a.principal_id = u.id
                    AND a.created_at_ms <= $8)
            OR EXISTS (
                SELECT 1 FROM identity_membership m
                JOIN account_assignment a
                    ON a.instance_id = i.id AND a.account_id = $5 AND a.permission_set_id = $6
                        AND a.principal_type = 'GROUP' AND a.principal_id = m.group_id
                WHERE m.identity_store_id = u.identity_store_id AND m.user_id = u.id
                    AND m.created_at_ms <= $8 AND a.created_at_ms <= $8))";
    let values = [
        text(&person.identity_store_id),
        text(&person.user_id),
        text(&person.session_id),
        text(&person.instance_id),
        text(&session.account_id),
        text(&person.permission_set_id),
        text(&session.role_id),
        session.issued_at_ms.into(),
    ];
    let found = read.query_one(sql, &values, policies)?;
    if found.is_none() || is_revoked(read, session, person)? {
        return Ok(None);
    }
    Ok(found)
}

/// Tells whether a revocation covers the credentials of the session.
fn is_revoked(
    read: &mut Read<'_>,
    session: &RoleSession,
    person: &RolePerson,
) -> Result<bool, Fault> {
    let sql = "SELECT scope FROM revocation
        WHERE scope IN ($1, $2, $3, $4, $5) AND not_before_ms >= $6";
    let RolePerson { identity_store_id, user_id, instance_id, permission_set_id, .. } = person;
    let account_id = &session.account_id;
    let values = [
        text(&format!("instance/{instance_id}")),
        text(&format!("user/{identity_store_id}/{user_id}")),
        text(&format!("account/{instance_id}/{account_id}")),
        text(&format!("permission-set/{instance_id}/{permission_set_id}")),
        text(&format!("role/{instance_id}/{account_id}/{permission_set_id}")),
        session.issued_at_ms.into(),
    ];
    Ok(!read.query(sql, &values, |_| Ok(()))?.is_empty())
}

/// Finds the instance and the user name of a session, if both the user and the instance are active.
pub fn find_person(
    read: &mut Read<'_>,
    session: &Session,
) -> Result<Option<(InstanceId, String)>, Fault> {
    let sql = "SELECT i.id AS instance_id, u.user_name
        FROM identity_user u
        JOIN instance i ON i.identity_store_id = u.identity_store_id
        WHERE u.identity_store_id = $1 AND u.id = $2
            AND u.status = 'ENABLED' AND i.status = 'ACTIVE'";
    let values = [text(&session.identity_store_id), text(&session.user_id)];
    read.query_one(sql, &values, |row: &Row| {
        Ok((row.parse("instance_id")?, row.text("user_name")?.to_owned()))
    })
}

fn policies(row: &Row) -> Result<RolePolicies, Fault> {
    let place = "reading the managed policies of a role";
    Ok(RolePolicies {
        managed_policy_arns: column::parse_json(row, "managed_policy_arns", place)?,
        inline_policy: row.text_or_null("inline_policy")?.map(str::to_owned),
    })
}
