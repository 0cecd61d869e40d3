//! Roles that one person holds and another does not.

use model::Fault;
use model::ids::{AccountId, PermissionSetId, RoleId, UserId};
use model::instance::Instance;

use crate::removed_principal::not_removed;
use crate::row::text;
use crate::{Read, Row};

/// Permission set that a person holds in an account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Grant {
    pub account_id: AccountId,
    pub permission_set_id: PermissionSetId,
    pub role_id: RoleId,
    /// Rises with each change of the role's policies.
    pub role_revision: i64,
}

/// Lists the grants of a user that `other` does not have, by account and permission set: at most
/// `limit` after the pair given. Without `other`, all grants of the user.
pub fn list_beyond(
    read: &mut Read<'_>,
    instance: &Instance,
    user_id: &UserId,
    other: Option<&UserId>,
    [account_id, permission_set_id]: [&str; 2],
    limit: i64,
) -> Result<Vec<Grant>, Fault> {
    let sql = concat!(
        "SELECT held.account_id, held.permission_set_id, r.role_id, r.revision
        FROM (
            SELECT a.account_id, a.permission_set_id
            FROM account_assignment a
            WHERE a.instance_id = $1 AND a.principal_type = 'USER' AND a.principal_id = $3
                AND a.account_id >= $5
            UNION
            SELECT a.account_id, a.permission_set_id
            FROM identity_membership m
            CROSS JOIN account_assignment a
            WHERE m.identity_store_id = $2 AND m.user_id = $3 AND ",
        not_removed!("m.group_id"),
        " AND a.instance_id = $1 AND a.principal_type = 'GROUP'
                AND a.principal_id = m.group_id AND a.account_id >= $5
        ) held
        CROSS JOIN role r
        WHERE r.instance_id = $1 AND r.account_id = held.account_id
            AND r.permission_set_id = held.permission_set_id
            AND (held.account_id, held.permission_set_id) > ($5, $6)
            AND NOT EXISTS (
                SELECT 1 FROM account_assignment a
                WHERE a.instance_id = $1 AND a.account_id = held.account_id
                    AND a.permission_set_id = held.permission_set_id
                    AND a.principal_type = 'USER' AND a.principal_id = $4)
            AND NOT EXISTS (
                SELECT 1 FROM identity_membership m
                JOIN account_assignment a
                    ON a.instance_id = $1 AND a.account_id = held.account_id
                        AND a.permission_set_id = held.permission_set_id
                        AND a.principal_type = 'GROUP' AND a.principal_id = m.group_id
                WHERE m.identity_store_id = $2 AND m.user_id = $4 AND ",
        not_removed!("m.group_id"),
        ")
        ORDER BY held.account_id, held.permission_set_id
        LIMIT $7"
    );
    let values = [
        text(&instance.id),
        text(&instance.identity_store_id),
        text(user_id),
        text(other.map_or("", UserId::as_str)),
        text(account_id),
        text(permission_set_id),
        limit.into(),
    ];
    read.query(sql, &values, |row: &Row| {
        Ok(Grant {
            account_id: row.parse("account_id")?,
            permission_set_id: row.parse("permission_set_id")?,
            role_id: row.parse("role_id")?,
            role_revision: row.integer("revision")?,
        })
    })
}
